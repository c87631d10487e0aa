//! What the performer of an item plays.

use std::ops::Range;

use fastrand::Rng;

use super::chairs::Chairs;
use super::ground::Ground;
use super::{Material, Set};
use crate::corpus::augment::{Changes, Loudness, SPLIT, Trials, comping, melody, rests};
use crate::corpus::parts::Played;
use crate::corpus::stage::Chair;

/// The share of melodies that the performer plays with chords in the other hand.
const TWO_HANDED: f32 = 0.60;

/// The performer's notes, in no order. They may take a chair of the band.
pub fn notes(
    (material, ground): (&Material, &Ground),
    changes: &Changes,
    chairs: &mut Chairs,
    trials: &Trials,
    rng: &mut Rng,
) -> Vec<Played> {
    let absent = if material.set == Set::Soloist { trials.soloist_absent } else { trials.absent };
    if rng.f32() < absent {
        return Vec::new();
    }
    let loudness = Loudness::draw(ground.beats, rng);
    let mut notes = melody(&ground.melody, &loudness, rng);
    chairs.sit_in(rng);
    let sits = chairs.tones.contains(&Chair::Performer);
    if material.set == Set::Pianist && rng.f32() < trials.lent {
        chairs.lend_comp(rng);
        notes.extend(left(&material.human.hand));
    } else if notes.is_empty() || sits || rng.f32() < TWO_HANDED {
        let per_bar = ground.meter.beats_per_bar();
        notes.extend(comping(changes, ground.beats, per_bar, &loudness, rng));
    }
    if rng.f32() < trials.resting {
        let rests = rests(ground.beats, ground.meter.beats_per_bar(), rng);
        notes.retain(|note| !is_in(&rests, note.beat));
    }
    notes
}

fn is_in(rests: &[Range<i32>], beat: i32) -> bool {
    rests.iter().any(|rest| rest.contains(&beat))
}

/// A pianist's comp, moved below the split.
fn left(notes: &[Played]) -> Vec<Played> {
    let below = |note: &Played| {
        let above = note.key.saturating_sub(SPLIT - 1).div_ceil(12);
        Played { key: note.key - 12 * above, ..*note }
    };
    let mut left: Vec<Played> = notes.iter().map(below).collect();
    left.sort_by_key(|note| (note.beat, note.position, note.key));
    left.dedup_by_key(|note| (note.beat, note.position, note.key));
    left
}
