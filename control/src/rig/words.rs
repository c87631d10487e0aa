//! The words that a rig file may use where there is a choice. Plain data, any thread.

use engine::{Family, Moves};
use models::{BassStyle, Clave, Feel, PartSource};

/// Shapes of chords.
pub(super) const FAMILIES: &[(&str, Family)] = &[
    ("shell", Family::Shell),
    ("rootless-a", Family::RootlessA),
    ("rootless-b", Family::RootlessB),
    ("close", Family::Close),
    ("drop-2", Family::Drop2),
    ("drop-3", Family::Drop3),
    ("spread", Family::Spread),
    ("quartal", Family::Quartal),
    ("triad", Family::Triad),
    ("power", Family::Power),
    ("open", Family::Open),
    ("barre", Family::Barre),
    ("top-three", Family::TopThree),
];

/// How held notes follow the chord.
pub(super) const MOVES: &[(&str, Moves)] =
    &[("glide", Moves::Glide), ("quick", Moves::Quick), ("bass", Moves::Bass)];

/// Who writes a part.
pub(super) const SOURCES: &[(&str, PartSource)] =
    &[("groove", PartSource::Groove), ("model", PartSource::Model), ("off", PartSource::Off)];

/// How the players place their notes.
pub(super) const FEELS: &[(&str, Feel)] = &[
    ("even", Feel::Even),
    ("tight", Feel::Tight),
    ("jazz", Feel::Jazz),
    ("laid-back", Feel::LaidBack),
    ("driving", Feel::Driving),
    ("latin", Feel::Latin),
];

/// How the bass line is made.
pub(super) const BASS_STYLES: &[(&str, BassStyle)] =
    &[("pattern", BassStyle::Pattern), ("walking", BassStyle::Walking), ("free", BassStyle::Free)];

/// The sides of the clave in the order of the bars.
pub(super) const CLAVES: &[(&str, Clave)] = &[("2-3", Clave::TwoThree), ("3-2", Clave::ThreeTwo)];

/// What swing moves; true is sixteenths.
pub(super) const SWING_UNITS: &[(&str, bool)] = &[("eighth", false), ("sixteenth", true)];
