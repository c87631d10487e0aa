//! Properties of frames, with a scripted player.

use std::sync::Arc;

use engine::{
    Beat, Chord, Event, EventKind, Heard, HeardKind, Knob, Level, LocalKey, Mode, Param, Quality, Section,
    Source,
};

use super::*;
use crate::groove::tests::rig;
use crate::rig::Clave;
use crate::tokens::{ChordWord, Hit, Trend};

const SEATS_ALL: [Seat; SEATS] = [Seat::Human(1), Seat::Teacher(1), Seat::Teacher(1), Seat::Teacher(1)];

/// A scribe that is told beats, notes and chords.
struct Desk(Scribe);

impl Desk {
    fn new() -> Desk {
        let mut desk = Desk(Scribe::new(Arc::new(rig())));
        desk.section(Section::Main(Level::B), 0);
        desk
    }

    fn hear(&mut self, at: i64, kind: HeardKind) {
        self.0.hear(Heard { at, kind });
    }

    fn event(&mut self, at: i64, kind: EventKind) {
        self.hear(at, HeardKind::Event(Event { arrival: 0, source: Source(0), kind }));
    }

    fn section(&mut self, section: Section, from: i32) {
        self.hear(0, HeardKind::Section { section, from: Beat(from) });
    }

    fn chord(&mut self, root: u8, since: i64) {
        self.hear(since, HeardKind::Chord { chord: Some(Chord::new(root, Quality::Min7)), since });
    }

    fn on(&mut self, at: i64, key: u8, velocity: u8) {
        self.event(at, EventKind::NoteOn { key, velocity });
    }

    fn off(&mut self, at: i64, key: u8) {
        self.event(at, EventKind::NoteOff { key });
    }

    fn beat(&mut self, beat: i32) {
        self.hear(i64::from(beat) * 960, HeardKind::Beat { beat: Beat(beat), bpm: 120.0 });
    }

    fn frame(&self, beat: i32) -> Line {
        self.0.frame(Beat(beat), &Stream::default(), SEATS_ALL, false)
    }
}

#[test]
fn what_has_not_begun_is_unheard_and_its_chord_expected() {
    let mut desk = Desk::new();
    desk.chord(2, 0);
    (0..=4).for_each(|beat| desk.beat(beat));
    let (heard, ahead) = (desk.frame(4), desk.frame(5));
    assert_eq!((heard.performer, heard.expected), (Performer::Absent, false));
    assert_eq!((ahead.performer, ahead.expected), (Performer::Unheard, true));
    assert_eq!(ahead.chord, heard.chord, "without a form the last chord is expected");
}

#[test]
fn what_is_played_later_changes_no_line_that_was_heard() {
    let mut desk = Desk::new();
    for beat in 0..40 {
        let at = i64::from(beat) * 960;
        desk.beat(beat);
        let before: Vec<Line> = (beat - 3..=beat).map(|b| desk.frame(b.max(0))).collect();
        desk.on(at + 240, 60 + (beat % 7) as u8, 90);
        desk.off(at + 300, 60 + (beat % 7) as u8);
        desk.chord((beat % 5) as u8, at + 480);
        let after: Vec<Line> = (beat - 3..=beat).map(|b| desk.frame(b.max(0))).collect();
        assert_eq!(before, after, "beat {beat}");
    }
}

#[test]
fn a_lead_note_is_a_degree_of_the_chord_that_it_was_played_over() {
    let mut desk = Desk::new();
    desk.chord(2, 0);
    desk.beat(0);
    desk.on(480, 65, 80);
    desk.off(700, 65);
    desk.chord(7, 950);
    desk.beat(1);
    let Performer::Play { lead, hand, .. } = desk.frame(1).performer else { panic!("they played") };
    assert_eq!((lead, hand), (vec![(6, 3, false)], vec![]));
}

#[test]
fn a_chord_of_the_hand_counts_once() {
    let mut desk = Desk::new();
    desk.beat(0);
    [40, 44, 47].into_iter().enumerate().for_each(|(i, key)| desk.on(i as i64 * 20, key, 80));
    desk.beat(1);
    let Performer::Play { lead, hand, .. } = desk.frame(1).performer else { panic!("they played") };
    assert_eq!((lead, hand), (vec![], vec![(0, false)]));
}

#[test]
fn the_last_keys_of_a_chord_that_reaches_over_a_beat_are_held_and_not_played() {
    let mut desk = Desk::new();
    desk.beat(0);
    desk.on(910, 40, 80);
    desk.on(930, 44, 80);
    desk.beat(1);
    let Performer::Play { hand, .. } = desk.frame(1).performer else { panic!("they played") };
    assert_eq!(hand, [(11, false)]);
    desk.beat(2);
    assert_eq!(desk.frame(2).performer, Performer::Rest(0));
}

#[test]
fn a_key_that_is_held_is_no_rest_and_rests_are_counted_from_its_end() {
    let mut desk = Desk::new();
    desk.beat(0);
    desk.on(0, 72, 80);
    let mut heard = Vec::new();
    for beat in 1..13 {
        desk.beat(beat);
        heard.push(desk.frame(beat).performer);
        if beat == 2 {
            desk.off(beat.into(), 72);
        }
    }
    let rests = [0, 0, 1, 2, 2, 3, 3, 3, 3, 4, 4].map(Performer::Rest);
    assert_eq!(heard[1..], rests);
}

