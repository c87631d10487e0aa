//! Late binding, measured from the sound: the band changes with the player's chord, and nobody clicks.
//!
//! The comb font gives each key a tone of its own that repeats after 4 ms, so that which keys sound, and the
//! frame at which anything changes, are read from the samples of each part. `cargo test --test late_binding --
//! --nocapture` prints the figures.

#[path = "../support/mod.rs"]
mod support;

mod scene;

use std::sync::OnceLock;
use std::thread;

use engine::sound::QUANTUM;
use engine::{Part, SoundedKind};
use scene::{BLOCK, Change, MS, Scene, Take, play};
use support::hearing::click::roughness;
use support::hearing::comb::{changed_at, keys_at, settled_at, wrong_ms};
use support::judge::Share;
use support::random_take::pitch_classes;
use support::sine_font::{comb, reedy};

/// From the arrival of a key to the sound that it changes: one block and a millisecond.
const BOUND: usize = BLOCK + MS;
/// Takes of a hundred changes each.
const TAKES: u64 = 5;
const PITCHED: [Part; 3] = [Part::Bass, Part::Comp, Part::Pads];

/// Plays the scene in every take, on two threads, and measures each change.
fn measured<T: Send>(scene: Scene, font: &[u8], measure: impl Fn(&Take, &Change) -> Vec<T> + Sync) -> Vec<T> {
    let take = |seed| {
        let take = play(scene, font, seed, 100);
        take.changes.iter().flat_map(|change| measure(&take, change)).collect::<Vec<T>>()
    };
    let take = &take;
    thread::scope(|scope| {
        let threads: Vec<_> = (0..2)
            .map(|first| scope.spawn(move || (first..TAKES).step_by(2).flat_map(take).collect::<Vec<T>>()))
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("a take is played")).collect()
    })
}

/// The parts that hold notes across a change.
fn holders(change: &Change) -> impl Iterator<Item = Part> {
    let bass = change.bass_holds;
    PITCHED.into_iter().filter(move |part| *part != Part::Bass || bass)
}

fn fits(change: &Change, key: u8) -> bool {
    pitch_classes(change.chord) >> (key % 12) & 1 == 1
}

fn percentile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(((sorted.len() as f64 * share).ceil() as usize).saturating_sub(1)).copied().unwrap_or(f64::NAN)
}

fn told(name: &str, values: &[f64]) {
    if values.is_empty() {
        return println!("{name}: none");
    }
    let [p50, p99, max] = [0.5, 0.99, 1.0].map(|share| percentile(values, share));
    println!("{name}: n {}, p50 {p50:.2}, p99 {p99:.2}, max {max:.2}", values.len());
}

/// A new note beside the held ones.
#[derive(Clone, Copy, Debug)]
struct Onset {
    /// Frames from the last key's arrival to its sound.
    after: i64,
    /// Frames from where it is written to its sound.
    off_place: i64,
    /// Whether it belongs to the new chord.
    bound: bool,
}

fn onsets(take: &Take, change: &Change) -> Vec<Onset> {
    let read = |part: Part| {
        let stem = take.recording.stem(part);
        let held = keys_at(stem, change.first - 8 * MS);
        let heard = changed_at(stem, change.beside - 2 * MS..change.beside + 4 * MS)?;
        let key = keys_at(stem, heard + 8).into_iter().find(|key| !held.contains(key))?;
        let heard = (heard + QUANTUM) as i64;
        Some(Onset {
            after: heard - change.last as i64,
            off_place: heard - change.beside as i64,
            bound: fits(change, key),
        })
    };
    PITCHED.into_iter().filter_map(read).collect()
}

/// What is read of a change with a settle window.
struct Seen {
    onsets: Vec<Onset>,
    held: Vec<Held>,
    strikes: Vec<Strikes>,
}

