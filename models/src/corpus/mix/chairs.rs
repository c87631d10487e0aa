//! Who has which part: humans where the song has them, the teacher around them.

use engine::Part;
use fastrand::Rng;

use super::{Material, Set};
use crate::corpus::parts::{Human, Tones};
use crate::corpus::stage::Chair;
use crate::rig::{PartSource, Rig};
use crate::tokens::{Hit, SEATS};

/// What the notes of a human count in the loss, in hundredths.
const HUMAN: u8 = 100;
/// What the left hand of a pianist counts as a bass.
const LEFT_HAND: u8 = 50;
/// What the teacher's notes count.
const TEACHER: u8 = 40;

/// The share of items in which the performer takes the chair of bass or comp.
const SITS_IN: f32 = 0.05;

/// Bars over which the density of a human is said.
const PHRASE: usize = 4;

/// Who has which part, and what their notes count in the loss, in hundredths.
#[derive(Clone, Debug)]
pub struct Chairs {
    pub drums: Chair<Vec<Vec<Hit>>>,
    pub tones: [Chair<Tones>; 3],
    pub weights: [u8; SEATS],
}

impl Chairs {
    /// Draws them for a song.
    pub fn of(material: &Material, rig: &Rig, rng: &mut Rng) -> Chairs {
        let (set, human) = (material.set, &material.human);
        let mut weights = [TEACHER; SEATS];
        let [bass, comp, pads] = &human.tones;
        let drums = chair(Part::Drums, &human.drums, material, rig, rng);
        let tones = [
            chair(Part::Bass, bass, material, rig, rng),
            chair(Part::Comp, comp, material, rig, rng),
            chair(Part::Pads, pads, material, rig, rng),
        ];
        let humans = [drums.is_human(), tones[0].is_human(), tones[1].is_human(), tones[2].is_human()];
        for (part, _) in humans.iter().enumerate().filter(|(_, is_human)| **is_human) {
            let is_hand = (set, part) == (Set::Pianist, Part::Bass.index());
            weights[part] = if is_hand { LEFT_HAND } else { HUMAN };
        }
        Chairs { drums, tones, weights }
    }

    /// Whether anybody is human.
    pub fn has_humans(&self) -> bool {
        self.drums.is_human() || self.tones.iter().any(Chair::is_human)
    }

    /// The performer plays the comp of the song instead of the human, who leaves; the teacher may take the chair.
    pub fn lend_comp(&mut self, rng: &mut Rng) {
        self.tones[1] = if rng.f32() < 0.6 { Chair::Teacher } else { Chair::Performer };
        self.weights[Part::Comp.index()] = TEACHER;
    }

    /// Now and then the performer takes the chair of bass or comp from the teacher.
    pub fn sit_in(&mut self, rng: &mut Rng) {
        let chair = &mut self.tones[rng.usize(0..2)];
        if rng.f32() < SITS_IN && *chair == Chair::Teacher {
            *chair = Chair::Performer;
        }
    }
}

/// Draws who has a part, which the human of the song may have played.
fn chair<P: Clone>(
    part: Part,
    played: &Option<P>,
    material: &Material,
    rig: &Rig,
    rng: &mut Rng,
) -> Chair<P> {
    let (stays, joins) = chances(material.set, part);
    match played {
        Some(played) if rng.f32() < stays => Chair::Human(played.clone(), density(&material.human, part)),
        _ if rng.f32() < joins && rig.part(part).source != PartSource::Off => Chair::Teacher,
        _ => Chair::Empty,
    }
}

/// How likely a human keeps their chair, and how likely the teacher takes a free one.
fn chances(set: Set, part: Part) -> (f32, f32) {
    match (set, part) {
        (Set::Pianist, Part::Bass) => (0.4, 0.85),
        (Set::Pianist, Part::Drums) => (1.0, 0.85),
        (Set::Band(_), Part::Drums | Part::Bass) => (0.92, 0.6),
        (Set::Band(_), _) => (0.92, 0.3),
        (_, Part::Drums | Part::Bass) => (1.0, 0.95),
        (_, Part::Comp) => (1.0, 0.88),
        (_, _) => (1.0, 0.4),
    }
}

/// A human's density of each bar: that of its phrase.
fn density(human: &Human, part: Part) -> Vec<u8> {
    let phrase = |bars: &[u8]| {
        let sum: usize = bars.iter().map(|density| usize::from(*density)).sum();
        vec![((2 * sum + bars.len()) / (2 * bars.len())) as u8; bars.len()]
    };
    human.density[part.index()].chunks(PHRASE).flat_map(phrase).collect()
}
