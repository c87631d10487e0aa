//! Late binding in a live show, measured from the stems of its recording: within a block, a millisecond and what a
//! thread of equal priority is late by.

mod take;

use std::time::Duration;

use engine::tape::Log;
use engine::wires::Logged;
use engine::{Event, EventKind, Frame, Part};
use serde_json::Value;

use crate::program::{Folder, Program};
use crate::recording::Sound;
use crate::support::figures::{percentile, told};
use crate::support::hearing::change::{Change, Held, MS, Onset, held, onset};
use crate::support::random_take::Struck;
use crate::support::sine_font::comb;
use take::{BEAT, BEAT_FRAMES, STRIKE, chords, write};

const RIG: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/live/binding/holds.toml");
/// Chords of the take: one in each beat, 34 seconds.
const CHORDS: usize = 85;
const BLOCK: usize = 64;
/// From the arrival of a key to the sound that it changes, in ms: one block and a millisecond.
const BOUND_MS: f64 = (BLOCK + MS) as f64 / MS as f64;
/// `chord.settle_ms`.
const SETTLE_MS: f64 = 25.0;
/// The parts, in the order of the beats in which they strike.
const PARTS: [Part; 3] = [Part::Bass, Part::Comp, Part::Pads];

/// Plays the take from beginning to end; returns what the report says.
fn play(folder: &Folder, chords: &[Struck]) -> Value {
    std::fs::write(folder.file("comb.sf2"), comb()).unwrap();
    write(chords, 1, &folder.file("take.mid"));
    let args = ["--audio", "none", "--rate", "48000", "--buffer", "64", "--stems", "--headless"];
    let files = ["--soundfont", "comb.sf2", "--performer", "take.mid"];
    let program = Program::play(folder, &[&[RIG], &args[..], &files].concat());
    std::thread::sleep(Duration::from_secs_f64((CHORDS * BEAT_FRAMES) as f64 / 48_000.0));
    let ended = program.end();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    folder.report()
}

/// The changes of chord, as the log tells when their keys arrived.
fn changes(log: &Log, chords: &[Struck]) -> Vec<Change> {
    let events = |wanted: fn(EventKind) -> bool| {
        log.entries.iter().filter_map(move |logged| match logged {
            Logged::Event { frame, event } if wanted(event.kind) => Some((*frame, *event)),
            _ => None,
        })
    };
    let (start, _) = events(|kind| matches!(kind, EventKind::Start)).next().unwrap();
    let mut keys = events(|kind| matches!(kind, EventKind::NoteOn { .. }));
    let change = |(i, struck): (usize, &Struck)| {
        let arrivals: Vec<(Frame, Event)> = keys.by_ref().take(struck.keys.len()).collect();
        let arrival = |found: Option<&(Frame, Event)>| found.unwrap().1.arrival as usize;
        let beside = start as usize + i * BEAT_FRAMES + BEAT_FRAMES * STRIKE as usize / BEAT as usize;
        Change {
            chord: struck.chord,
            first: arrival(arrivals.first()),
            last: arrival(arrivals.last()),
            beside,
        }
    };
    chords.iter().enumerate().map(change).collect()
}

/// The left channel of a part.
fn stem(folder: &Folder, part: Part) -> Vec<f32> {
    let sound = Sound::read(&folder.file(&format!("show/{}.wav", part.name())));
    sound.samples.chunks_exact(2).map(|sides| sides[0]).collect()
}

fn ms(frames: i64) -> f64 {
    frames as f64 / MS as f64
}

fn judge_onsets(onsets: &[Onset], late_ms: f64, report: &Value) {
    let due = onsets.iter().filter(|onset| ms(onset.after) >= BOUND_MS + late_ms).count();
    let unbound: Vec<f64> = onsets.iter().filter(|onset| !onset.bound).map(|onset| ms(onset.after)).collect();
    told("unbound onsets, ms after the last key", &unbound);
    told("onsets, frames off place", &onsets.iter().map(|onset| onset.off_place as f64).collect::<Vec<_>>());
    let overdue = unbound.iter().filter(|after| **after >= BOUND_MS + late_ms).count();
    println!("{} onsets read, {due} due, {overdue} of them unbound", onsets.len());
    assert!(due > CHORDS / 2, "only {due} onsets are due");
    assert!(unbound.len() > overdue, "an onset before the last key is bound to what is known");
    assert!(overdue * 100 <= due, "{overdue} of {due} are not bound");
    let told = report["chord_to_sound_ms"]["p99"].as_f64().unwrap();
    assert!(told <= BOUND_MS && percentile(&unbound, 1.0) <= told, "the report says {told} ms");
}

fn judge_held(held: &[Held], late_ms: f64, report: &Value) {
    let moved: Vec<f64> =
        held.iter().map(|held| held.moved.map_or(f64::MAX, |moved| ms(moved as i64))).collect();
    told("held notes, ms to the move", &moved);
    told("held notes, ms of wrong notes", &held.iter().map(|held| held.wrong_ms).collect::<Vec<_>>());
    assert!(held.len() > CHORDS, "only {} parts held a wrong note", held.len());
    assert!(percentile(&moved, 0.99) <= SETTLE_MS + BOUND_MS + late_ms);
    assert!(held.iter().filter(|held| !held.right).count() * 100 <= held.len(), "not all end on the chord");
    let told = report["held_move_ms"]["p99"].as_f64().unwrap();
    assert!((percentile(&moved, 0.99) - told).abs() <= 1.0, "the report says {told} ms");
}

#[test]
fn a_live_band_changes_with_the_chord_within_a_block_and_a_millisecond() {
    let folder = Folder::new("binding");
    let chords = chords(1, CHORDS);
    let report = play(&folder, &chords);
    assert_eq!((&report["tape"]["dropped"], &report["events"]["dropped"]), (&0.into(), &0.into()));
    let late_ms = report["wake_late_ms"]["control_p99"].as_f64().unwrap();
    println!("late: {}, chord to sound: {}", report["wake_late_ms"], report["chord_to_sound_ms"]);
    println!("held to move: {}", report["held_move_ms"]);
    let log = Log::read(&folder.file("show/events.log")).unwrap();
    let (mut onsets, mut holds) = (Vec::new(), Vec::new());
    let changes = changes(&log, &chords);
    for (place, part) in PARTS.into_iter().enumerate() {
        let stem = stem(&folder, part);
        // The first chord is no change: it comes with the band.
        for (beat, change) in changes.iter().enumerate().skip(1) {
            if beat % PARTS.len() == place {
                onsets.extend(onset(&stem, change));
            } else {
                holds.extend(held(&stem, change, 0));
            }
        }
    }
    judge_onsets(&onsets, late_ms, &report);
    judge_held(&holds, late_ms, &report);
}
