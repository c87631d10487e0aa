//! Generated takes: random chords, spread and overlapped as hands do.

use super::*;
use crate::Quality::{self, *};

const RATE: u32 = 48_000;
const PER_MS: Frame = 48;
/// The renderer looks at the harmony so often.
const QUANTUM: Frame = 16;

/// Every type that must be known in every inversion.
#[rustfmt::skip]
const TYPES: [Quality; 31] = [
    Maj, Min, Dom7, Maj7, Min7, MinMaj7, Six, Min6, SixNine, Add9, Dom9, Maj9, Min9, Dom11, Dom13,
    Dom7Flat9, Dom7Sharp9, Dom7Flat5, Dom7Sharp5, HalfDim, Dim, Dim7, Aug, Maj7Sharp5,
    Sus2, Sus4, Dom7Sus4, Dom9Sus4, Power, Min11, Maj13,
];

/// How one chord is left for the next.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Touch {
    /// All keys up before the next chord.
    Detached,
    /// Common tones stay down, the other keys are up before the next chord.
    CommonTones,
    /// Common tones stay down, the other keys are let go up to 60 ms late.
    LegatoVoices,
    /// The same, and each chord is plain and lies nearest to the last.
    Led,
    /// All keys are let go up to 60 ms late, common ones in between.
    Overlapping,
}

/// What a take did to the recogniser.
#[derive(Debug, Default)]
struct Outcome {
    chords: usize,
    right_at_once: usize,
    right_at_end: usize,
    /// From a chord's first key on.
    wrong_ms: f64,
}

impl Outcome {
    fn add(&mut self, other: &Outcome) {
        self.chords += other.chords;
        self.right_at_once += other.right_at_once;
        self.right_at_end += other.right_at_end;
        self.wrong_ms += other.wrong_ms;
    }

    fn share(&self, n: usize) -> f64 {
        n as f64 / self.chords as f64
    }
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (once, end) = (100.0 * self.share(self.right_at_once), 100.0 * self.share(self.right_at_end));
        let wrong = self.wrong_ms / self.chords as f64;
        write!(
            f,
            "{once:.2} % right at the last key, {end:.2} % at the end, wrong for {wrong:.1} ms a change"
        )
    }
}

/// The keys of a chord: its bass low, the rest close above it in a random order of voices.
fn voiced(rng: &mut fastrand::Rng, set: u16, bass: u8) -> Vec<u8> {
    let low = (28..40).find(|key| key % 12 == bass).unwrap();
    let mut cursor = low + rng.u8(1..6);
    let mut upper: Vec<u8> = (0..12).filter(|&pc| pc != bass && set >> pc & 1 == 1).collect();
    let turn = rng.usize(..=upper.len());
    upper.rotate_left(turn);
    let mut keys = vec![low];
    for pc in upper {
        cursor = (cursor..cursor + 12).find(|key| key % 12 == pc).unwrap();
        keys.push(if cursor < 54 { cursor } else { (low + 1..).find(|key| key % 12 == pc).unwrap() });
        cursor += 1;
    }
    keys
}

/// A random chord, as it is meant and as it is played.
fn random_chord(rng: &mut fastrand::Rng) -> (Chord, u16, Vec<u8>) {
    let (chord, set) = random_symbol(rng);
    (chord, set, voiced(rng, set, chord.bass))
}

/// A random chord, and the notes of it that are played.
fn random_symbol(rng: &mut fastrand::Rng) -> (Chord, u16) {
    let chord = Chord::new(rng.u8(..12), TYPES[rng.usize(..TYPES.len())]);
    let intervals = chord.quality.intervals();
    if rng.u8(..8) == 0 && [Maj, Min, Dom7, Min7, Maj7].contains(&chord.quality) {
        let slash = chord.over(rng.u8(..12));
        return (slash, slash.pcs());
    }
    let inverted = chord.over(chord.root + intervals[rng.usize(..intervals.len())]);
    let fifthless = rng.u8(..4) == 0 && [Dom7, Maj7, Min7, MinMaj7].contains(&chord.quality);
    let fifth = (chord.root + 7) % 12;
    if fifthless && inverted.bass != fifth {
        return (inverted, inverted.pcs() & !(1 << fifth));
    }
    (inverted, inverted.pcs())
}

/// Whether it is the symbol that is meant, or one with the notes that are played and the same bass.
pub(super) fn is_right(meant: Chord, played: u16, named: Option<Chord>) -> bool {
    named == Some(meant) || named.is_some_and(|c| c.pcs() == played && c.bass == meant.bass)
}

/// When, whether down, and which key.
type Press = (Frame, bool, u8);
/// First key, last key, the chord, and its notes as played.
type Meant = (Frame, Frame, Chord, u16);

