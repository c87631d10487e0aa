//! Who plays: the parts of the band, the performer's own sound, and the click.

/// One strip of the mixer, with a synth of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Part {
    /// The drum kit and percussion.
    Drums,
    /// The bass.
    Bass,
    /// Piano, guitar or organ that comps.
    Comp,
    /// Strings, choir, pads.
    Pads,
    /// What the performer's own hands sound like.
    Lead,
    /// Count-in and metronome.
    Click,
}

impl Part {
    /// How many parts there are.
    pub const COUNT: usize = 6;
    /// Every part, in the order of the mixer.
    pub const ALL: [Part; Part::COUNT] =
        [Part::Drums, Part::Bass, Part::Comp, Part::Pads, Part::Lead, Part::Click];
    /// The parts that the accompanist writes.
    pub const BAND: [Part; 4] = [Part::Drums, Part::Bass, Part::Comp, Part::Pads];

    /// The name used in addresses, rigs, track names and stems.
    pub const fn name(self) -> &'static str {
        match self {
            Part::Drums => "drums",
            Part::Bass => "bass",
            Part::Comp => "comp",
            Part::Pads => "pads",
            Part::Lead => "lead",
            Part::Click => "click",
        }
    }

    /// The part with this name.
    pub fn named(name: &str) -> Option<Part> {
        Part::ALL.into_iter().find(|part| part.name() == name)
    }

    /// The place in [`Part::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }

    /// Whether the part has pitches that follow the chord.
    pub const fn is_pitched(self) -> bool {
        matches!(self, Part::Bass | Part::Comp | Part::Pads)
    }

    /// The bit of this part in a set of parts.
    pub const fn bit(self) -> u8 {
        1 << self as u8
    }
}
