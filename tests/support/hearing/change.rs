//! Reads, from the sound of the comb font, what a part makes of a change of chord.

use engine::Chord;
use engine::sound::QUANTUM;

use super::comb::{changed_at, keys_at, settled_at, wrong_ms};
use crate::support::random_take::pitch_classes;

/// Frames of a millisecond.
pub const MS: usize = 48;

/// A change of chord.
#[derive(Clone, Copy, Debug)]
pub struct Change {
    /// The chord that is struck.
    pub chord: Chord,
    /// The frame at which its first key arrives.
    pub first: usize,
    /// The frame at which its last key arrives.
    pub last: usize,
    /// The frame for which the new notes beside the held ones are written.
    pub beside: usize,
}

impl Change {
    /// Whether a key belongs to the chord.
    pub fn fits(&self, key: u8) -> bool {
        pitch_classes(self.chord) >> (key % 12) & 1 == 1
    }
}

/// A new note beside the held ones.
#[derive(Clone, Copy, Debug)]
pub struct Onset {
    /// Frames from the last key's arrival to its sound.
    pub after: i64,
    /// Frames from where it is written to its sound.
    pub off_place: i64,
    /// Whether it belongs to the new chord.
    pub bound: bool,
}

/// Reads the new note beside; none if none can be told from what is held.
pub fn onset(stem: &[f32], change: &Change) -> Option<Onset> {
    let held = keys_at(stem, change.first - 8 * MS);
    let heard = changed_at(stem, change.beside - 2 * MS..change.beside + 4 * MS)?;
    let new: Vec<u8> = keys_at(stem, heard + 8).into_iter().filter(|key| !held.contains(key)).collect();
    let heard = (heard + QUANTUM) as i64;
    (!new.is_empty()).then(|| Onset {
        after: heard - change.last as i64,
        off_place: heard - change.beside as i64,
        bound: new.iter().all(|key| change.fits(*key)),
    })
}

/// A part that held a wrong note when the chord changed.
#[derive(Clone, Copy, Debug)]
pub struct Held {
    /// Frames from the last key's arrival to the first frame of a move.
    pub moved: Option<usize>,
    /// Milliseconds of notes outside the chord, from the last key's arrival.
    pub wrong_ms: f64,
    /// Whether all that sounds after 100 ms is of the chord.
    pub right: bool,
}

/// Reads a part that holds, none if it holds nothing wrong; the range in which it may move begins `from` frames
/// after the last key.
pub fn held(stem: &[f32], change: &Change, from: usize) -> Option<Held> {
    let before = keys_at(stem, change.first - 8 * MS);
    if before.iter().all(|key| change.fits(*key)) {
        return None;
    }
    let moved = changed_at(stem, change.last + from..change.last + 90 * MS);
    let all = change.last..change.last + 100 * MS;
    Some(Held {
        moved: moved.map(|frame| frame + QUANTUM - change.last),
        wrong_ms: wrong_ms(stem, all.clone(), |key| change.fits(key)),
        right: settled_at(stem, all, |key| change.fits(key)).is_some(),
    })
}
