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

use engine::{Part, SoundedKind};
use scene::{BLOCK, Scene, Take, Turn, play};
use support::figures::{percentile, told};
use support::hearing::change::{Held, MS, Onset, held, onset};
use support::hearing::click::roughness;
use support::judge::Share;
use support::sine_font::{comb, reedy};

/// From the arrival of a key to the sound that it changes: one block and a millisecond.
const BOUND: usize = BLOCK + MS;
/// Takes of a hundred changes each.
const TAKES: u64 = 5;
const PITCHED: [Part; 3] = [Part::Bass, Part::Comp, Part::Pads];

/// Plays the scene in every take, on two threads, and measures each change.
fn measured<T: Send>(scene: Scene, font: &[u8], measure: impl Fn(&Take, &Turn) -> Vec<T> + Sync) -> Vec<T> {
    let take = |seed| {
        let take = play(scene, font, seed, 100);
        take.turns.iter().flat_map(|turn| measure(&take, turn)).collect::<Vec<T>>()
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
fn holders(turn: &Turn) -> impl Iterator<Item = Part> {
    let bass = turn.bass_holds;
    PITCHED.into_iter().filter(move |part| *part != Part::Bass || bass)
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
    let read = |take: &Take, turn: &Turn| {
        // What is struck beside has begun after 20 ms, and the sound is steady again.
        let held = held_by_all(take, turn, 20 * MS);
        let onsets = PITCHED.into_iter().filter_map(|part| onset(take.recording.stem(part), &turn.change));
        vec![Seen { onsets: onsets.collect(), held, strikes: strikes(take, turn) }]
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

/// Reads the parts that hold.
fn held_by_all(take: &Take, turn: &Turn, from: usize) -> Vec<Held> {
    holders(turn).filter_map(|part| held(take.recording.stem(part), &turn.change, from)).collect()
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
    let all = measured(scene, &comb(), |take, turn| held_by_all(take, turn, 0));
    judge("settle 0, struck at once", &all, BOUND);
}

#[test]
fn without_a_settle_window_a_spread_chord_is_wrong_for_no_longer_than_a_fade() {
    /// The longest fade of a held note into another, and the window through which it is read.
    const FADE_MS: f64 = 30.0 + 4.0;
    let scene = Scene { spread_ms: 25.0, settle_ms: 0.0, beside_ms: (110.0, 120.0) };
    let all = measured(scene, &comb(), |take, turn| held_by_all(take, turn, 0));
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

fn strikes(take: &Take, turn: &Turn) -> Vec<Strikes> {
    let window = (turn.change.first - 4 * MS) as u64..(turn.change.last + 150 * MS) as u64;
    let around: Vec<_> = take.recording.sounded.iter().filter(|note| window.contains(&note.frame)).collect();
    let count = |part: Part| {
        let by_part = |kind| matches!(kind, SoundedKind::On { part: by, moved: false, .. } if by == part);
        let mut frames: Vec<u64> =
            around.iter().filter(|note| by_part(note.kind)).map(|note| note.frame).collect();
        frames.dedup();
        frames.len()
    };
    let written = |part| usize::from(part != Part::Bass || !turn.bass_holds);
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
    let rough = |take: &Take, turn: &Turn| {
        let moving = turn.change.last + 20 * MS..turn.change.last + 65 * MS;
        let rough = |part: Part| f64::from(roughness(take.recording.stem(part), moving.clone(), 40 * MS));
        holders(turn).map(|part| (part, rough(part))).collect()
    };
    let all = measured(scene, &reedy(), rough);
    for part in PITCHED {
        let values: Vec<f64> = all.iter().filter(|(by, _)| *by == part).map(|(_, rough)| *rough).collect();
        told(&format!("{}: second difference, over the steady one", part.name()), &values);
        assert!(values.len() >= 250 && percentile(&values, 1.0) <= 1.5, "the {} clicks", part.name());
    }
}