/// Every change of the scene with spread chords and a settle window, played once for all tests.
fn seen() -> &'static [Seen] {
    static SEEN: OnceLock<Vec<Seen>> = OnceLock::new();
    let scene = Scene { spread_ms: 25.0, settle_ms: 25.0, beside_ms: (-3.0, 15.0) };
    let read = |take: &Take, change: &Change| {
        // What is struck beside has begun after 20 ms, and the sound is steady again.
        let held = held(take, change, 20 * MS);
        vec![Seen { onsets: onsets(take, change), held, strikes: strikes(take, change) }]
    };
    SEEN.get_or_init(|| measured(scene, &comb(), read))
}

#[test]
fn an_onset_is_bound_to_the_chord_a_block_and_a_millisecond_after_its_last_key() {
    let onsets: Vec<Onset> = seen().iter().flat_map(|seen| seen.onsets.clone()).collect();
    let (due, early): (Vec<Onset>, Vec<Onset>) = onsets.iter().partition(|onset| onset.after >= BOUND as i64);
    let unbound: Vec<f64> =
        due.iter().filter(|onset| !onset.bound).map(|onset| onset.after as f64 / MS as f64).collect();
    told("unbound onsets after the bound, ms after the last key", &unbound);
    let latest = early.iter().filter(|onset| !onset.bound).map(|onset| onset.after).max().unwrap_or(0);
    println!(
        "{} onsets read, {} due; the latest early one that is unbound: {:.2} ms",
        onsets.len(),
        due.len(),
        latest as f64 / MS as f64
    );
    told("frames off place", &onsets.iter().map(|onset| onset.off_place as f64).collect::<Vec<_>>());
    assert!(due.len() > 700, "only {} onsets were read", due.len());
    assert!(early.iter().any(|onset| !onset.bound), "an onset before the last key is bound to what is known");
    assert!(unbound.len() * 100 <= due.len(), "{} of {} are not bound", unbound.len(), due.len());
    assert!(onsets.iter().all(|onset| onset.off_place.abs() <= 32), "a note starts off its place");
}

/// A part that held a wrong note when the chord changed.
#[derive(Clone, Copy, Debug)]
struct Held {
    /// Frames from the last key's arrival to the first frame of a move.
    moved: Option<usize>,
    /// Milliseconds of notes outside the chord, from the last key's arrival.
    wrong_ms: f64,
    /// Whether all that sounds after 100 ms is of the chord.
    right: bool,
}

/// Reads the parts that hold; the range in which they may move begins `from` frames after the last key.
fn held(take: &Take, change: &Change, from: usize) -> Vec<Held> {
    let read = |part: Part| {
        let stem = take.recording.stem(part);
        let before = keys_at(stem, change.first - 8 * MS);
        if before.is_empty() || before.iter().all(|key| fits(change, *key)) {
            return None;
        }
        let moved = changed_at(stem, change.last + from..change.last + 90 * MS);
        let all = change.last..change.last + 100 * MS;
        Some(Held {
            moved: moved.map(|frame| frame + QUANTUM - change.last),
            wrong_ms: wrong_ms(stem, all.clone(), |key| fits(change, key)),
            right: settled_at(stem, all, |key| fits(change, key)).is_some(),
        })
    };
    holders(change).filter_map(read).collect()
}

fn judge(name: &str, held: &[Held], limit: usize) {
    let moved: Vec<f64> =
        held.iter().filter_map(|held| held.moved).map(|frames| frames as f64 / MS as f64).collect();
    told(&format!("{name}: ms to the move"), &moved);
    told(&format!("{name}: ms of wrong notes"), &held.iter().map(|held| held.wrong_ms).collect::<Vec<_>>());
    let right = Share::count(held, |held| held.right);
    println!("{name}: {right:?} end on the chord");
    assert!(held.len() > 500, "only {} parts held a wrong note", held.len());
    let late = Share::count(held, |held| held.moved.is_none_or(|frames| frames > limit));
    assert!(late.hits * 100 <= late.of, "{late:?} moved late");
    assert!((right.of - right.hits) * 100 <= right.of, "{right:?} end on the chord");
}

