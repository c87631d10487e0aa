//! Made-up material.

use engine::{Chord, LocalKey, Meter, Quality};

use super::{Material, Rigs, Set};
use crate::corpus::parts::Human;
use crate::corpus::song::Split;
use crate::groove::tests::rig;
use crate::rig::Rig;
use crate::tokens::{Hit, Style};

const BEATS: usize = 32;

/// A rock rig, and others that nobody asks for.
pub fn rigs() -> Rigs {
    let named = |name: &str, tag: &str, meter: Meter| Rig {
        name: name.into(),
        tags: vec![tag.into()],
        meter,
        ..rig()
    };
    Rigs::new([
        named("rock", "rock", Meter::COMMON),
        named("samba", "samba", Meter::COMMON),
        named("slow", "gospel", Meter::new(12, 8).unwrap_or(Meter::COMMON)),
    ])
}

/// Eight bars of rock of a set.
pub fn material(set: Set) -> Material {
    let hit = |key| Hit { position: 0, key, velocity: 2, ornament: None };
    let chord = |beat: usize| Some(Chord::new((beat / 4 * 5 % 12) as u8, Quality::Min7));
    Material {
        id: format!("{}:song:0", set.name()),
        set,
        file: set.name().into(),
        split: Split::Train,
        human: Human {
            meter: Meter::COMMON,
            beats: BEATS,
            chords: (0..BEATS).map(|beat| chord(beat).filter(|_| set != Set::Drummer)).collect(),
            drums: (set == Set::Drummer).then(|| vec![vec![hit(36), hit(42)]; BEATS]),
            tones: [None, None, None],
            performer: Vec::new(),
            hand: Vec::new(),
            swing: 0.5,
            sixteenths: false,
            style: Style::Rock,
            bpm: 120.0,
            level: vec![2; BEATS / 4],
            density: std::array::from_fn(|_| vec![1; BEATS / 4]),
        },
        keys: vec![LocalKey::default(); BEATS],
        is_fill: false,
    }
}
