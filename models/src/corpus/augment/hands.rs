//! The performer's hands: their register, how loud they get, and where they rest.

use engine::{Chord, LocalKey};
use fastrand::Rng;

use crate::corpus::parts::Played;

/// The lowest key of the lead hand: the usual split.
pub const SPLIT: u8 = 54;

/// The highest key that a lead is moved to.
const TOP: u8 = 96;

/// How much of a velocity's own deviation is left under it.
const OWN: f32 = 0.6;

/// How loud a performer plays in the course of a performance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Loudness {
    from: f32,
    to: f32,
    /// Where it turns, in beats.
    turn: f32,
    /// Length of the turn in beats: short is a step, long a swell.
    length: f32,
    /// Whether it comes back after as long again.
    returns: bool,
}

impl Loudness {
    /// Draws one for so many beats.
    pub fn draw(beats: usize, rng: &mut Rng) -> Loudness {
        let beats = beats as f32;
        let level = |rng: &mut Rng| 35.0 + 80.0 * rng.f32();
        let from = if rng.f32() < 0.4 { 80.0 } else { level(rng) };
        Loudness {
            from,
            to: if rng.f32() < 0.2 { from } else { level(rng) },
            turn: beats * rng.f32(),
            length: if rng.bool() { 1.0 } else { 8.0 + 0.5 * beats * rng.f32() },
            returns: rng.bool(),
        }
    }

    /// The loudness at a beat.
    pub fn at(&self, beat: f32) -> f32 {
        let gone = ((beat - self.turn) / self.length).max(0.0);
        let share = match (gone, self.returns) {
            (gone, true) if gone > 2.0 => (3.0 - gone).clamp(0.0, 1.0),
            (gone, _) => gone.min(1.0),
        };
        self.from + (self.to - self.from) * share
    }
}

/// A melody as a performer plays it above the split: in a register of its own, as loud as it comes.
pub fn melody(notes: &[Played], loudness: &Loudness, rng: &mut Rng) -> Vec<Played> {
    let octaves = octaves(notes, rng);
    let mean = notes.iter().map(|note| f32::from(note.velocity)).sum::<f32>() / notes.len().max(1) as f32;
    let touched = notes.iter().map(|note| {
        let metric = if note.position == 0 { 3.0 } else { -3.0 };
        let own = OWN * (f32::from(note.velocity) - mean) + metric + 12.0 * (rng.f32() - 0.5);
        let velocity = (loudness.at(note.beat as f32) + own).clamp(12.0, 127.0) as u8;
        let key = (i16::from(note.key) + 12 * octaves).clamp(i16::from(SPLIT), 127) as u8;
        Played { velocity, key, ..*note }
    });
    touched.collect()
}

/// By how many octaves a melody is moved, so that it stays above the split and below the top of a keyboard.
fn octaves(notes: &[Played], rng: &mut Rng) -> i16 {
    let mut keys: Vec<u8> = notes.iter().map(|note| note.key).collect();
    keys.sort_unstable();
    let at = |share: usize| keys.get(keys.len() * share / 100).copied().unwrap_or(72);
    let (low, high) = (i16::from(at(2)), i16::from(at(98)));
    let least = (i16::from(SPLIT) - low + 11).div_euclid(12);
    let most = (i16::from(TOP) - high).div_euclid(12).max(least);
    let wanted = [0, 0, 0, 1, -1][rng.usize(0..5)];
    wanted.clamp(least.min(most), most)
}

/// Moves each note of a melody that was made for other chords to the nearest tone of the chord's scale.
pub fn fit_to(chords: &[Option<Chord>], notes: &mut Vec<Played>) {
    notes.retain(|note| (0..chords.len() as i32).contains(&note.beat));
    for note in notes.iter_mut() {
        let Some(chord) = chords[note.beat as usize] else { continue };
        let strong = note.position % 6 == 0 && note.length >= 4;
        let tones = if strong { chord.pcs() } else { chord.scale(LocalKey::default(), None).pcs(chord.root) };
        let fits = |key: &i16| tones >> key.rem_euclid(12) & 1 == 1;
        let key = i16::from(note.key);
        let near = [0, -1, 1, -2, 2, -3, 3].map(|step| key + step);
        note.key = near.into_iter().find(fits).unwrap_or(key).clamp(0, 127) as u8;
    }
}

/// Lets the performer rest for one to eight bars, a few times; `per_bar` is the beats of a bar.
pub fn rests(beats: usize, per_bar: i32, rng: &mut Rng) -> Vec<std::ops::Range<i32>> {
    let bars = beats as i32 / per_bar;
    let mut rests = Vec::new();
    let mut bar = rng.i32(0..8);
    while bar < bars {
        let length = rng.i32(1..=8);
        rests.push(bar * per_bar..(bar + length) * per_bar);
        bar += length + rng.i32(4..24);
    }
    rests
}
