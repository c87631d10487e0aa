//! Chords: root, quality and bass.

/// What kind of chord stands on the root.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
#[rustfmt::skip]
#[allow(missing_docs, reason = "the names are the chord symbols; `Quality::symbol` spells them")]
pub enum Quality {
    Maj, Min, Dom7, Maj7, Min7, MinMaj7, Six, Min6, SixNine, Min69, Add9, MinAdd9,
    Dom9, Maj9, Min9, MinMaj9, Dom11, Min11, Dom13, Maj13, Min13,
    Dom7Flat9, Dom7Sharp9, Dom7Sharp11, Dom7Flat13, Dom13Flat9, Dom7Flat5, Dom7Sharp5,
    Maj7Sharp5, Maj7Sharp11, HalfDim, Dim, Dim7, Aug, Sus2, Sus4, Dom7Sus4, Dom9Sus4, Power,
}

/// A chord: pitch classes from 0 = C to 11 = B.
///
/// `Option<Chord>` is used where there may be no chord (`N.C.`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Chord {
    /// Pitch class of the root.
    pub root: u8,
    /// What stands on it.
    pub quality: Quality,
    /// Pitch class of the lowest note; equal to the root unless it is a slash chord.
    pub bass: u8,
}

impl Chord {
    /// A chord in root position.
    pub const fn new(root: u8, quality: Quality) -> Chord {
        Chord { root: root % 12, quality, bass: root % 12 }
    }

    /// The same chord over another bass.
    pub const fn over(self, bass: u8) -> Chord {
        Chord { bass: bass % 12, ..self }
    }

    /// Its pitch classes with its bass: bit 0 = C.
    pub fn pcs(self) -> u16 {
        let tones = self.quality.intervals().iter().fold(0, |set, tone| set | 1 << ((self.root + tone) % 12));
        tones | 1 << (self.bass % 12)
    }

    /// Whether a MIDI key is one of its tones, or its bass.
    pub fn holds(self, key: u8) -> bool {
        self.pcs() >> (key % 12) & 1 == 1
    }
}

mod quality;
mod scale;
mod slot;
mod symbol;

#[cfg(test)]
mod published;

pub use scale::Scale;
pub use symbol::ChordError;
