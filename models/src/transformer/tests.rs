//! Properties of the accompanist, with a network that knows nothing.

pub(crate) mod random;
mod stage;

use std::sync::Arc;

use engine::wires::ModelEnds;
use engine::{Beat, EventKind, Family, HeardKind, Knob, Level, Meter, Param, Part, Role, Section};

use rtrb::RingBuffer;

use super::*;
use crate::groove::drums;
use crate::net::Cache;
use crate::rig::{Clave, Feel, PartSource, Rig};
use crate::tokens::{Word, write};
use crate::{Chair, Groove, Horizon, Worker};
use stage::{Stage, notes, of, rig};

#[test]
fn the_same_seed_and_the_same_show_give_the_same_band() {
    let play = |seed| {
        let chunks = Stage::new(rig(), seed).play(0..24, 3);
        chunks.iter().map(notes).collect::<Vec<_>>()
    };
    assert_eq!(play(1), play(1));
    assert_ne!(play(1), play(2));
}

#[test]
fn what_was_rewound_was_never_written() {
    let (mut once, mut again) = (Stage::new(rig(), 5), Stage::new(rig(), 5));
    for beat in 0..24 {
        for stage in [&mut once, &mut again] {
            stage.beat(beat);
            stage.model.rewind(Beat(beat + 1));
        }
        for ahead in 1..4 {
            (beat + 1..=beat + ahead).for_each(|beat| _ = again.write(beat));
            again.model.rewind(Beat(beat + 1));
        }
        assert_eq!(notes(&once.write(beat + 1)), notes(&again.write(beat + 1)), "beat {beat}");
        once.perform(beat, 60);
        again.perform(beat, 60);
    }
}

#[test]
fn the_cache_holds_just_what_was_written() {
    let mut stage = Stage::new(rig(), 7);
    for beat in 0..60 {
        stage.play(beat..beat + 1, 2);
        let book = stage.model.book.as_mut().unwrap();
        let words: Vec<u16> = book.lines().flat_map(|entry| pen::ids(&write(&entry.line))).collect();
        let mut fresh = Cache::new(book.cache.net()).unwrap();
        fresh.append(&words).unwrap();
        assert_eq!(book.cache.len(), words.len());
        assert_eq!(book.cache.step(1).unwrap(), fresh.step(1).unwrap(), "beat {beat}");
        book.cache.truncate(words.len());
    }
}

#[test]
fn a_full_context_slides_and_the_band_goes_on() {
    let mut stage = Stage::new(rig(), 2);
    let chunks = stage.play(0..160, 2);
    assert!(stage.model.slides() > 2, "{}", stage.model.slides());
    assert!(chunks[80..].iter().any(|chunk| of(chunk, Part::Bass) > 0));
}

#[test]
fn what_is_played_is_heard_in_the_next_beat_and_not_before() {
    let (mut one, mut other) = (Stage::new(rig(), 5), Stage::new(rig(), 5));
    for beat in 0..20 {
        let told = |stage: &mut Stage, base| {
            let chunks = stage.play(beat..beat + 1, 0);
            assert!(chunks.is_empty());
            let written = (beat + 1..beat + 4).map(|beat| notes(&stage.write(beat))).collect::<Vec<_>>();
            stage.perform(beat, base);
            written
        };
        let (a, b) = (told(&mut one, 60), told(&mut other, if beat < 10 { 60 } else { 67 }));
        assert_eq!(a == b, beat <= 10, "beat {beat}");
    }
}

#[test]
fn who_rests_is_silent_and_comes_back() {
    let mut stage = Stage::new(rig(), 6);
    stage.play(0..8, 1);
    let silent = [Part::Drums, Part::Comp];
    silent.into_iter().for_each(|part| stage.set(Param::on(Knob::Density, part), 0.0));
    let chunks = stage.play(8..24, 1);
    assert!(silent.iter().all(|part| chunks.iter().all(|chunk| of(chunk, *part) == 0)));
    stage.set(Param::on(Knob::Density, Part::Drums), 0.5);
    let chunks = stage.play(24..40, 1);
    assert!(chunks.iter().any(|chunk| of(chunk, Part::Drums) > 0));
    assert!(chunks.iter().all(|chunk| of(chunk, Part::Comp) == 0));
}

