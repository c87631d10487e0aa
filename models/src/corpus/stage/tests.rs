use std::sync::Arc;

use engine::{Knob, LocalKey, Mode, Param, Quality, Role};
use fastrand::Rng;

use super::*;
use crate::corpus::augment;
use crate::corpus::parts::Played;
use crate::groove::tests::rig;
use crate::tokens::{Length, Performer, Tone, Touch};

const BEATS: usize = 48;

/// A note in every beat; from a beat on another one, or none.
fn tune(change: i32, key: Option<u8>) -> Vec<Played> {
    let note = |beat| {
        let key = if beat < change { Some(72) } else { key };
        key.map(|key| Played { beat, position: 3, key, velocity: 40 + key, length: 6 })
    };
    (0..BEATS as i32).filter_map(note).collect()
}

fn script(notes: &[Played]) -> Script {
    let grid = Grid::new(Meter::COMMON);
    let mut book = Book::new(grid, BEATS, 120.0);
    let chord = |bar: i64| Some(Chord::new((bar * 5 % 12) as u8, Quality::Dom7));
    (0..BEATS as i64 / 4).for_each(|bar| book.chord(bar * 3840, chord(bar)));
    Form::measured(&[2; BEATS / 4], &mut Rng::with_seed(1)).write(&grid, &mut book);
    knobs::keys(&[LocalKey { tonic: 0, mode: Mode::Major }; BEATS], &grid, &mut book);
    notes.iter().for_each(|note| book.note(&grid, note));
    book.close();
    Script {
        rig: Arc::new(rig()),
        style: Style::Rock,
        meter: Meter::COMMON,
        beats: BEATS,
        book,
        chart: None,
        drums: Chair::Teacher,
        tones: [Chair::Teacher, Chair::Teacher, Chair::Empty],
        unheard: augment::unheard(BEATS, &mut Rng::with_seed(3)),
        seed: 5,
    }
}

/// A line without its notes.
fn frame(line: &Line) -> Line {
    Line { drums: Vec::new(), ties: [false; 3], tones: [const { Vec::new() }; 3], ..line.clone() }
}

#[test]
fn a_line_does_not_know_what_is_played_in_its_beat_or_later() {
    let whole = script(&tune(99, None));
    for change in [9, 10, 11, 12, 13, 30] {
        let other = script(&tune(change, Some(55)));
        let (lines, others) = (whole.play(), other.play());
        let same = lines.iter().zip(&others).take_while(|(a, b)| frame(a) == frame(b)).count();
        assert!(same > change as usize, "line {same} knows of beat {change}");
        assert!(same < BEATS, "in the end it is heard");
    }
}

#[test]
fn a_line_of_the_future_says_that_it_is_unheard() {
    let script = script(&tune(99, None));
    for (line, unheard) in script.play().iter().zip(&script.unheard) {
        assert_eq!(line.performer == Performer::Unheard, *unheard);
        assert_eq!(line.expected, *unheard);
    }
}

#[test]
fn a_chart_is_known_in_lines_of_the_future() {
    let mut script = script(&tune(99, None));
    let chord = |beat: usize| Some(Chord::new((beat / 4 * 5 % 12) as u8, Quality::Dom7));
    script.chart = Some((0..BEATS).map(chord).collect());
    let mut stream = Stream::default();
    for (beat, line) in script.play().iter().enumerate() {
        assert!(!line.expected);
        assert_eq!(stream.spelt(line.chord), chord(beat), "beat {beat}");
        stream = stream.after(line);
    }
}

#[test]
fn what_humans_played_stands_in_the_lines_and_the_bass_sits_on_their_kick() {
    let mut script = script(&tune(0, None));
    let kick = Hit { position: 9, key: 36, velocity: 2, ornament: None };
    let tone = Tone {
        position: 3,
        push: false,
        touch: Touch { velocity: 1, length: Length::Half },
        role: Role::Root { octave: 1 },
    };
    script.drums = Chair::Human(vec![vec![kick]; BEATS], vec![2; BEATS / 4]);
    let tones = Tones { beats: vec![vec![tone]; BEATS], ties: vec![true; BEATS] };
    script.tones[1] = Chair::Human(tones, vec![3; BEATS / 4]);
    for line in script.play() {
        assert_eq!((line.drums, &line.tones[1]), (vec![kick], &vec![tone]));
        assert_eq!(line.ties[1..], [true, false]);
        if let Some(head) = line.head {
            use Seat::{Human, Tacet, Teacher};
            assert_eq!(head.seats, [Human(2), Teacher(1), Human(3), Tacet]);
        }
    }
}

#[test]
fn a_part_that_is_turned_down_is_tacet() {
    let mut script = script(&tune(0, None));
    script.book.set(0, Param::on(Knob::Density, Part::Bass), 0.0);
    script.book.close();
    let lines = script.play();
    assert!(lines.iter().all(|line| line.tones[0].is_empty()));
    assert!(lines.iter().flat_map(|line| &line.head).all(|head| head.seats[1] == Seat::Tacet));
    assert!(lines.iter().any(|line| !line.tones[1].is_empty()));
}

#[test]
fn a_form_that_is_drawn_begins_at_once() {
    let grid = Grid::new(Meter::COMMON);
    for seed in 0..40 {
        let mut script = script(&tune(99, None));
        script.book = Book::new(grid, BEATS, 120.0);
        Form::drawn(BEATS as i32 / 4, &script.rig, &mut Rng::with_seed(seed)).write(&grid, &mut script.book);
        script.book.close();
        let lines = script.play();
        assert!(lines.iter().take(4).any(|line| !line.drums.is_empty()), "seed {seed}");
    }
}