/// A plain chord in the close position that lies nearest to the keys before.
fn led(rng: &mut fastrand::Rng, last: &[u8]) -> (Chord, u16, Vec<u8>) {
    let chord = Chord::new(rng.u8(..12), [Maj, Min, Dom7, Maj7, Min7, HalfDim][rng.usize(..6)]);
    let close = |low: u8| -> Vec<u8> { (low..low + 12).filter(|&key| chord.holds(key)).collect() };
    let far = |keys: &Vec<u8>| -> u32 {
        keys.iter().map(|k| last.iter().map(|l| u32::from(k.abs_diff(*l))).min().unwrap_or(0)).sum()
    };
    let keys = (36..43).filter(|&low| chord.holds(low)).map(close).min_by_key(far).unwrap();
    let chord = chord.over(keys[0] % 12);
    (chord, chord.pcs(), keys)
}

/// The presses and releases of a take, and for each chord its first key, its last key and its meaning.
fn take(rng: &mut fastrand::Rng, n: usize, spread: u64, touch: Touch) -> (Vec<Press>, Vec<Meant>) {
    let (mut presses, mut chords) = (Vec::new(), Vec::new());
    let mut down: Vec<u8> = Vec::new();
    let mut at: Frame = 48_000;
    for _ in 0..n {
        // A chord that is reached by letting go alone has no last key to measure from.
        let (chord, set, keys) = loop {
            let drawn = if touch == Touch::Led { led(rng, &down) } else { random_chord(rng) };
            if drawn.2.iter().any(|key| !down.contains(key)) {
                break drawn;
            }
        };
        let stays = |key: &u8| touch != Touch::Detached && touch != Touch::Overlapping && keys.contains(key);
        let late = matches!(touch, Touch::LegatoVoices | Touch::Led | Touch::Overlapping);
        for key in down.iter().filter(|key| !stays(key)) {
            let shift = rng.u64(1..60) * PER_MS;
            let again = keys.contains(key);
            presses.push((
                if late && !again { at + shift } else { at - 20 * PER_MS - shift / 4 },
                false,
                *key,
            ));
        }
        let (mut first, mut last) = (Frame::MAX, 0);
        for &key in keys.iter().filter(|key| !(stays(key) && down.contains(key))) {
            let when = at + rng.u64(..=spread * PER_MS);
            (first, last) = (first.min(when), last.max(when));
            presses.push((when, true, key));
        }
        chords.push((first, last, chord, set));
        down = keys;
        let beat = 60.0 / (60.0 + 160.0 * rng.f64()) * f64::from(RATE);
        at += (beat * (1 + rng.u8(..4)) as f64) as Frame;
    }
    presses.sort();
    (presses, chords)
}

fn play(rng: &mut fastrand::Rng, n: usize, spread: u64, touch: Touch) -> Outcome {
    let (presses, chords) = take(rng, n, spread, touch);
    let mut recogniser = Recogniser::new(RATE);
    let (mut next, mut out) = (0, Outcome::default());
    for (i, &(first, last, meant, set)) in chords.iter().enumerate() {
        let end = chords.get(i + 1).map_or(last + 48_000, |next| next.0);
        let mut now = first / QUANTUM * QUANTUM;
        let (mut at_once, mut right) = (false, false);
        while now + QUANTUM <= end {
            while let Some(&(when, is_down, key)) = presses.get(next).filter(|p| p.0 < now + QUANTUM) {
                if is_down {
                    recogniser.key_down(key, when)
                } else {
                    recogniser.key_up(key, when)
                }
                next += 1;
            }
            recogniser.advance(now + QUANTUM);
            now += QUANTUM;
            right = is_right(meant, set, recogniser.chord());
            at_once |= right && now - QUANTUM == last / QUANTUM * QUANTUM;
            out.wrong_ms += if right { 0.0 } else { QUANTUM as f64 / PER_MS as f64 };
        }
        out.chords += 1;
        out.right_at_once += usize::from(at_once);
        out.right_at_end += usize::from(right);
    }
    out
}

/// Takes of 500 chords over six seeds, at spreads of 0, 25 and 40 ms.
fn takes(touch: Touch) -> [Outcome; 3] {
    [0, 25, 40].map(|spread| {
        let mut all = Outcome::default();
        for seed in 0..6 {
            all.add(&play(&mut fastrand::Rng::with_seed(seed), 500, spread, touch));
        }
        eprintln!("{touch:?}, spread {spread} ms: {all}");
        all
    })
}

#[test]
fn a_random_take_is_recognised_at_its_last_key() {
    for out in takes(Touch::Detached) {
        assert!(out.share(out.right_at_once) >= 0.99 && out.share(out.right_at_end) >= 0.99, "{out}");
    }
}

#[test]
fn common_tones_may_stay_down() {
    for out in takes(Touch::CommonTones) {
        assert!(out.share(out.right_at_once) >= 0.97 && out.share(out.right_at_end) >= 0.99, "{out}");
    }
}

#[test]
fn keys_that_are_let_go_late_are_forgiven_when_they_are_up() {
    for touch in [Touch::LegatoVoices, Touch::Led, Touch::Overlapping] {
        for out in takes(touch) {
            assert!(out.share(out.right_at_end) >= 0.99, "{out}");
        }
    }
}
