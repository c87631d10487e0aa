//! Voicings: a chord as the keys of one hand. Runs on the audio thread.
//!
//! A family gives candidates (`stack.rs` for keyboards, `guitar.rs` for guitars), `palette.rs` says which tones they
//! are made of, and `choice.rs` takes the one that moves least.

mod choice;
mod guitar;
mod palette;
mod shapes;
mod stack;

pub use palette::Palette;

use crate::{Chord, Family};
use choice::Choice;
use palette::Tones;

use super::view::View;

/// Keys that sound together, ascending. A single note is a voicing of one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Voicing {
    keys: [u8; Voicing::MAX],
    len: u8,
}

impl Voicing {
    /// The most keys in a voicing.
    pub const MAX: usize = 6;

    /// These keys, put in ascending order; what exceeds [`Voicing::MAX`] is left out.
    pub fn new(keys: &[u8]) -> Voicing {
        let mut voicing = Voicing::default();
        for (slot, key) in voicing.keys.iter_mut().zip(keys) {
            *slot = *key;
            voicing.len += 1;
        }
        voicing.keys[..usize::from(voicing.len)].sort_unstable();
        voicing
    }

    /// One note.
    pub fn one(key: u8) -> Voicing {
        Voicing::new(&[key])
    }

    /// The keys, ascending.
    pub fn keys(&self) -> &[u8] {
        &self.keys[..usize::from(self.len).min(Voicing::MAX)]
    }

    /// The highest key.
    pub fn top(&self) -> Option<u8> {
        self.keys().last().copied()
    }

    /// Every key moved through `to`; the order of the voices is kept.
    pub fn map(self, mut to: impl FnMut(u8) -> u8) -> Voicing {
        let mut moved = self;
        for key in &mut moved.keys[..usize::from(self.len).min(Voicing::MAX)] {
            *key = to(*key);
        }
        moved
    }

    /// The sum of what its voices move from `last`, in semitones, counted from the top; a voice that comes or goes
    /// counts as a fifth.
    pub fn motion(&self, last: &Voicing) -> u32 {
        const NEW_VOICE: u32 = 7;
        let paired = self.keys().iter().rev().zip(last.keys().iter().rev());
        let moved: u32 = paired.map(|(a, b)| u32::from(a.abs_diff(*b))).sum();
        moved + NEW_VOICE * u32::from(self.len.abs_diff(last.len))
    }
}

/// The keys that a part may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// The lowest key.
    pub low: u8,
    /// The highest key.
    pub high: u8,
}

/// What a voicing is asked to be.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    /// Its family.
    pub family: Family,
    /// The degree wanted on top, or 0.
    pub top: u8,
    /// The keys that it may use.
    pub reach: Reach,
    /// The key that it must not exceed, below the performer's melody.
    pub ceiling: Option<u8>,
    /// What the part played last; empty at first.
    pub last: Voicing,
    /// Whether each voice of `last` sounds and has to go somewhere.
    pub held: bool,
}

impl Wish {
    /// How many voices have to go somewhere, if any sound.
    fn voices(&self) -> Option<usize> {
        self.held.then(|| self.last.keys().len()).filter(|voices| *voices > 0)
    }
}

/// The voicing of `chord` that comes nearest to a wish. Never empty.
///
/// Where the family has nothing that fits the range below the ceiling, a triad and then a shell take its place, then
/// the ceiling goes, and at last one chord tone stands alone.
///
/// Thread: audio. Real-time: yes.
pub fn voice(wish: &Wish, chord: Chord, view: &View) -> Voicing {
    let palette = Palette::new(chord, view);
    let open = Reach { high: wish.ceiling.unwrap_or(wish.reach.high).min(wish.reach.high), ..wish.reach };
    for reach in [open, wish.reach] {
        for family in thinner(wish.family) {
            let mut choice = Choice::new(wish, reach, !view.bass_sounds, &palette);
            propose(family, &palette, &mut choice);
            if let Some(best) = choice.best() {
                return best;
            }
        }
    }
    Voicing::one(fold(i16::from(palette.slot(3)) + 60, wish.reach))
}

/// A family, and what takes its place where it finds no room.
fn thinner(family: Family) -> [Family; 4] {
    match family {
        Family::Open => [Family::Open, Family::Barre, Family::TopThree, Family::Shell],
        Family::Barre => [Family::Barre, Family::TopThree, Family::Triad, Family::Shell],
        Family::Quartal => [Family::Quartal, Family::Close, Family::Triad, Family::Shell],
        family => [family, Family::Close, Family::Triad, Family::Shell],
    }
}

fn propose(family: Family, palette: &Palette, choice: &mut Choice<'_>) {
    let (rooted, top) = (choice.rooted, choice.wish.top);
    match family {
        Family::Barre => guitar::barre(palette, choice),
        Family::Open => guitar::open(palette, choice),
        Family::TopThree => guitar::top_three(&palette.triad(rooted), choice),
        Family::Quartal => stack::quartal(palette, choice),
        Family::Power => stack::power(palette, choice),
        Family::Triad => stack::inversions(family, palette, palette.triad(rooted), choice),
        Family::Shell => stack::inversions(family, palette, palette.shell(rooted, top), choice),
        family => stack::inversions(family, palette, palette.full(rooted, top), choice),
    }
}

/// The key moved by octaves into a reach; the nearest end of it where the reach is too narrow.
pub fn fold(key: i16, reach: Reach) -> u8 {
    let (low, high) = (i16::from(reach.low), i16::from(reach.high.max(reach.low)));
    let key = if key < low { low + (key - low).rem_euclid(12) } else { key };
    let key = if key > high { high - (high - key).rem_euclid(12) } else { key };
    key.clamp(low, high) as u8
}

#[cfg(test)]
mod tests;
