//! What left the audio thread as notes: for the tape, for MIDI out, and for measuring.

use crate::{Chord, Frame, Part, Section, Tick};

/// Something that sounded, at the frame where it did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sounded {
    /// The frame.
    pub frame: Frame,
    /// The tick.
    pub tick: Tick,
    /// What.
    pub kind: SoundedKind,
}

/// What sounded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SoundedKind {
    /// A note began. A note that moved to another chord ends and begins at one frame with `moved`.
    On {
        /// Who plays.
        part: Part,
        /// MIDI key.
        key: u8,
        /// 1 to 127.
        velocity: u8,
        /// It did not strike again: it was bent or faded over.
        moved: bool,
    },
    /// A note ended.
    Off {
        /// Who plays.
        part: Part,
        /// MIDI key.
        key: u8,
    },
    /// A part has this sound from here on.
    Program {
        /// Who plays.
        part: Part,
        /// General MIDI program, from 0.
        program: u8,
    },
    /// A controller of the performer's.
    Controller {
        /// MIDI controller.
        number: u8,
        /// Value.
        value: u8,
    },
    /// The band plays this chord from `since` on. Written once the chord has lived 40 ms.
    Chord {
        /// The chord, or none.
        chord: Option<Chord>,
        /// Its first tick.
        since: Tick,
    },
    /// The band plays this section.
    Section(Section),
    /// The tempo from here on, in beats a minute.
    Tempo(f32),
    /// The meter from here on.
    Meter(crate::Meter),
    /// The band stopped, or every note was cut.
    AllOff,
}
