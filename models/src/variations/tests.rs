//! Properties of variations, with a network that knows nothing.

use std::collections::BTreeSet;
use std::sync::Arc;

use engine::{
    Beat, Chord, Event, EventKind, Grid, Heard, HeardKind, Level, Meter, POSITIONS, Quality, Section, Source,
    Tick,
};

use super::melody::Manner;
use super::*;
use crate::groove::tests::rig;
use crate::net::{Precision, Weights};
use crate::scribe::{Scribe, Stream};
use crate::tokens::{Performer, SEATS, Seat};
use crate::transformer::tests::random;

const BEAT: Tick = 960;

/// Two bars of silence, then so many of chords and a melody.
fn heard(meter: Meter, bars: i32) -> Vec<Heard> {
    let (per_bar, beat) = (meter.beats_per_bar(), meter.ticks_per_beat());
    let grid = HeardKind::Grid(Grid::new(meter));
    let section = HeardKind::Section { section: Section::Main(Level::B), from: Beat(0) };
    let mut heard: Vec<Heard> = [grid, HeardKind::Started, section].map(|kind| Heard { at: 0, kind }).into();
    for n in 0..(2 + bars) * per_bar {
        let at = Tick::from(n) * beat;
        heard.push(Heard { at, kind: HeardKind::Beat { beat: Beat(n), bpm: 100.0 } });
        if n % per_bar == 0 {
            let chord = Chord::new((n / per_bar * 5 % 12) as u8, Quality::Dom7);
            heard.push(Heard { at, kind: HeardKind::Chord { chord: Some(chord), since: at } });
            strike(&mut heard, at, beat - 100, 41);
        }
        if n >= 2 * per_bar && n % 4 != 3 {
            strike(&mut heard, at + beat / 2, beat / 3, 60 + (n * 5 % 12) as u8);
        }
    }
    heard.push(Heard { at: Tick::MAX, kind: HeardKind::Stopped });
    heard
}

fn strike(heard: &mut Vec<Heard>, at: Tick, length: Tick, key: u8) {
    let told = |at, kind| Heard { at, kind: HeardKind::Event(Event { arrival: 0, source: Source(0), kind }) };
    heard.push(told(at, EventKind::NoteOn { key, velocity: 80 }));
    heard.push(told(at + length, EventKind::NoteOff { key }));
}

fn phrase(meter: Meter, bars: i32, wanted: u32) -> Phrase {
    Phrase::find(&rig(), heard(meter, bars), wanted).unwrap()
}

const WISH: Wish = Wish { count: 12, bars: 4, seed: 1, variety: 0.8, rows: 4 };

fn found(wish: &Wish) -> Variations {
    found_by(&random::whole(3), wish)
}

fn found_by(net: &Arc<Net>, wish: &Wish) -> Variations {
    vary(&Arc::new(rig()), net, &phrase(Meter::COMMON, 4, wish.bars), wish).unwrap()
}

#[test]
fn the_phrase_begins_with_the_bar_of_the_melody_and_ends_with_a_bar() {
    for (numerator, denominator) in [(4, 4), (3, 4), (6, 8), (12, 8)] {
        let meter = Meter::new(numerator, denominator).unwrap();
        for (bars, wanted, expected) in [(4, 4, 4), (2, 4, 2), (8, 4, 4), (3, 1, 1)] {
            let phrase = phrase(meter, bars, wanted);
            assert_eq!((phrase.bars(), phrase.meter()), (expected, meter));
            assert_eq!(phrase.first, Beat(2 * meter.beats_per_bar()));
        }
    }
}

#[test]
fn where_no_key_above_the_split_is_struck_there_is_no_phrase() {
    let mut heard = heard(Meter::COMMON, 4);
    heard.retain(|one| !matches!(one.kind, HeardKind::Event(event) if is_high(event.kind)));
    assert!(Phrase::find(&rig(), heard, 4).is_none());
    assert!(Phrase::find(&rig(), Vec::new(), 4).is_none());
}

fn is_high(kind: EventKind) -> bool {
    matches!(kind, EventKind::NoteOn { key, .. } if key >= 54)
}

