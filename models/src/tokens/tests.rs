use engine::{Meter, Part, Quality};
use fastrand::Rng;

use super::*;

/// A line that can be said, of any kind.
fn any_line(rng: &mut Rng, seats: &[Seat; SEATS]) -> Line {
    let mut line = Line::empty(rng.u8(0..12));
    if rng.bool() {
        line.head = Some(any_head(rng, *seats));
    }
    line.expected = rng.bool();
    line.chord = any_chord(rng);
    line.next = Some(any_chord(rng)).filter(|word| matches!(word, ChordWord::Change { .. }));
    line.performer = any_performer(rng);
    let plays = |part: Part| seats[part.index()] != Seat::Tacet;
    if plays(Part::Drums) {
        line.drums = any_drums(rng);
    }
    for (i, part) in
        [Part::Bass, Part::Comp, Part::Pads].into_iter().enumerate().filter(|(_, part)| plays(*part))
    {
        line.ties[i] = rng.bool();
        line.tones[i] = any_tones(rng, part);
    }
    line
}

fn any_seats(rng: &mut Rng) -> [Seat; SEATS] {
    std::array::from_fn(|_| match rng.u8(0..4) {
        0 => Seat::Tacet,
        1 => Seat::Performer,
        2 => Seat::Human(rng.u8(0..4)),
        _ => Seat::Teacher(rng.u8(0..4)),
    })
}

fn any_head(rng: &mut Rng, seats: [Seat; SEATS]) -> Head {
    let past = |rng: &mut Rng| {
        std::array::from_fn(|_| {
            let (root, kind) = (rng.u8(0..12), rng.u8(0..4));
            rng.bool().then(|| PastBar { root, kind, energy: rng.u8(0..3), skeleton: rng.u8(0..4) })
        })
    };
    Head {
        bar: rng.u8(0..8),
        cue: [0, 1, 2, 4, 8][rng.usize(0..5)],
        meter: [Meter::COMMON, Meter::new(6, 8).unwrap(), Meter::new(7, 4).unwrap()][rng.usize(0..3)],
        swing: rng.u8(0..5),
        clave: [Side::None, Side::Three, Side::Two][rng.usize(0..3)],
        section: SectionWord::ALL[rng.usize(0..9)],
        charted: rng.bool(),
        style: Style::ALL[rng.usize(0..24)],
        energy: Energy { level: rng.u8(0..5), trend: [Trend::Down, Trend::Flat, Trend::Up][rng.usize(0..3)] },
        key: rng.bool().then(|| (rng.u8(0..12), rng.bool())),
        seats,
        past: rng.bool().then(|| past(rng)),
    }
}

fn any_chord(rng: &mut Rng) -> ChordWord {
    let quality = Quality::all().nth(rng.usize(0..Quality::COUNT)).unwrap();
    match rng.u8(0..4) {
        0 => ChordWord::Hold,
        1 => ChordWord::None,
        _ => ChordWord::Change { motion: rng.u8(0..12), quality, bass: rng.u8(0..12) },
    }
}

fn any_performer(rng: &mut Rng) -> Performer {
    let [places, degrees, hands] =
        std::array::from_fn(|_| (0..12).filter(|_| rng.u8(0..4) == 0).collect::<Vec<u8>>());
    let first = degrees.first().copied().unwrap_or(0);
    let lead = places
        .iter()
        .flat_map(|p| degrees.iter().chain((first == 0).then_some(&11)).map(|d| (*p, *d, false)));
    let mut lead: Vec<(u8, u8, bool)> = lead.collect();
    lead.iter_mut().for_each(|onset| onset.2 = rng.bool());
    lead.sort_unstable();
    lead.dedup_by_key(|onset| (onset.0, onset.1));
    let hand: Vec<(u8, bool)> = hands.into_iter().map(|p| (p, rng.bool())).collect();
    match rng.u8(0..5) {
        0 => Performer::Unheard,
        1 => Performer::Absent,
        2 => Performer::Rest(rng.u8(0..5)),
        _ if lead.is_empty() && hand.is_empty() => Performer::Rest(0),
        _ => Performer::Play { level: rng.u8(0..5), register: rng.u8(0..3), lead, hand },
    }
}