#[test]
fn held_notes_move_when_the_chord_has_settled() {
    let held: Vec<Held> = seen().iter().flat_map(|seen| seen.held.clone()).collect();
    judge("settle 25", &held, 25 * MS + BOUND);
}

#[test]
fn without_a_settle_window_held_notes_move_at_once() {
    let scene = Scene { spread_ms: 0.0, settle_ms: 0.0, beside_ms: (110.0, 120.0) };
    let all = measured(scene, &comb(), |take, change| held(take, change, 0));
    judge("settle 0, struck at once", &all, BOUND);
}

#[test]
fn without_a_settle_window_a_spread_chord_is_wrong_for_no_longer_than_a_fade() {
    /// The longest fade of a held note into another, and the window through which it is read.
    const FADE_MS: f64 = 30.0 + 4.0;
    let scene = Scene { spread_ms: 25.0, settle_ms: 0.0, beside_ms: (110.0, 120.0) };
    let all = measured(scene, &comb(), |take, change| held(take, change, 0));
    let wrong: Vec<f64> = all.iter().map(|held| held.wrong_ms).collect();
    told("settle 0, spread: ms of wrong notes", &wrong);
    assert!(all.len() > 500 && all.iter().all(|held| held.right));
    assert!(percentile(&wrong, 0.99) <= BOUND as f64 / MS as f64 + FADE_MS);
}

/// How often a part struck for a chord.
#[derive(Clone, Copy, Debug)]
struct Strikes {
    part: Part,
    struck: usize,
    written: usize,
}

fn strikes(take: &Take, change: &Change) -> Vec<Strikes> {
    let window = (change.first - 4 * MS) as u64..(change.last + 150 * MS) as u64;
    let around: Vec<_> = take.recording.sounded.iter().filter(|note| window.contains(&note.frame)).collect();
    let count = |part: Part| {
        let by_part = |kind| matches!(kind, SoundedKind::On { part: by, moved: false, .. } if by == part);
        let mut frames: Vec<u64> =
            around.iter().filter(|note| by_part(note.kind)).map(|note| note.frame).collect();
        frames.dedup();
        frames.len()
    };
    let written = |part| usize::from(part != Part::Bass || !change.bass_holds);
    PITCHED.map(|part| Strikes { part, struck: count(part), written: written(part) }).to_vec()
}

#[test]
fn nobody_strikes_twice_for_one_chord() {
    let all: Vec<Strikes> = seen().iter().flat_map(|seen| seen.strikes.clone()).collect();
    let wrong: Vec<_> = all.iter().filter(|strikes| strikes.struck != strikes.written).collect();
    let first = wrong.first().map(|strikes| (strikes.part.name(), strikes.struck, strikes.written));
    assert!(all.len() == 1500 && wrong.is_empty(), "{} of {}: {first:?}", wrong.len(), all.len());
}

#[test]
fn a_move_does_not_click() {
    let scene = Scene { spread_ms: 25.0, settle_ms: 25.0, beside_ms: (120.0, 125.0) };
    let rough = |take: &Take, change: &Change| {
        let moving = change.last + 20 * MS..change.last + 65 * MS;
        let rough = |part: Part| f64::from(roughness(take.recording.stem(part), moving.clone(), 40 * MS));
        holders(change).map(|part| (part, rough(part))).collect()
    };
    let all = measured(scene, &reedy(), rough);
    for part in PITCHED {
        let values: Vec<f64> = all.iter().filter(|(by, _)| *by == part).map(|(_, rough)| *rough).collect();
        told(&format!("{}: second difference, over the steady one", part.name()), &values);
        assert!(values.len() >= 250 && percentile(&values, 1.0) <= 1.5, "the {} clicks", part.name());
    }
}