#[test]
fn a_short_phrase_goes_around_with_its_chords_and_its_chord_hand() {
    let phrase = phrase(Meter::COMMON, 2, 4);
    let roots: Vec<u8> = phrase.changes(5).iter().flatten().map(|chord| chord.root).collect();
    assert!(roots.chunks(4).map(|bar| bar[0]).eq([10, 3, 10, 3, 10]));
    let hand = phrase.chord_hand(5);
    assert!(hand.iter().map(|note| note.on).eq((0..5).map(|bar| bar * 4 * BEAT)));
    assert!(hand.iter().all(|note| note.off - note.on == BEAT - 100 && note.key == 41));
}

#[test]
fn the_same_seed_finds_the_same_and_another_one_others() {
    let once = found(&WISH).ranked;
    assert_eq!(once, found(&WISH).ranked);
    assert_ne!(once, found(&Wish { seed: 2, ..WISH }).ranked);
}

#[test]
fn the_size_of_a_batch_changes_nothing() {
    let weights = Weights::read(crate::WEIGHTS, "inside").unwrap();
    let precisions = [Precision::F32, Precision::Bf16, Precision::W8];
    for net in precisions.map(|precision| Arc::new(Net::new(&weights, precision).unwrap())) {
        let once = found_by(&net, &WISH);
        for rows in [1, 3, 7, 128] {
            let again = found_by(&net, &Wish { rows, ..WISH });
            assert_eq!((again.ranked, again.tokens), (once.ranked.clone(), once.tokens), "{rows} rows");
        }
    }
}

#[test]
fn no_two_melodies_are_the_same_and_all_can_be_played() {
    let found = found(&Wish { count: 60, ..WISH });
    let melodies: BTreeSet<Vec<(Tick, u8)>> = found.ranked.iter().map(melody).collect();
    assert_eq!((melodies.len(), found.ranked.len()), (60, 60));
    for variation in &found.ranked {
        assert!(!variation.notes.is_empty() && variation.log_likelihood < 0.0);
        for note in &variation.notes {
            assert!(0 <= note.on && note.on < note.off && note.off <= 16 * BEAT, "{note:?}");
            assert!((54..=100).contains(&note.key) && (1..=127).contains(&note.velocity), "{note:?}");
        }
        let ends: Vec<Tick> = variation.notes.iter().map(|note| note.off).collect();
        assert!(variation.notes.iter().skip(1).zip(ends).all(|(next, end)| end <= next.on), "one voice");
    }
}

fn melody(variation: &Variation) -> Vec<(Tick, u8)> {
    variation.notes.iter().map(|note| (note.on, note.key % 12)).collect()
}

#[test]
fn where_there_is_no_variety_fewer_may_be_found_and_the_search_ends() {
    let found = found(&Wish { count: 500, bars: 1, variety: 0.0, ..WISH });
    assert!(found.ranked.len() < 500);
    assert!(found.drawn >= 500);
}

#[test]
fn bars_that_do_not_fit_into_the_context_are_refused() {
    let rig = Arc::new(rig());
    let phrase = phrase(Meter::COMMON, 4, 32);
    let refused = vary(&rig, &random::whole(3), &phrase, &Wish { bars: 32, ..WISH });
    assert_eq!(refused.unwrap_err(), VariationsError::TooLong(32));
}

#[test]
fn a_network_that_fails_is_an_error() {
    let phrase = phrase(Meter::COMMON, 4, 4);
    for net in [random::net("other words", 1.0, 1), random::net(&Word::fingerprint(), 3e38, 1)] {
        let failed = vary(&Arc::new(rig()), &net, &phrase, &WISH);
        assert!(matches!(failed, Err(VariationsError::Model(_))));
    }
}

#[test]
fn the_prefix_tells_the_phrase_and_leaves_room_for_the_longest_variation() {
    for bars in 1..=8 {
        let (rig, net) = (Arc::new(rig()), random::whole(3));
        let sheet = Sheet::new(&rig, &phrase(Meter::COMMON, 4, bars), bars, 1, net.config()).unwrap();
        assert!(sheet.prefix.len() + sheet.room() <= net.config().context);
        assert_eq!(sheet.lines.len() as u32, 4 * bars);
        let mut grammar = crate::tokens::Grammar::default();
        assert!(sheet.prefix.iter().all(|word| grammar.take(*word)));
    }
}