#[test]
fn a_cue_is_played_by_the_rig_and_returns_to_the_model() {
    let mut stage = Stage::new(rig(), 6);
    stage.play(0..12, 3);
    stage.section(Section::Break(Level::B), 14);
    stage.section(Section::Main(Level::B), 16);
    stage.revision = 1;
    let chunks = stage.play(12..20, 4);
    let keys = |chunk: &Chunk| {
        let drums = chunk.notes().iter().filter(|note| note.part == Part::Drums);
        drums.map(|note| (note.role, note.position)).collect::<Vec<_>>()
    };
    let at = |beat: i32| chunks.iter().find(|chunk| chunk.beat == Beat(beat)).unwrap();
    assert_eq!(at(14).section, Section::Break(Level::B));
    assert!(keys(at(14)).is_empty() && keys(at(15)).is_empty(), "the break has its stop on one");
    assert!(keys(at(16)).contains(&(Role::Drum(49), 0)), "the main is greeted");
}

/// Rigs that differ in what matters to the model.
fn rigs() -> [Rig; 5] {
    let swing = Rig { swing: 0.66, ..rig() };
    let mut guitar = rig();
    guitar.parts[Part::Comp.index()].family = Family::Barre;
    let mut groove_bass = Rig { clave: Some(Clave::TwoThree), unit_bars: 2, ..rig() };
    groove_bass.parts[Part::Bass.index()].source = PartSource::Groove;
    let compound = Rig { meter: Meter::new(12, 8).unwrap(), ..rig() };
    [rig(), swing, guitar, groove_bass, compound]
}

#[test]
fn every_rig_gives_legal_chunks() {
    for (i, rig) in rigs().into_iter().enumerate() {
        let kit: Vec<u8> = rig
            .mains
            .iter()
            .chain(rig.fills.iter().flatten())
            .flat_map(|p| &p.drums)
            .map(|l| l.key)
            .collect();
        let barre = rig.part(Part::Comp).family == Family::Barre;
        for chunk in Stage::new(rig, i as u64).play(0..40, 2) {
            assert_eq!(chunk.overflow, 0);
            for note in chunk.notes() {
                assert!(note.position < 12 && (1..=127).contains(&note.velocity), "{note:?}");
                match note.role {
                    Role::Drum(key) => assert!(kit.contains(&key) || [36, 49].contains(&key), "{note:?}"),
                    Role::Shape { family, .. } if barre && note.part == Part::Comp => {
                        assert!(matches!(family, Family::Barre | Family::TopThree), "{note:?}");
                    }
                    _ => assert!(note.part.is_pitched(), "{note:?}"),
                }
            }
        }
    }
}

