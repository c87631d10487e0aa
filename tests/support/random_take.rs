//! Random chords as hands play them: what was meant, and every key with its time.

use std::ops::Range;

use engine::{Chord, EventKind, Quality};
use fastrand::Rng;

/// The types that the take draws from, all in root position, inverted, and over foreign basses.
pub const TYPES: [Quality; 29] = {
    use Quality::*;
    [
        Maj, Min, Dom7, Maj7, Min7, MinMaj7, Six, Min6, SixNine, Add9, Dom9, Maj9, Min9, Dom11, Dom13,
        Dom7Flat9, Dom7Sharp9, Dom7Flat5, Dom7Sharp5, HalfDim, Dim, Dim7, Aug, Maj7Sharp5, Sus2, Sus4,
        Dom7Sus4, Dom9Sus4, Power,
    ]
};

/// The lowest note of a close hand, one key for each pitch class: the hand stays below the split at 54.
const BASSES: Range<u8> = 31..43;

/// How the chords are played.
#[derive(Clone, Debug)]
pub struct Manner {
    /// Beats a minute, drawn for each chord.
    pub bpm: Range<f64>,
    /// The most that the keys of a chord are spread, in milliseconds.
    pub spread_ms: f64,
    /// How long old keys may lie into the next chord, in milliseconds.
    pub overlap_ms: f64,
}

impl Default for Manner {
    fn default() -> Manner {
        Manner { bpm: 60.0..220.0, spread_ms: 25.0, overlap_ms: 0.0 }
    }
}

/// A key of a chord, in seconds from the start of the take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Press {
    /// MIDI key.
    pub key: u8,
    /// 1 to 127.
    pub velocity: u8,
    /// When it goes down.
    pub on: f64,
    /// When it goes up.
    pub off: f64,
}

/// A chord as it was struck, and what it is.
#[derive(Clone, Debug)]
pub struct Struck {
    /// The truth: an inversion is a slash chord.
    pub chord: Chord,
    /// Its keys, from low to high.
    pub keys: Vec<Press>,
}

impl Struck {
    /// When its first key goes down, in seconds.
    pub fn first(&self) -> f64 {
        self.keys.iter().map(|press| press.on).fold(f64::MAX, f64::min)
    }

    /// When its last key goes down, in seconds.
    pub fn last(&self) -> f64 {
        self.keys.iter().map(|press| press.on).fold(0.0, f64::max)
    }

    /// When its first key goes up, in seconds.
    pub fn lifted(&self) -> f64 {
        self.keys.iter().map(|press| press.off).fold(f64::MAX, f64::min)
    }
}

/// `n` random chords: random type, root, inversion and spread, 1 to 4 beats long, legato or with gaps.
pub fn random_chords(seed: u64, n: usize) -> Vec<Struck> {
    chords_in(seed, n, &Manner::default())
}

/// `n` random chords, played in a manner.
pub fn chords_in(seed: u64, n: usize, manner: &Manner) -> Vec<Struck> {
    let mut rng = Rng::with_seed(seed);
    let (mut chords, mut start) = (Vec::with_capacity(n), 0.5);
    while chords.len() < n {
        let chord = random_chord(&mut rng);
        let unheard = chords.last().is_none_or(|last: &Struck| !same_sound(last.chord, chord));
        if unheard {
            let beat = 60.0 / between(&mut rng, manner.bpm.start, manner.bpm.end);
            let next = start + beat * f64::from(rng.u8(1..=4));
            chords.push(strike(&mut rng, chord, start, next, manner));
            start = next;
        }
    }
    lift_before_the_next(&mut chords);
    chords
}

/// Everything that the hands did, in order, in seconds.
pub fn events(chords: &[Struck]) -> Vec<(f64, EventKind)> {
    let presses = chords.iter().flat_map(|chord| &chord.keys);
    let mut events: Vec<_> = presses
        .flat_map(|&Press { key, velocity, on, off }| {
            [(on, EventKind::NoteOn { key, velocity }), (off, EventKind::NoteOff { key })]
        })
        .collect();
    events.sort_by(|a, b| a.0.total_cmp(&b.0));
    events
}

/// The pitch classes of a chord with its bass, bit 0 = C.
pub fn pitch_classes(chord: Chord) -> u16 {
    let notes = chord.quality.intervals().iter().map(|interval| (chord.root + interval) % 12);
    notes.chain([chord.bass]).fold(0, |set, class| set | 1 << class)
}

/// Whether two symbols name the same notes over the same bass: C6/A and Am7.
pub fn same_sound(a: Chord, b: Chord) -> bool {
    pitch_classes(a) == pitch_classes(b) && a.bass == b.bass
}

/// A chord in root position, inverted, or (one in eight) a triad or seventh over a foreign bass.
fn random_chord(rng: &mut Rng) -> Chord {
    let root = rng.u8(0..12);
    if rng.u8(0..8) == 0 {
        let plain = [Quality::Maj, Quality::Min, Quality::Dom7, Quality::Maj7, Quality::Min7];
        return Chord::new(root, plain[rng.usize(0..plain.len())]).over(rng.u8(0..12));
    }
    let quality = TYPES[rng.usize(0..TYPES.len())];
    let inversions = quality.intervals();
    let lowest = if rng.bool() { 0 } else { inversions[rng.usize(0..inversions.len())] };
    Chord::new(root, quality).over(root + lowest)
}

/// The keys of a chord in close position above its bass; one in six has the bass an octave lower.
fn hand(rng: &mut Rng, chord: Chord) -> Vec<u8> {
    let bass = BASSES.start + (chord.bass + 12 - BASSES.start % 12) % 12;
    let set = pitch_classes(chord);
    let mut keys: Vec<u8> = (bass..bass + 12).filter(|key| set >> (key % 12) & 1 == 1).collect();
    if rng.u8(0..6) == 0 {
        keys[0] -= 12;
    }
    keys
}

fn strike(rng: &mut Rng, chord: Chord, start: f64, next: f64, manner: &Manner) -> Struck {
    let spread = between(rng, 0.0, manner.spread_ms / 1000.0);
    let legato = rng.bool();
    let held = if legato { 1.0 } else { between(rng, 0.5, 0.9) };
    let keys = hand(rng, chord).into_iter().map(|key| {
        let late = if legato { between(rng, -0.01, manner.overlap_ms / 1000.0) } else { 0.0 };
        Press {
            key,
            velocity: rng.u8(30..=120),
            on: start + between(rng, 0.0, spread),
            off: start + (next - start) * held + late,
        }
    });
    Struck { chord, keys: keys.collect() }
}

/// A key is up before it goes down again.
fn lift_before_the_next(chords: &mut [Struck]) {
    for i in 1..chords.len() {
        let (played, coming) = chords.split_at_mut(i);
        for press in &mut played[i - 1].keys {
            let again = coming[0].keys.iter().find(|next| next.key == press.key);
            press.off = again.map_or(press.off, |next| press.off.min(next.on - 0.001));
        }
    }
}

fn between(rng: &mut Rng, low: f64, high: f64) -> f64 {
    low + (high - low) * rng.f64()
}