fn any_drums(rng: &mut Rng) -> Vec<Hit> {
    let spots = (0..12).flat_map(|position| (35..=82).map(move |key| (position, key)));
    let mut hits = Vec::new();
    for (position, key) in spots {
        if rng.u8(0..40) == 0 {
            let ornament =
                [None, Some(Ornament::Flam), Some(Ornament::Drag), Some(Ornament::Roll)][rng.usize(0..4)];
            hits.push(Hit { position, key, velocity: rng.u8(0..4), ornament });
        }
    }
    hits
}

fn any_tones(rng: &mut Rng, part: Part) -> Vec<Tone> {
    let words = if part == Part::Bass { Class::Bass } else { Class::Chordal }.ids().len() as u16;
    let mut tones = Vec::new();
    for position in 0..12 {
        for push in [false, true] {
            for number in 0..words {
                if rng.u8(0..=255) != 0 {
                    continue;
                }
                let length =
                    [Length::Dead, Length::Short, Length::Half, Length::Full, Length::Tied][rng.usize(0..5)];
                let touch = Touch { velocity: rng.u8(0..4), length };
                tones.push(Tone { position, push, touch, role: role::role(number).unwrap() });
            }
        }
    }
    tones
}

#[test]
fn every_line_comes_back_from_its_words() {
    let rng = &mut Rng::with_seed(7);
    for _ in 0..3000 {
        let seats = any_seats_with_all(rng);
        let line = any_line(rng, &seats);
        assert_eq!(read(&write(&line)), Ok(line));
    }
}

/// Seats in which everybody plays, so that a line without a head is legal too.
fn any_seats_with_all(rng: &mut Rng) -> [Seat; SEATS] {
    any_seats(rng).map(|seat| if seat == Seat::Tacet { Seat::Teacher(1) } else { seat })
}

#[test]
fn a_stream_of_lines_is_legal_word_by_word() {
    let rng = &mut Rng::with_seed(8);
    for _ in 0..200 {
        let (mut grammar, seats) = (Grammar::default(), any_seats(rng));
        let mut opening = any_line(rng, &seats);
        opening.head = Some(any_head(rng, seats));
        for line in std::iter::once(opening).chain((0..5).map(|_| any_line(&mut Rng::with_seed(9), &seats))) {
            write(&line).into_iter().for_each(|word| assert!(grammar.take(word), "{word:?} in {line:?}"));
            assert!(grammar.may_end());
        }
    }
}

#[test]
fn whatever_the_grammar_allows_can_be_read_and_comes_back() {
    let rng = &mut Rng::with_seed(10);
    for _ in 0..500 {
        let (mut grammar, mut words) = (Grammar::default(), Vec::new());
        loop {
            let allowed: Vec<u16> = grammar.allowed().iter().collect();
            let end = words.len() > 400 && grammar.may_end();
            let word = Word::of(allowed[rng.usize(0..allowed.len())]).expect("only words are allowed");
            if end || word.class == Class::Beat && !words.is_empty() {
                break;
            }
            assert!(grammar.take(word));
            words.push(word);
        }
        let line = read(&words).unwrap_or_else(|error| panic!("{error}: {words:?}"));
        assert_eq!(read(&write(&line)), Ok(line));
    }
}

#[test]
fn who_rests_can_say_nothing() {
    let rng = &mut Rng::with_seed(11);
    let seats = [Seat::Human(1), Seat::Tacet, Seat::Teacher(2), Seat::Tacet];
    let line = Line { head: Some(any_head(rng, seats)), ..Line::empty(0) };
    let mut grammar = Grammar::default();
    write(&line).into_iter().for_each(|word| assert!(grammar.take(word)));
    let positions: Vec<u16> =
        grammar.allowed().iter().filter(|id| Class::Position.ids().contains(id)).collect();
    let first = Class::Position.ids().start;
    assert!(positions.iter().all(|id| matches!((id - first) / 12, 0 | 2)));
    assert_eq!(positions.len(), 24);
}

#[test]
fn half_a_line_and_two_lines_are_refused() {
    let rng = &mut Rng::with_seed(12);
    let seats = any_seats_with_all(rng);
    let words = write(&any_line(rng, &seats));
    assert!(read(&[words.clone(), words.clone()].concat()).is_err());
    assert_eq!(read(&words[..1]), Err(ReadError { at: 1, word: None }));
    assert_eq!(read(&words[1..]).map_err(|error| error.at), Err(0));
}
