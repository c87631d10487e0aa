//! A lane of a rig: what one voice plays, in a notation that a musician can edit.
//!
//! Bars are separated by `|`, beats by spaces. A beat has 1, 2, 3, 4, 6 or 12 steps that divide it evenly, and it is
//! the felt pulse (so 6/8 has two). Swing is not written: the off-beat eighth stands on the straight slot.
//!
//! - drums: `.` rest, `g` ghost, `s` soft, `x` normal, `X` accent, `f` flam, `d` drag, `r` roll (`_` goes on rolling);
//! - bass: `.` rest, `_` goes on, `1 3 5 7` chord slots, `2 4 6` scale steps, `9` the ninth, `a` and `b` approach from
//!   a half below and above, `p` from the dominant, `w` walks, `=` the same pitch, `x` dead note;
//! - comp and pads: `.` rest, `_` goes on, `C` the voicing, `c` the same softly, `t` its top notes, `R` root and fifth
//!   low, `1 3 5 7 9` single notes, `=` the same pitch.
//!
//! After a step: `'` octave up, `,` octave down, `^` accent, `~` soft, `!` staccato, `>` the coming chord, `?` optional.

mod cell;
mod drum;
mod parse;

pub use drum::{DRUMS, drum_key};
pub use parse::PatternError;

/// Which notation a lane is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LaneKind {
    /// One piece of the kit.
    Drums,
    /// The bass.
    Bass,
    /// Comp and pads.
    Chords,
}

/// What is struck.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stroke {
    /// A single drum stroke.
    Hit,
    /// A stroke with one grace note.
    Flam,
    /// A stroke with two grace notes.
    Drag,
    /// A buzz for the length of the step.
    Roll,
    /// A chord slot: 1, 3, 5 or 7. In the bass 1 is the chord's bass.
    Slot(u8),
    /// A degree of the chord's scale: 2, 4 or 6.
    Degree(u8),
    /// The ninth.
    Ninth,
    /// An approach from a half below.
    HalfBelow,
    /// An approach from a half above.
    HalfAbove,
    /// An approach from the dominant.
    Dominant,
    /// A walking note, chosen while playing.
    Walk,
    /// The same pitch again.
    Same,
    /// A muffled note.
    Dead,
    /// The whole voicing.
    Voicing,
    /// The three highest notes of the voicing.
    Top,
    /// Root and fifth, low.
    Low,
}

/// How loud a step is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dynamic {
    /// Felt more than heard.
    Ghost,
    /// Soft.
    Soft,
    /// Normal.
    Normal,
    /// Accented.
    Accent,
}

impl Dynamic {
    /// The MIDI velocity that it stands for, before any feel.
    pub const fn velocity(self) -> f32 {
        match self {
            Dynamic::Ghost => 28.0,
            Dynamic::Soft => 62.0,
            Dynamic::Normal => 84.0,
            Dynamic::Accent => 110.0,
        }
    }
}

/// One step that sounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Step {
    /// The beat, from the beginning of the pattern.
    pub beat: u16,
    /// Grid position in the beat, 0 to 11.
    pub position: u8,
    /// What is struck.
    pub stroke: Stroke,
    /// How loud.
    pub dynamic: Dynamic,
    /// Grid positions until it ends; at most two bars.
    pub length: u16,
    /// Octaves up or down.
    pub octave: i8,
    /// Ends early.
    pub staccato: bool,
    /// Belongs to the coming chord.
    pub anticipates: bool,
    /// May be left out.
    pub optional: bool,
}

/// A whole number of bars of one lane.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Pattern {
    /// How many bars.
    pub bars: u8,
    /// What sounds, in order.
    pub steps: Vec<Step>,
}

impl Pattern {
    /// The steps of one beat, counted from the beginning of the pattern.
    pub fn beat(&self, beat: u16) -> &[Step] {
        let from = self.steps.partition_point(|step| step.beat < beat);
        let to = self.steps.partition_point(|step| step.beat <= beat);
        &self.steps[from..to]
    }

    /// The step that still sounds where a beat begins, having begun before it, and the positions that are left of it.
    /// A step of the end may reach over into the beginning.
    pub fn sounding_at(&self, beat: u16, meter: engine::Meter) -> Option<(&Step, u16)> {
        let positions = u16::from(engine::POSITIONS);
        let whole = u16::from(self.bars) * meter.beats_per_bar() as u16 * positions;
        let here = beat * positions;
        self.steps.iter().find_map(|step| {
            let begun = step.beat * positions + u16::from(step.position);
            let ago = (here + whole - begun) % whole.max(1);
            (ago > 0 && ago < step.length).then(|| (step, step.length - ago))
        })
    }
}
