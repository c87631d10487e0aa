//! One-finger chords, by the rules of Yamaha's single-finger mode. Thread: audio.

use crate::{Chord, Quality};

/// Pitch classes of the black keys.
const BLACK: u16 = 0b0101_0100_1010;

/// The highest key is the root: alone it is major; with a black key to its left minor, with a white one a
/// seventh, with both a minor seventh. Keys an octave or more below the root do not count.
///
/// `keys` has bit 60 set for middle C. Thread: audio. Real-time: yes.
pub(super) fn single(keys: u128) -> Option<Chord> {
    let root = keys.checked_ilog2()? as u8;
    let left = (root.saturating_sub(11)..root).filter(|key| keys >> key & 1 == 1);
    let (black, white) = left.fold((false, false), |(black, white), key| {
        let is_black = BLACK >> (key % 12) & 1 == 1;
        (black || is_black, white || !is_black)
    });
    let quality = match (black, white) {
        (false, false) => Quality::Maj,
        (true, false) => Quality::Min,
        (false, true) => Quality::Dom7,
        (true, true) => Quality::Min7,
    };
    Some(Chord::new(root % 12, quality))
}
