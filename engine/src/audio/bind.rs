//! Binds roles to pitches: what a written note is over the chord of the moment. Runs on the audio thread.
//!
//! A part's *home* is the octave that begins at its low note: octave 0 is the lowest key of a pitch class in its
//! range, octave 1 the next. The bass chooses between the two lowest (up to an octave and a fourth above its low
//! note) the one nearest to where its line has been, so that E1 is followed by D1 or D2 as the line has it, and
//! octave 1 is an octave above that. What falls outside the range is folded back by octaves.

mod approach;
mod held;
mod line;

pub use held::Held;

use crate::{Anchor, Chord, Note, Part, Role};
use line::Line;

use super::view::View;
use super::voicing::{Palette, Reach, Voicing, fold};

/// What a written note has become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// The keys of a pitched part.
    Keys(Voicing),
    /// A General MIDI key of the kit.
    Drum(u8),
    /// No chord is known; the caller may wait for one.
    Nothing,
}

/// A note at the instant when it sounds, and what is known of its place.
#[derive(Clone, Copy, Debug)]
pub struct Onset<'a> {
    /// What is written.
    pub note: &'a Note,
    /// The next written note of the part that is no approach itself.
    pub target: Option<&'a Note>,
    /// Whether that note comes before the chord can change: in the same bar, or over the same chord of a chart.
    pub same_chord: bool,
    /// Whether this is beat 1.
    pub bar_start: bool,
}

/// Binds the notes of every part, and remembers what each part played.
#[derive(Debug)]
pub struct Binder {
    lines: [Line; Part::COUNT],
}

impl Default for Binder {
    fn default() -> Self {
        Binder::new()
    }
}

impl Binder {
    /// A binder with the usual ranges: bass E1 to G3, comp C3 to E5, pads C3 to G5.
    pub fn new() -> Binder {
        let range = |part| match part {
            Part::Bass => (28, 55),
            Part::Comp => (48, 76),
            Part::Pads => (48, 79),
            _ => (0, 127),
        };
        Binder { lines: Part::ALL.map(|part| Line::new(part, range(part).0, range(part).1)) }
    }

    /// Forgets what the parts played; the ranges stay.
    pub fn reset(&mut self) {
        for line in &mut self.lines {
            *line = Line::new(line.part, line.reach.low, line.reach.high);
        }
    }

    /// Sets the keys that a part may play; both ends are included.
    pub fn set_range(&mut self, part: Part, low: u8, high: u8) {
        self.lines[part.index()].reach = Reach { low: low.min(high).min(127), high: high.max(low).min(127) };
    }

    /// Binds a note as it sounds.
    ///
    /// Thread: audio. Real-time: yes.
    pub fn bind_onset(&mut self, onset: &Onset<'_>, view: &View) -> Bound {
        let note = onset.note;
        let line = &mut self.lines[note.part.index()];
        let voicing = match note.role {
            Role::Drum(key) => return Bound::Drum(key),
            Role::Pedal(key) => Some(line.pedal(key)),
            Role::Same => line.again(view),
            Role::Approach(approach) => line.approach(approach, onset, view),
            Role::Shape { family, top } => {
                chord_of(note.anchor, view).map(|chord| line.shape(family, top, chord, view))
            }
            role => chord_of(note.anchor, view).map(|chord| line.arrive(role, chord, view, onset.bar_start)),
        };
        match voicing {
            Some(keys) if !keys.keys().is_empty() => {
                line.played(keys, note.role);
                Bound::Keys(keys)
            }
            _ => Bound::Nothing,
        }
    }

    /// Where the voices of a note that sounds go when the chord has changed to the one in `view`: voice for voice,
    /// in the order of `held`; a key that stays is the same key. As many voices as sound come back wherever the range
    /// and a hand on a neck allow; where there are fewer, the caller ends the rest.
    ///
    /// Pedals and approaches stay, and so does an anticipation while its chord is still to come; a `Same` leaves only a key outside chord and scale. The bass leaves only a key
    /// that is no tone of the new chord. Thread: audio. Real-time: yes.
    pub fn rebind(&mut self, held: &Held, view: &View) -> Voicing {
        let line = &mut self.lines[held.note.part.index()];
        view.chord.map_or(held.keys, |chord| line.follow(held, chord, view))
    }
}

/// The chord that an anchor means.
fn chord_of(anchor: Anchor, view: &View) -> Option<Chord> {
    match anchor {
        Anchor::Now => view.chord,
        Anchor::Next => view.next.or(view.chord),
    }
}

#[cfg(test)]
mod tests;
