//! What the audio thread tells the model thread, in the order in which it sounded.

use crate::{Beat, Chord, Event, Grid, Section, Tick};

/// One thing that happened, with the tick at which it sounded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Heard {
    /// When it sounded.
    pub at: Tick,
    /// What it was.
    pub kind: HeardKind,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum HeardKind {
    /// The performer did something; notes, knobs and controllers alike.
    Event(Event),
    /// The playhead entered a beat.
    Beat {
        /// The beat that begins.
        beat: Beat,
        /// Beats a minute.
        bpm: f32,
    },
    /// The band plays this chord since `since`. Sent when the chord has lived 40 ms.
    Chord {
        /// The chord in force.
        chord: Option<Chord>,
        /// The tick from which on it was bound.
        since: Tick,
    },
    /// The local key changed.
    Key(LocalKey),
    /// From `from` on the band plays `section`; what was planned for later beats does not hold.
    Section {
        /// What is played.
        section: Section,
        /// The first beat of it.
        from: Beat,
    },
    /// A cue opened a revision: everything beyond commit is written again.
    Revision(u32),
    /// Beats and bars from here on.
    Grid(Grid),
    /// The rig with this number took over.
    Rig(u16),
    /// The band started.
    Started,
    /// The band stopped.
    Stopped,
    /// Messages were lost: forget held notes.
    Gap,
}

/// The tonic and mode that the last bars suggest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct LocalKey {
    /// Pitch class of the tonic; meaningless while the mode is unknown.
    pub tonic: u8,
    /// The mode.
    pub mode: Mode,
}

/// The modes that the band knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Mode {
    /// Not settled.
    #[default]
    Unknown,
    /// Ionian.
    Major,
    /// Natural and harmonic minor.
    Minor,
    /// Minor with a raised sixth.
    Dorian,
    /// Major with a flat seventh.
    Mixolydian,
    /// Dominant seventh on the tonic.
    Blues,
}
