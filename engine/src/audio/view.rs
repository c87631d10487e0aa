//! The harmony of the moment, as the binder sees it.

use crate::{Chord, LocalKey};

/// How rich the band's own chords are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Colour {
    /// Triads and what the symbol itself names.
    Triad,
    /// Up to sevenths.
    #[default]
    Seventh,
    /// Ninths and more, where the player does not deny them.
    Extended,
}

/// What a note is bound to at the instant when it sounds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct View {
    /// The chord for new onsets; `None` before the first one and at `N.C.`
    pub chord: Option<Chord>,
    /// The expected chord, if one is known.
    pub next: Option<Chord>,
    /// Tonic and mode.
    pub key: LocalKey,
    /// How rich the band's own chords may be.
    pub colour: Colour,
    /// Pitch classes (bit 0 = C) that the performer holds or struck in the last beat.
    pub performed: u16,
    /// The lowest key that the performer holds above the split: comp stays a third clear of it.
    pub lead: Option<u8>,
    /// Whether a bass sounds, so that voicings may go without their root.
    pub bass_sounds: bool,
}
