//! Which chord is best for what comes, and whether it is worth a change. Thread: audio.

use super::Habits;
use super::belief::{Belief, absolutely};
use super::states::{QUALITIES, STATES, chord, number};
use super::tables::Place;
use crate::{Chord, Guess, Guesses};

/// Less than this the accompanist does not know of changes: then it does not know where they lead.
const LEAST: f32 = 0.02;

/// What is known of the notes to come.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Outlook {
    /// The pitch class that sounds.
    pub sounding: Option<u8>,
    /// How often each pitch class will come, if this has been heard before, and how sure that is, 0 to 1.
    pub foretold: Option<([f32; 12], f32)>,
    /// The chords that the accompanist expects.
    pub expected: Guesses,
}

/// The merit of each chord: how likely it is, and how many of the notes to come it will hold.
pub(super) fn merits(
    belief: &Belief,
    outlook: &Outlook,
    held: Option<Chord>,
    habits: &Habits,
) -> [f32; STATES] {
    let notes = belief.notes();
    let mut by_key = belief.by_key();
    if let Some((often, trust)) = &outlook.foretold {
        foresee(&mut by_key, &notes, often, trust * habits.memory);
    }
    let likely = absolutely(&by_key);
    let coming = coming(&by_key, &notes, outlook, habits);
    let expected = expected(&outlook.expected, held);
    std::array::from_fn(|s| {
        let tones = QUALITIES[s % QUALITIES.len()].intervals();
        let held: f32 =
            tones.iter().map(|tone| coming[(s / QUALITIES.len() + usize::from(*tone)) % 12]).sum();
        (likely[s] + 1e-4).ln() + habits.fit * held - habits.lean * (tones.len() as f32 - 3.0)
            + habits.expectation * expected[s]
    })
}

/// How far each chord is the expected one if the chord changes, 0 to 1.
///
/// Whether it changes is left out: mostly it does not, so that would only hold every chord for longer.
fn expected(guesses: &Guesses, held: Option<Chord>) -> [f32; STATES] {
    let is_held = |guess: &Guess| Some(guess.chord) == held;
    let mut all = [0.0; STATES];
    let changes = 1.0 - guesses.iter().filter(is_held).map(|guess| guess.probability()).sum::<f32>();
    for guess in guesses.iter().filter(|guess| !is_held(guess)) {
        let (expected, share) = (number(guess.chord, 0), guess.probability() / changes.max(LEAST));
        all.iter_mut().enumerate().for_each(|(s, sum)| *sum += share * agreement(s, expected));
    }
    all
}

/// Weighs each chord by the notes that are foretold, and makes all sum to 1.
fn foresee(by_key: &mut [[f32; STATES]; 12], notes: &[[f32; 12]; STATES], often: &[f32; 12], weight: f32) {
    let bears = notes.map(|notes| notes.map(|p| p.max(1e-9).ln()));
    for (key, row) in by_key.iter_mut().enumerate() {
        for (p, bears) in row.iter_mut().zip(&bears) {
            let foretold = often.iter().enumerate().filter(|(_, share)| **share > 0.0);
            let mean: f32 = foretold.map(|(tone, share)| share * bears[(tone + 12 - key) % 12]).sum();
            *p *= (weight * mean).exp();
        }
    }
    let sum: f32 = by_key.iter().flatten().sum();
    by_key.iter_mut().flatten().for_each(|p| *p /= sum.max(f32::MIN_POSITIVE));
}

/// How often each pitch class will come: as foretold, else as keys and chords have it, and as it sounds now.
fn coming(
    by_key: &[[f32; STATES]; 12],
    notes: &[[f32; 12]; STATES],
    outlook: &Outlook,
    habits: &Habits,
) -> [f32; 12] {
    let mut coming = [0.0; 12];
    for (key, row) in by_key.iter().enumerate() {
        for (p, notes) in row.iter().zip(notes) {
            notes.iter().enumerate().for_each(|(tone, share)| coming[(tone + key) % 12] += p * share);
        }
    }
    let sum: f32 = coming.iter().sum();
    let stays = if outlook.sounding.is_some() { habits.persistence } else { 0.0 };
    coming = coming.map(|share| (1.0 - stays) * share / sum.max(f32::MIN_POSITIVE));
    if let Some(pitch_class) = outlook.sounding {
        coming[usize::from(pitch_class)] += stays;
    }
    let Some((often, trust)) = outlook.foretold else { return coming };
    std::array::from_fn(|tone| coming[tone] + trust * (often[tone] - coming[tone]))
}

/// How far a chord is the expected one, 0 to 1.
fn agreement(state: usize, expected: usize) -> f32 {
    let same_root = state / QUALITIES.len() == expected / QUALITIES.len();
    match (state == expected, same_root) {
        (true, _) => 1.0,
        (false, true) => 0.7,
        _ => 0.0,
    }
}

/// By how much another chord must be better to take over at a place of the bar. `restless` 0 to 1.
pub(super) fn threshold(place: Place, restless: f32, habits: &Habits) -> f32 {
    let inertia = (2.0 - 2.0 * restless).min(1.0);
    let calm = (1.0 - 2.0 * restless).max(0.0);
    inertia * habits.inertia[place as usize] + calm * habits.calm[place as usize]
}

/// Whether a note lies a semitone from the third or the seventh of a chord, and is none of its tones.
pub(super) fn clashes(chord: Chord, pitch_class: u8) -> bool {
    let above_root = (pitch_class + 12 - chord.root) % 12;
    let tones = [Some(chord.quality.slot(3)), chord.quality.seventh()];
    let rubs = |tone: u8| matches!((above_root + 12 - tone) % 12, 1 | 11);
    !chord.holds(pitch_class) && tones.into_iter().flatten().any(rubs)
}

/// The best chord, or the one that is held if the best one is not worth the change.
pub(super) fn choose(merits: &[f32; STATES], held: Option<Chord>, threshold: f32) -> Chord {
    let best = (0..STATES).max_by(|a, b| merits[*a].total_cmp(&merits[*b])).unwrap_or_default();
    match held {
        Some(held) if merits[best] <= merits[number(held, 0)] + threshold => held,
        _ => chord(best),
    }
}
