//! Properties of the conversation, with a singer whose phrases end on every beat of the bar in turn.

use std::sync::Arc;

use engine::{
    Chord, Event, EventKind, Family, Heard, HeardKind, Knob, Level, Param, Quality, Section, Source,
};

use super::*;
use crate::groove::listener::Listener;
use crate::rig::{Clave, Rig};

/// Beats from one phrase to the next.
const PHRASE: i32 = 7;

/// The last note of each phrase in turn: each tone of C7, and one that is none.
const LAST: [u8; 5] = [72, 76, 79, 82, 74];

/// Four beats of a melody, the second of them a run, and three of rest; the left hand has a chord at the end.
fn song(beat: i32) -> Vec<(u8, u8)> {
    match beat % PHRASE {
        0 => vec![(0, 79), (6, 79)],
        1 => vec![(0, 72), (3, 76), (6, 79), (9, 76)],
        2 => vec![(0, 76)],
        3 => vec![(0, 74), (6, LAST[(beat / PHRASE) as usize % LAST.len()]), (9, 40)],
        _ => Vec::new(),
    }
}

/// A pattern bass in a band that makes all the room it can, and answers nothing.
fn rig() -> Rig {
    let knobs = [(Knob::Space, 1.0), (Knob::Answer, 0.0), (Knob::Surprise, 1.0)];
    Rig { knobs: knobs.map(|(knob, value)| (Param::of(knob), value)).to_vec(), ..crate::groove::tests::rig() }
}

