//! Why a file is no take.

use std::fmt;

use super::read::cue_names;
use crate::Meter;

/// A file that is no take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TakeError {
    /// It is no MIDI file, or a broken one.
    Malformed(String),
    /// Its tracks are songs of their own (type 2).
    Sequential,
    /// It counts seconds, not beats.
    Timecode,
    /// It goes on for days.
    TooLong,
    /// Nothing is played in it.
    Empty,
    /// The band cannot play this meter.
    Meter {
        /// The bar, from 1.
        bar: i32,
        /// As written: `11/16`.
        meter: String,
    },
    /// A meter begins inside a bar.
    InsideBar {
        /// The bar, from 1.
        bar: i32,
        /// The meter.
        meter: Meter,
    },
    /// A marker asks for something that there is not.
    Cue {
        /// The bar, from 1.
        bar: i32,
        /// What stands after `cue:`.
        name: String,
    },
}

impl fmt::Display for TakeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TakeError::Malformed(why) => write!(f, "not a usable MIDI file: {why}"),
            TakeError::Sequential => write!(f, "a MIDI file of type 2, whose tracks are separate songs"),
            TakeError::Timecode => write!(f, "the MIDI file counts seconds, not beats"),
            TakeError::TooLong => write!(f, "the MIDI file goes on for days"),
            TakeError::Empty => write!(f, "nothing is played in the MIDI file"),
            TakeError::Meter { bar, meter } => {
                write!(f, "bar {bar}: the band cannot play {meter}, only 2/4 to 7/4, 6/8, 9/8 and 12/8")
            }
            TakeError::InsideBar { bar, meter } => write!(f, "bar {bar}: {meter} begins inside the bar"),
            TakeError::Cue { bar, name } => {
                write!(f, "bar {bar}: no cue `{name}`; there are: {}", cue_names().join(", "))
            }
        }
    }
}

impl std::error::Error for TakeError {}