#[test]
fn whatever_is_heard_in_whatever_order_the_band_plays_on() {
    for seed in 0..12 {
        let rng = &mut fastrand::Rng::with_seed(seed);
        let mut stage = Stage::new(rig(), seed);
        let mut now = 0;
        for _ in 0..80 {
            let at = i64::from(now) * 960 + rng.i64(-500..2000);
            match rng.u8(0..12) {
                0 => stage
                    .section(Section::decode([rng.u8(0..6), rng.u8(0..4)]).unwrap(), now + rng.i32(-4..8)),
                1 => stage.hear(at, HeardKind::Stopped),
                2 => stage.hear(at, HeardKind::Started),
                3 => stage.hear(at, HeardKind::Gap),
                4 => stage.chord(rng.u8(0..12), at),
                5 => stage.hear(at, HeardKind::Chord { chord: None, since: at }),
                6 => stage.knob(Knob::Surprise, rng.f32()),
                7 => stage.event(at, EventKind::NoteOn { key: rng.u8(0..128), velocity: rng.u8(1..128) }),
                8 => stage.event(at, EventKind::Panic),
                9 => stage.set(Param::on(Knob::Density, Part::BAND[rng.usize(0..4)]), rng.f32() - 0.3),
                10 => now = rng.i32(0..200),
                11 => (0..40).for_each(|i| stage.note(at + 20 * i, 54 + rng.u8(0..40), rng.u8(1..128))),
                _ => now += 1,
            }
            stage.beat(now);
            stage.model.rewind(Beat(now + rng.i32(-3..3)));
            let from = now + rng.i32(0..3);
            (from..from + 2).for_each(|beat| _ = stage.write(beat));
        }
    }
}

#[test]
fn a_network_that_fails_is_an_error_and_writes_nothing() {
    let nets = [random::net("other words", 1.0, 1), random::net(&Word::fingerprint(), 3e38, 1)];
    for net in nets {
        let mut model = Transformer::new(Arc::new(rig()), net, 0);
        let kind = HeardKind::Section { section: Section::Main(Level::A), from: Beat(0) };
        model.hear(Heard { at: 0, kind });
        let mut chunk = Chunk::new(Beat(0), 0, Section::Stopped);
        assert!(model.continue_into(&mut chunk).is_err());
        assert!(chunk.notes().is_empty());
    }
}

#[test]
fn where_the_network_fails_groove_goes_on_without_a_gap() {
    let rig = Arc::new(rig());
    let (mut tell, heard) = RingBuffer::new(4);
    let (chunks, mut written) = RingBuffer::new(8);
    let net = random::net(&Word::fingerprint(), 3e38, 1);
    let chair = Chair {
        rig: 0,
        accompanist: Box::new(Transformer::new(rig.clone(), net, 0)),
        fallback: Some(Box::new(Groove::new(rig, 0))),
    };
    let ends = ModelEnds { heard, chunks, stats: Arc::default() };
    let (_chairs, waiting) = std::sync::mpsc::channel();
    let mut worker = Worker::new(ends, chair, waiting, Horizon::default());
    let kind = HeardKind::Section { section: Section::Main(Level::A), from: Beat(0) };
    tell.push(Heard { at: 0, kind }).unwrap();
    assert_eq!(worker.name(), "random");
    while worker.step() {}
    let beats: Vec<i32> = std::iter::from_fn(|| written.pop().ok()).map(|chunk| chunk.beat.0).collect();
    assert_eq!((worker.name(), beats), ("groove", vec![0, 1, 2, 3]));
}

#[test]
fn the_expected_chord_has_a_probability() {
    let mut stage = Stage::new(rig(), 1);
    stage.play(0..6, 2);
    let expected = stage.model.expectation().unwrap();
    assert!((0.0..=1.0).contains(&expected.probability) && expected.probability > 0.0, "{expected:?}");
    stage.beat(6);
    assert_eq!(stage.model.expectation(), None, "it was for the beat that has begun");
}

#[test]
fn a_jazz_stream_opens_with_its_cymbals_and_leaves_kick_and_snare_to_the_model() {
    let keys = |feel: Feel| -> Vec<u8> {
        let rig = Arc::new(Rig { feel, ..rig() });
        let lines = opening::lines(&rig, 1, Level::A, None, Beat(0));
        lines.iter().flat_map(|entry| entry.line.drums.iter().map(|hit| hit.key)).collect()
    };
    let (jazz, rock) = (keys(Feel::Jazz), keys(Feel::Driving));
    assert!(!jazz.is_empty() && jazz.iter().all(|key| !drums::is_skeleton(*key)), "{jazz:?}");
    assert!(rock.iter().any(|key| drums::is_skeleton(*key)));
}