/// Shows each beat of a performance as it is written for the last time: when the beat before it has just begun.
fn perform(rig: &Rig, beats: i32, play: impl Fn(i32) -> Vec<(u8, u8)>, mut see: impl FnMut(&Scene<'_>)) {
    let mut listener = Listener::new(&Arc::new(rig.clone()));
    let hear = |listener: &mut Listener, at, kind| listener.hear(Heard { at, kind });
    hear(&mut listener, 0, HeardKind::Section { section: Section::Main(Level::B), from: Beat(0) });
    hear(&mut listener, 0, HeardKind::Chord { chord: Some(Chord::new(0, Quality::Dom7)), since: 0 });
    for beat in 0..beats {
        let start = i64::from(beat) * 960;
        hear(&mut listener, start, HeardKind::Beat { beat: Beat(beat), bpm: 110.0 });
        see(&Scene::new(rig, &listener, 1, Beat(beat + 1), 0).unwrap());
        for (position, key) in play(beat) {
            let at = start + i64::from(position) * 80;
            for kind in [EventKind::NoteOn { key, velocity: 80 }, EventKind::NoteOff { key }] {
                hear(&mut listener, at, HeardKind::Event(Event { arrival: 0, source: Source(0), kind }));
            }
        }
    }
}

fn draft(notes: impl IntoIterator<Item = Sketch>) -> Draft {
    Draft { notes: notes.into_iter().collect() }
}

fn chord_tone(slot: u8, position: u8) -> Sketch {
    Draft::bass(Role::Chord { slot, octave: 0 }, position)
}

/// A beat of bass whose second note alone is an ornament: the others lead, are on the kick, loud, or anticipate.
fn ornate() -> Draft {
    let root = |position, velocity| Sketch { velocity, ..Draft::bass(Role::Root { octave: 0 }, position) };
    let comp = Sketch { part: Part::Comp, ..root(3, 60.0) };
    let coming = Sketch { anchor: Anchor::Next, ..root(10, 60.0) };
    let kick = Sketch { position: 6, ..Draft::stroke(KICK) };
    draft([root(0, 60.0), root(3, 60.0), root(6, 60.0), root(9, 90.0), coming, comp, kick])
}

fn one_note() -> Draft {
    draft([Sketch { length: 960, ..Draft::bass(Role::Root { octave: 0 }, 0) }])
}

fn spoken(scene: &Scene<'_>, mut draft: Draft) -> Vec<Sketch> {
    bass(scene, &mut draft);
    draft.notes
}

/// What the pads strike in a beat in which nothing is written.
fn swell(scene: &Scene<'_>, mut draft: Draft) -> Vec<Sketch> {
    pads(scene, &mut draft, |draft, length| {
        let role = Role::Shape { family: Family::Close, top: 0 };
        draft.push(Sketch { part: Part::Pads, length: length.into(), ..Draft::bass(role, 0) });
    });
    draft.notes
}

#[test]
fn a_beat_goes_by_the_last_one_that_is_over() {
    use Before::{Ending, Notes, Nothing, Room, Run};
    let mut known = Vec::new();
    perform(&rig(), 80, |beat| if beat < 56 { song(beat) } else { Vec::new() }, |s| known.push(s.before));
    assert_eq!(known[0], Nothing, "nobody has played");
    let phrase = [Notes, Run, Notes, Notes, Ending, Room, Room];
    for over in PHRASE..56 {
        assert_eq!(known[over as usize + 1], phrase[(over % PHRASE) as usize], "after beat {over}");
    }
    assert!(known[64..].iter().all(|before| *before == Nothing), "nobody plays any more");
}

#[test]
fn a_bass_leaves_its_ornament_out_under_a_run_and_nothing_else() {
    let mut calm = ornate().notes;
    calm.remove(1);
    let (mut runs, mut left_out) = (0, 0);
    perform(&rig(), 280, song, |scene| {
        let spoken = spoken(scene, ornate());
        let is_calm = scene.before == Before::Run && spoken == calm;
        assert!(is_calm || spoken == ornate().notes, "{:?} in beat {:?}", spoken, scene.beat);
        runs += usize::from(scene.before == Before::Run);
        left_out += usize::from(is_calm);
    });
    assert!(left_out * 10 > runs * 7, "{left_out} of {runs}");
}

#[test]
fn after_a_phrase_a_pattern_bass_picks_up_on_the_tone_sung_last() {
    let tone = |slot| Role::Chord { slot, octave: 0 };
    let wanted = [Role::Root { octave: 1 }, tone(3), tone(5), tone(7), Role::Same];
    let mut picked = [0; LAST.len()];
    perform(&rig(), 700, song, |scene| {
        let spoken = spoken(scene, one_note());
        let [first, second] = spoken[..] else { return assert_eq!(spoken, one_note().notes) };
        assert_eq!(scene.before, Before::Ending, "{:?}", scene.beat);
        // The phrase ended two beats before the beat that has just begun.
        let phrase = ((scene.beat.0 - 3) / PHRASE) as usize % LAST.len();
        assert_eq!((second.role, second.position), (wanted[phrase], 6));
        assert!(second.velocity < first.velocity && first.length == 480, "softly, and after the first");
        picked[phrase] += 1;
    });
    assert!(picked.iter().all(|times| (4..=16).contains(times)), "in about half of twenty: {picked:?}");
}

#[test]
fn a_walking_bass_keeps_its_quarters_and_its_tones() {
    let line = || draft([3, 5, 7].map(|slot| chord_tone(slot, slot)));
    perform(&Rig { bass_style: BassStyle::Walking, ..rig() }, 280, song, |scene| {
        assert_eq!(spoken(scene, one_note()), one_note().notes);
        assert_eq!(spoken(scene, line()), line().notes);
    });
}

#[test]
fn a_bass_leaves_the_tone_that_is_sung_to_the_singer() {
    let line = || draft([(3, 0), (1, 3), (3, 6), (5, 7), (7, 9)].map(|(slot, at)| chord_tone(slot, at)));
    let (mut yielded, mut sung_to) = ([0; 8], 0);
    perform(&rig(), 280, song, |scene| {
        let (sung, spoken) = (sung(scene), spoken(scene, line()));
        sung_to += usize::from(sung.is_some());
        for (was, is) in line().notes.into_iter().zip(spoken) {
            let Role::Chord { slot, .. } = was.role else { unreachable!() };
            let other = if slot == 5 { Role::Root { octave: 1 } } else { chord_tone(5, 0).role };
            let may_yield = was.position > 0 && sung == Some(slot);
            assert!(is == was || may_yield && is == Sketch { role: other, ..was }, "{is:?} for {was:?}");
            yielded[usize::from(slot)] += usize::from(is != was);
        }
    });
    assert!(yielded.iter().sum::<usize>() * 10 > sung_to * 7, "{yielded:?} of {sung_to}");
    assert!([1, 3, 5, 7].iter().all(|slot| yielded[*slot] > 4), "{yielded:?}");
}

#[test]
fn pads_swell_once_where_a_phrase_is_over_and_never_at_the_start_of_a_bar_or_section() {
    let (mut endings, mut swells) = (0, Vec::new());
    perform(&rig(), 280, song, |scene| {
        let struck = swell(scene, Draft::default());
        let begun = Scene { span: Span { from: scene.beat, ..scene.span }, ..scene.clone() };
        assert!(swell(&begun, Draft::default()).is_empty(), "a section begins");
        let own = draft([Sketch { part: Part::Pads, ..Draft::bass(Role::Same, 6) }]);
        assert_eq!(swell(scene, own.clone()), own.notes, "the pads have their own");
        endings += usize::from(scene.before == Before::Ending && scene.place.beat > 0);
        let Some(chord) = struck.first() else { return };
        assert_eq!((struck.len(), scene.before), (1, Before::Ending));
        assert!(scene.place.beat > 0, "a bar begins");
        assert_eq!(chord.length, i64::from(12 * scene.beats_left()), "until the bar ends");
        assert_eq!(chord.role, Role::Shape { family: Family::Close, top: sung(scene).unwrap_or(0) });
        swells.push(scene.beat.0);
    });
    assert!(swells.windows(2).all(|pair| pair[1] - pair[0] >= PHRASE), "{swells:?}");
    assert!(swells.len() * 10 > endings * 7, "{} of {endings}", swells.len());
}

#[test]
fn what_is_sung_is_a_slot_of_the_chord_or_nothing() {
    let chords: [(Quality, &[(u8, u8)]); 4] = [
        (Quality::Dom7, &[(0, 1), (4, 3), (7, 5), (10, 7)]),
        (Quality::Min, &[(0, 1), (3, 3), (7, 5)]),
        (Quality::Six, &[(0, 1), (4, 3), (7, 5), (9, 7)]),
        (Quality::Sus4, &[(0, 1), (7, 5)]),
    ];
    for (quality, slots) in chords {
        for above in 0..12 {
            let slot = slots.iter().find(|known| known.0 == above).map(|known| known.1);
            // The left hand sings nothing, and what is more than eight beats over is forgotten.
            let play = |beat: i32| if beat == 1 { vec![(6, 65 + above), (9, 41)] } else { Vec::new() };
            perform(&rig(), 12, play, |scene| {
                let mut listener = scene.listener.clone();
                listener.harmony.change(Some(Chord::new(5, quality)), 0);
                let scene = Scene { listener: &listener, ..scene.clone() };
                let wanted = slot.filter(|_| (3..=11).contains(&scene.beat.0));
                assert_eq!(sung(&scene), wanted, "{quality:?} {above} {:?}", scene.beat);
            });
        }
    }
}

#[test]
fn an_answer_is_given_in_the_rhythm_of_the_last_two_beats_of_melody() {
    perform(&rig(), 70, song, |scene| match scene.before {
        Before::Run => assert_eq!(rhythm(scene), Some([vec![0, 6], vec![0, 3, 6, 9]])),
        Before::Ending | Before::Room => assert_eq!(rhythm(scene), Some([vec![0], vec![0, 6]])),
        Before::Nothing => assert_eq!(rhythm(scene), None),
        Before::Notes => {}
    });
}

/// Beats in which the bass says something else than what is written.
fn said(rig: &Rig, change: impl Fn(&mut Scene<'_>)) -> usize {
    let mut said = 0;
    perform(rig, 140, song, |scene| {
        let mut scene = scene.clone();
        change(&mut scene);
        let line = || draft([chord_tone(3, 6), chord_tone(5, 9)]);
        let changed = |draft: fn() -> Draft| spoken(&scene, draft()) != draft().notes;
        said += usize::from(changed(ornate) || changed(one_note) || spoken(&scene, line()) != line().notes);
    });
    said
}

#[test]
fn nobody_converses_without_surprise_or_without_room() {
    assert!(said(&rig(), |_| {}) > 40);
    for knob in [Knob::Surprise, Knob::Space] {
        let without = Rig { knobs: [rig().knobs, vec![(Param::of(knob), 0.0)]].concat(), ..rig() };
        assert_eq!(said(&without, |_| {}), 0, "{knob:?}");
        perform(&without, 140, song, |scene| assert!(swell(scene, Draft::default()).is_empty()));
    }
}

#[test]
fn a_bass_does_not_converse_while_somebody_answers_fills_or_leads_over() {
    assert_eq!(said(&rig(), |scene| scene.answer = Some(Part::Comp)), 0);
    assert_eq!(said(&rig(), |scene| scene.fill = Some((scene.place.piece, 0))), 0);
    assert_eq!(said(&rig(), |scene| scene.leads_over = true), 0);
    assert_eq!(said(&rig(), |scene| scene.span.section = Section::Fill(Level::B)), 0);
    assert_eq!(said(&Rig { clave: Some(Clave::TwoThree), ..rig() }, |_| {}), 0);
    assert_eq!(said(&Rig { bass_style: BassStyle::Free, ..rig() }, |_| {}), 0);
}
