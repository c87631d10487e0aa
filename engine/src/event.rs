//! Everything that a performer can do.

use crate::{Chord, Cue, Frame, Meter, Param};

/// Which input an event came through. Each input has a queue of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Source(pub u8);

/// Something that a performer did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Event {
    /// When it arrived, on the frame clock of the audio thread. It sounds a constant latency later.
    pub arrival: Frame,
    /// The input that it came through.
    pub source: Source,
    /// What was done.
    pub kind: EventKind,
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum EventKind {
    /// A key went down; the velocity is never 0.
    NoteOn {
        /// MIDI key, 60 = middle C.
        key: u8,
        /// 1 to 127.
        velocity: u8,
    },
    /// A key went up.
    NoteOff {
        /// MIDI key.
        key: u8,
    },
    /// A controller moved.
    Controller {
        /// MIDI controller number.
        number: u8,
        /// 0 to 127.
        value: u8,
    },
    /// The pitch wheel moved: -8192 to 8191.
    PitchBend(i16),
    /// All keys of this source are up: it dropped a message, vanished, or said so.
    AllNotesOff,
    /// A knob was set, in its own unit. Out of range is clamped.
    Set {
        /// Which knob.
        param: Param,
        /// Its value.
        value: f32,
    },
    /// The tempo glides to `bpm` over a number of bars.
    Ramp {
        /// Beats a minute to arrive at.
        bpm: f32,
        /// Bars until then; 0 is at once.
        bars: f32,
    },
    /// The meter from the next bar on.
    Meter(Meter),
    /// A chord from a script; `None` is `N.C.`
    Chord(Option<Chord>),
    /// A change of the form was asked for.
    Cue(Cue),
    /// Start, by the count-in that is set.
    Start,
    /// Stop now.
    Stop,
    /// Start again at once, without a count-in.
    Continue,
    /// Beat 1 of a bar is now.
    Restart,
    /// Cuts every note, tail and plan; the band resumes on the bar.
    Panic,
}