/// What a band hears of a melody over one chord.
fn heard_again(notes: &[Note], swing: f32, beats: i32) -> Vec<Performer> {
    let rig = Rig { swing, ..rig() };
    let mut scribe = Scribe::new(Arc::new(rig));
    let tell = |scribe: &mut Scribe, at, kind| scribe.hear(Heard { at, kind });
    tell(&mut scribe, 0, HeardKind::Chord { chord: Some(Chord::new(2, Quality::Min7)), since: 0 });
    let mut events: Vec<Heard> = Vec::new();
    for note in notes {
        let on = EventKind::NoteOn { key: note.key, velocity: note.velocity };
        for (at, kind) in [(note.on, on), (note.off, EventKind::NoteOff { key: note.key })] {
            let event = Event { arrival: 0, source: Source(0), kind };
            events.push(Heard { at, kind: HeardKind::Event(event) });
        }
    }
    events.extend((0..=beats).map(|beat| Heard {
        at: Tick::from(beat) * BEAT,
        kind: HeardKind::Beat { beat: Beat(beat), bpm: 100.0 },
    }));
    events.sort_by_key(|one| (one.at, !matches!(one.kind, HeardKind::Beat { .. })));
    let mut told = Vec::new();
    for one in events {
        let begins = matches!(one.kind, HeardKind::Beat { .. });
        scribe.hear(one);
        if begins && scribe.now() > Beat(0) {
            let stream = Stream::default().over(Some(Chord::new(2, Quality::Min7)));
            told.push(scribe.frame(scribe.now(), &stream, [Seat::Tacet; SEATS], false).performer);
        }
    }
    told
}

#[test]
fn the_band_hears_the_words_that_were_drawn() {
    let rng = &mut fastrand::Rng::with_seed(1);
    for swing in [0.5, 0.66] {
        let manner = Manner { beat: BEAT, bar: 4 * BEAT, swing, sixteenths: false, lowest: 54, from: 65 };
        for _ in 0..30 {
            let beats: Vec<Performer> = (0..8).map(|_| any_beat(rng)).collect();
            let notes = melody::notes(&beats, &[2; 8], &manner);
            let told = heard_again(&notes, swing, 8);
            for (said, told) in beats.iter().zip(&told) {
                assert_eq!(onsets(said), onsets(told));
            }
        }
    }
}

/// A beat with one voice on eighths, or none.
fn any_beat(rng: &mut fastrand::Rng) -> Performer {
    let positions = [0, 6].into_iter().filter(|_| rng.bool()).collect::<Vec<u8>>();
    let lead: Vec<_> = positions.into_iter().map(|position| (position, rng.u8(0..12), false)).collect();
    match lead.is_empty() {
        true => Performer::Rest(rng.u8(0..3)),
        false => Performer::Play { level: rng.u8(0..5), register: rng.u8(0..3), lead, hand: Vec::new() },
    }
}

/// Loudness, and where which degrees begin.
fn onsets(performer: &Performer) -> Option<(u8, Vec<(u8, u8)>)> {
    let Performer::Play { level, lead, .. } = performer else { return None };
    Some((*level, lead.iter().map(|(position, degree, _)| (*position, *degree)).collect()))
}

#[test]
fn a_note_lasts_to_the_next_one_and_not_into_a_silence() {
    let play = |position| Performer::Play {
        level: 2,
        register: 1,
        lead: vec![(position, 0, false)],
        hand: Vec::new(),
    };
    let manner = Manner { beat: BEAT, bar: 4 * BEAT, swing: 0.5, sixteenths: false, lowest: 54, from: 65 };
    let ends = |beats: &[Performer]| {
        let notes = melody::notes(beats, &vec![0; beats.len()], &manner);
        notes.iter().map(|note| (note.off + BEAT / Tick::from(POSITIONS)) / BEAT).collect::<Vec<_>>()
    };
    let held = || Performer::Rest(0);
    assert_eq!(ends(&[play(0), held(), play(0)]), [2, 3]);
    assert_eq!(ends(&[play(0), Performer::Rest(1), play(0)]), [1, 3]);
    assert_eq!(ends(&[play(0), held(), held(), held(), held(), held()]), [4], "a bar at most");
}
