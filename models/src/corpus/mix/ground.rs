//! What an item stands on: a rig, chords, a tempo, and a melody if there is one.

use std::sync::Arc;

use engine::{Chord, LocalKey, Meter};
use fastrand::Rng;

use super::borrow::{Lenders, divides, looped};
use super::rigs::Rigs;
use super::{Material, Set};
use crate::corpus::parts::Played;
use crate::rig::Rig;
use crate::scribe::style_of;
use crate::tokens::Style;

/// Charts are played again until they are about as long as a song.
const SONG: usize = 320;

/// How often a chart is played at most.
const CHORUSES: usize = 4;

/// The share of charts that any rig plays, so that every rig is heard.
const ANY_RIG: f32 = 0.6;

/// The share of drummers, and of charts without a melody, that get one from another song.
const SUNG: f32 = 0.8;

/// How often a rig that fits a chart is looked for.
const TRIES: usize = 12;

/// What an item stands on.
#[derive(Clone, Debug)]
pub struct Ground {
    pub rig: Arc<Rig>,
    pub style: Style,
    pub meter: Meter,
    pub beats: usize,
    /// Beats of the felt pulse a minute.
    pub bpm: f32,
    pub swing: f32,
    /// For each beat its chord, and its key.
    pub chords: Vec<Option<Chord>>,
    pub keys: Vec<LocalKey>,
    pub melody: Vec<Played>,
}

impl Ground {
    /// The ground of a song; none where no rig has its meter, or nobody lends it chords.
    pub fn of(material: &Material, rigs: &Rigs, lenders: &Lenders<'_>, rng: &mut Rng) -> Option<Ground> {
        match material.set {
            Set::Drummer => Ground::borrowed(material, rigs, lenders, rng),
            Set::Teacher => Ground::chart(material, rigs, lenders, rng),
            Set::Pianist | Set::Soloist | Set::Band(_) => Ground::own(material, rigs, rng),
        }
    }

    /// The song's own.
    fn own(material: &Material, rigs: &Rigs, rng: &mut Rng) -> Option<Ground> {
        let human = &material.human;
        let bpm = felt(human.bpm, human.meter);
        let rig = rigs.near(human.style, human.meter, bpm, rng)?;
        Some(Ground {
            style: human.style,
            meter: human.meter,
            beats: human.beats,
            bpm,
            swing: if material.set == Set::Soloist { rig.swing } else { human.swing },
            chords: human.chords.clone(),
            keys: material.keys.clone(),
            melody: human.performer.clone(),
            rig,
        })
    }

    /// A drummer's, over the chords of other songs, and sometimes under a melody.
    fn borrowed(material: &Material, rigs: &Rigs, lenders: &Lenders<'_>, rng: &mut Rng) -> Option<Ground> {
        let mut ground = Ground::own(material, rigs, rng)?;
        (ground.chords, ground.keys) = lenders.chords(ground.style, ground.meter, ground.beats, rng)?;
        ground.sing(lenders, rng);
        Some(ground)
    }

    /// A chart, chorus after chorus. One without a melody may be played in other meters of as many beats.
    fn chart(material: &Material, rigs: &Rigs, lenders: &Lenders<'_>, rng: &mut Rng) -> Option<Ground> {
        let human = &material.human;
        let has_melody = !human.performer.is_empty();
        let own = felt(human.bpm, human.meter);
        let fits = |meter| meter == human.meter || !has_melody && divides(human.meter, meter);
        let any = (0..TRIES).filter_map(|_| rigs.any(rng)).find(|rig| fits(rig.meter));
        let rig = match any.filter(|_| rng.f32() < ANY_RIG) {
            Some(rig) => rig,
            None => rigs.near(human.style, human.meter, own, rng)?,
        };
        let choruses = (SONG / human.beats.max(1)).clamp(1, CHORUSES);
        let (chords, keys) = looped(material, 0, human.beats * choruses);
        let mut ground = Ground {
            style: style_of(&rig),
            meter: rig.meter,
            beats: chords.len(),
            bpm: rig.range.0 + (rig.range.1 - rig.range.0) * rng.f32(),
            swing: rig.swing,
            chords,
            keys,
            melody: again(&human.performer, human.beats, choruses),
            rig,
        };
        if !has_melody {
            ground.sing(lenders, rng);
        }
        Some(ground)
    }

    /// Borrows a melody, in some items.
    fn sing(&mut self, lenders: &Lenders<'_>, rng: &mut Rng) {
        if rng.f32() < SUNG {
            self.melody = lenders.melody(self.meter, &self.chords, rng);
        }
    }
}

/// Quarter notes a minute as beats of the felt pulse.
fn felt(bpm: f32, meter: Meter) -> f32 {
    if meter.is_compound() { bpm / 1.5 } else { bpm }
}

/// Notes again and again, every `beats` beats.
pub fn again(notes: &[Played], beats: usize, times: usize) -> Vec<Played> {
    let round = |n: usize| {
        let later = (n * beats) as i32;
        notes.iter().map(move |note| Played { beat: note.beat + later, ..*note })
    };
    (0..times).flat_map(round).collect()
}