#[test]
fn heads_stand_at_bar_lines_and_where_sections_begin() {
    let mut desk = Desk::new();
    desk.section(Section::Fill(Level::C), 6);
    desk.section(Section::Main(Level::C), 8);
    let heads: Vec<i32> = (0..12).filter(|beat| desk.frame(*beat).head.is_some()).collect();
    assert_eq!(heads, [0, 4, 6, 8]);
    assert!(desk.0.frame(Beat(2), &Stream::default(), SEATS_ALL, true).head.is_some());
}

#[test]
fn a_cue_is_announced_by_its_distance_in_bars() {
    let mut desk = Desk::new();
    desk.section(Section::Main(Level::D), 24);
    let head = |bar: i32| desk.frame(4 * bar).head.unwrap();
    assert_eq!([0, 1, 2, 3, 4, 5, 6].map(|bar| head(bar).cue), [8, 8, 4, 4, 2, 1, 8]);
    assert_eq!((head(5).energy.trend, head(6).bar), (Trend::Up, 0));
}

#[test]
fn energy_follows_section_knob_and_player() {
    let mut desk = Desk::new();
    let level = |desk: &Desk, beat: i32| desk.frame(beat).head.unwrap().energy.level;
    assert_eq!(level(&desk, 0), 1);
    desk.event(0, EventKind::Set { param: Param::of(Knob::Intensity), value: 1.0 });
    assert_eq!(level(&desk, 0), 3);
    desk.event(0, EventKind::Set { param: Param::of(Knob::Intensity), value: 0.5 });
    desk.event(0, EventKind::Set { param: Param::of(Knob::Follow), value: 1.0 });
    for beat in 0..=32 {
        desk.beat(beat);
        for n in 0..4 {
            desk.on(i64::from(beat) * 960 + n * 240, 72, 120);
            desk.off(i64::from(beat) * 960 + n * 240 + 100, 72);
        }
    }
    assert_eq!(level(&desk, 32), 2);
}

#[test]
fn the_key_is_said_against_the_chord() {
    let mut desk = Desk::new();
    assert_eq!(desk.frame(0).head.unwrap().key, None);
    desk.hear(0, HeardKind::Key(LocalKey { tonic: 10, mode: Mode::Minor }));
    desk.chord(3, 0);
    desk.beat(0);
    assert_eq!(desk.frame(0).head.unwrap().key, Some((5, true)));
}

#[test]
fn the_clave_has_its_sides_in_phase() {
    let mut scribe = Scribe::new(Arc::new(Rig { clave: Some(Clave::TwoThree), ..rig() }));
    scribe
        .hear(Heard { at: 0, kind: HeardKind::Section { section: Section::Main(Level::A), from: Beat(0) } });
    let side =
        |bar: i32| scribe.frame(Beat(4 * bar), &Stream::default(), SEATS_ALL, false).head.unwrap().clave;
    use crate::tokens::Side::{Three, Two};
    assert_eq!([0, 1, 2, 3].map(side), [Two, Three, Two, Three]);
}

#[test]
fn a_chart_is_known_ahead() {
    let mut desk = Desk::new();
    let chord = |root| Some(Chord::new(root, Quality::Dom7));
    desk.0.read_chart([0, 0, 0, 0, 5, 5, 5, 5].map(chord).to_vec());
    let line = desk.frame(3);
    assert!(!line.expected);
    assert_eq!(line.next, Some(ChordWord::Change { motion: 5, quality: Quality::Dom7, bass: 0 }));
    assert_eq!(desk.frame(2).next, None, "what holds is no change");
}

#[test]
fn a_chord_comes_back_from_its_word() {
    let mut stream = Stream::default();
    let chords = [None, Some(Chord::new(9, Quality::Min7)), None, Some(Chord::new(2, Quality::Dom7).over(0))];
    for chord in chords.into_iter().chain([chords[3]]) {
        let line = Line { chord: stream.word(chord), ..Line::empty(0) };
        assert_eq!(stream.spelt(line.chord), chord);
        stream = stream.after(&line);
        assert_eq!((stream.chord(), stream.word(chord)), (chord, ChordWord::Hold));
    }
    assert_eq!(stream.root(), 2);
}

#[test]
fn the_past_knows_the_commonest_skeleton_and_forgets_after_eight_bars() {
    let mut stream = Stream::default();
    let kick = |position| Hit { position, key: 36, velocity: 2, ornament: None };
    for bar in 0..10 {
        let chord = stream.word(Some(Chord::new(bar, Quality::Maj)));
        for place in 0..4 {
            let drums = if bar == 8 { vec![kick(3)] } else { vec![kick(0)] };
            let chord = if place == 0 { chord } else { ChordWord::Hold };
            stream = stream.after(&Line { drums, chord, ..Line::empty(place) });
        }
    }
    let past = stream.past().map(|bar| bar.map(|bar| (bar.root, bar.skeleton)).unwrap());
    let expected = [(0, 0), (11, 1), (10, 0), (9, 0), (8, 0), (7, 0), (6, 0), (5, 0)];
    assert_eq!(past, expected);
}
