use engine::audio::View;
use engine::audio::bind::{Binder, Bound, Onset};
use engine::audio::voicing::Palette;
use engine::{Anchor, Chord, Note, Part, Quality, Role};

use super::shape::set;
use super::testing::song;
use super::tones::Harmony;
use super::*;
use crate::tokens::{Length, Ornament};

mod corpus;

type Keys = Vec<u8>;

/// A tone as it goes to the binder.
fn note(part: Part, tone: &Tone) -> Note {
    let anchor = if tone.push { Anchor::Next } else { Anchor::Now };
    Note { role: tone.role, anchor, part, position: tone.position, micro: 0, velocity: 80, length: 100 }
}

/// What the binder makes of a part: for each onset its beat, position and keys.
pub(super) fn bound(part: Part, tones: &Tones, harmony: &Harmony) -> Vec<(usize, u8, Keys)> {
    let all: Vec<(usize, Tone)> = tones
        .beats
        .iter()
        .enumerate()
        .flat_map(|(beat, tones)| tones.iter().map(move |tone| (beat, *tone)))
        .collect();
    let mut binder = Binder::new();
    let mut onsets: Vec<(usize, u8, Keys)> = Vec::new();
    for (i, (beat, tone)) in all.iter().enumerate() {
        let target = all[i + 1..].iter().find(|(_, later)| !matches!(later.role, Role::Approach(_)));
        let written = target.map(|(_, target)| note(part, target));
        let view = harmony.view(*beat).unwrap();
        let same_chord = target.is_some_and(|(later, target)| {
            !target.push && harmony.view(*later).is_some_and(|there| there.chord == view.chord)
        });
        let onset = Onset { note: &note(part, tone), target: written.as_ref(), same_chord, bar_start: false };
        let Bound::Keys(keys) = binder.bind_onset(&onset, &view) else { panic!("{tone:?} is not bound") };
        match onsets.last_mut().filter(|last| (last.0, last.1) == (*beat, tone.position)) {
            Some(last) => last.2.extend(keys.keys()),
            None => onsets.push((*beat, tone.position, keys.keys().to_vec())),
        }
    }
    onsets
}

fn only(song: &Song) -> Human {
    let humans = Human::of(song, &Quantiles::default());
    assert_eq!(humans.len(), 1);
    humans.into_iter().next().unwrap()
}

fn harmony(human: &Human) -> Harmony {
    Harmony { chords: human.chords.clone(), keys: vec![Default::default(); human.beats] }
}

/// A song of a bass line in quarters over chords of two beats each.
fn walking(line: &[u8], chords: &[(u8, &str)]) -> Song {
    let mut song = song("bands", &[]);
    let notes = line.iter().enumerate().map(|(i, key)| (480 * i as i64, 460, *key, 80)).collect();
    song.parts.insert("bass".into(), notes);
    let chord =
        |(i, (root, name)): (usize, &(u8, &str))| (960 * i as i64, 960, *root, name.to_string(), *root);
    song.chords = chords.iter().enumerate().map(chord).collect();
    song
}

#[test]
fn a_chord_in_any_inversion_is_a_voicing_of_the_same_pitch_classes() {
    for (root, name) in
        [(0, "maj"), (2, "min"), (7, "7"), (5, "maj7"), (9, "m7"), (11, "m7b5"), (3, "sus4"), (6, "dim7")]
    {
        let tones =
            walking(&[40], &[(root, name)]).harmony().next().unwrap().chord.unwrap().quality.intervals();
        for inversion in 0..tones.len() {
            let key = |(i, tone): (usize, &u8)| 54 + root + tone + if i < inversion { 12 } else { 0 };
            let keys: Keys = tones.iter().enumerate().map(key).collect();
            let mut song = song("bands", &keys.iter().map(|key| (0, 400, *key - 6, 80)).collect::<Vec<_>>());
            song.chords = vec![(0, 1920, root, name.into(), root)];
            let human = only(&song);
            let comp = human.tones[1].as_ref().unwrap();
            assert!(
                matches!(comp.beats[0][..], [Tone { role: Role::Shape { .. }, .. }]),
                "{name}: {:?}",
                comp.beats[0]
            );
            let onsets = bound(Part::Comp, comp, &harmony(&human));
            let struck: Keys = keys.iter().map(|key| key - 6).collect();
            assert_eq!(set(&onsets[0].2), set(&struck), "{root} {name} {inversion}: {:?}", comp.beats[0]);
        }
    }
}

#[test]
fn a_walking_line_comes_back_as_the_same_keys() {
    // | Dm7 G7 | Cmaj7 A7 | Dm7 G7 | C6 |, with chromatic approaches and leaps.
    let line = [38, 41, 44, 43, 36, 40, 45, 46, 38, 36, 35, 31, 36, 43, 48, 36];
    let chords = [(2, "m7"), (7, "7"), (0, "maj7"), (9, "7"), (2, "m7"), (7, "7"), (0, "6"), (0, "6")];
    let human = only(&walking(&line, &chords));
    let onsets = bound(Part::Bass, human.tones[0].as_ref().unwrap(), &harmony(&human));
    let wrong: Vec<_> = onsets.iter().zip(&line).filter(|(onset, key)| onset.2 != [**key]).collect();
    assert_eq!(onsets.len(), line.len());
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// A line of tones and scale steps over chords of two beats each, with small leaps.
fn wander(dice: &mut fastrand::Rng, chords: &[(u8, &str)]) -> Keys {
    let mut line = vec![36u8];
    for (root, name) in chords.iter().flat_map(|chord| [chord; 2]).skip(1) {
        let chord = walking(&[40], &[(*root, name)]).harmony().next().unwrap().chord.unwrap();
        let view = View { chord: Some(chord), ..View::default() };
        let inside = Palette::new(chord, &view).inside();
        let last = *line.last().unwrap();
        let others = (28..=52).filter(|key| inside >> (key % 12) & 1 == 1 && *key != last);
        line.extend(others.min_by_key(|key| 4 * u16::from(key.abs_diff(last)) + dice.u16(0..16)));
    }
    line
}

#[test]
fn random_bass_lines_keep_their_pitch_classes() {
    let mut dice = fastrand::Rng::with_seed(4);
    let names = ["maj", "min", "7", "maj7", "m7", "m7b5", "6", "sus4"];
    let (mut all, mut same) = (0, 0);
    for _ in 0..40 {
        let chords: Vec<(u8, &str)> = (0..8).map(|_| (dice.u8(0..12), names[dice.usize(0..8)])).collect();
        let line = wander(&mut dice, &chords);
        let human = only(&walking(&line, &chords));
        let onsets = bound(Part::Bass, human.tones[0].as_ref().unwrap(), &harmony(&human));
        assert_eq!(onsets.len(), line.len());
        all += line.len();
        same += onsets.iter().zip(&line).filter(|(onset, key)| set(&onset.2) == set(&[**key])).count();
    }
    assert!(same * 100 >= all * 95, "{same} of {all}");
}

#[test]
fn a_bass_note_before_the_bar_belongs_to_the_coming_chord_if_it_fits_it_better() {
    let mut song = walking(&[], &[(0, "maj"), (0, "maj"), (5, "maj"), (5, "maj")]);
    song.parts.insert("bass".into(), vec![(0, 400, 36, 80), (1680, 700, 41, 80), (2880, 400, 40, 80)]);
    let human = only(&song);
    let bass = human.tones[0].as_ref().unwrap();
    assert!(
        matches!(bass.beats[3][..], [Tone { push: true, role: Role::Root { .. }, .. }]),
        "{:?}",
        bass.beats[3]
    );
    assert_eq!((bass.beats[3][0].touch.length, bass.ties[4], bass.ties[5]), (Length::Tied, true, false));
    assert!(!bass.beats[0][0].push);
}

#[test]
fn a_rolled_chord_is_one_grip_and_an_arpeggio_is_not() {
    let chord = |gap: i64| {
        let notes: Vec<_> = [60, 64, 67].iter().zip(0..).map(|(key, i)| (i * gap, 200, *key, 80)).collect();
        let mut song = song("bands", &notes);
        song.chords = vec![(0, 1920, 0, "maj".into(), 0)];
        let human = only(&song);
        human.tones[1].as_ref().unwrap().beats[0].len()
    };
    assert_eq!((chord(24), chord(120)), (1, 3));
}

#[test]
fn a_pianist_alone_is_comp_and_bass() {
    let mut song = song(
        "pop909",
        &[(0, 400, 36, 80), (0, 400, 48, 80), (0, 400, 60, 80), (0, 400, 64, 80), (0, 400, 67, 80)],
    );
    song.chords = vec![(0, 1920, 0, "maj".into(), 0)];
    let human = only(&song);
    let [bass, comp, pads] = &human.tones;
    assert_eq!(bass.as_ref().unwrap().beats[0][0].role, Role::Root { octave: 0 });
    assert!(matches!(comp.as_ref().unwrap().beats[0][0].role, Role::Shape { .. }));
    assert!(pads.is_none() && human.drums.is_none() && human.hand.len() == 5);
}

#[test]
fn grace_notes_are_ornaments() {
    let mut song = song("gmd", &[]);
    let strokes = [
        (0, 100),
        (480, 40),
        (504, 100),
        (960, 30),
        (985, 40),
        (1010, 100),
        (1440, 90),
        (1464, 90),
        (1488, 90),
    ];
    let rolls = (3..8).map(|i| (1440 + 24 * i, 90));
    let snare = strokes.into_iter().chain(rolls).map(|(tick, velocity)| (tick, 20, 38, velocity));
    let hat = (0..32).map(|i| (240 * i, 20, 42, 80));
    let mut notes: Notes = snare.chain(hat).collect();
    notes.sort();
    song.parts.insert("drums".into(), notes);
    let drums = only(&song).drums.unwrap();
    let first = |beat: usize| drums[beat].iter().find(|hit| hit.key == 38).map(|hit| hit.ornament);
    assert_eq!((first(0), first(1)), (Some(None), Some(Some(Ornament::Flam))));
    assert_eq!(first(2), Some(Some(Ornament::Drag)));
    assert!(drums[3].iter().any(|hit| hit.ornament == Some(Ornament::Roll)), "{:?}", drums[3]);
}

#[test]
fn a_take_is_loud_or_soft_against_itself() {
    for loud in [0.5, 1.0] {
        let mut song = song("gmd", &[]);
        let velocity = |i: i64| match i % 8 {
            0 => 120.0,
            3 => 25.0,
            _ => 80.0,
        };
        let notes = (0..64).map(|i| (240 * i, 20, 38, (loud * velocity(i)) as u8)).collect();
        song.parts.insert("drums".into(), notes);
        let bins: Vec<u8> = only(&song).drums.unwrap().iter().flatten().map(|hit| hit.velocity).collect();
        assert_eq!(bins[..8], [3, 2, 2, 0, 2, 2, 2, 2], "{loud}");
    }
}

#[test]
fn chords_are_those_a_quarter_into_the_beat() {
    let mut song = walking(&[36, 36, 36, 36], &[(0, "maj")]);
    song.chords = vec![(0, 580, 0, "maj".into(), 0), (580, 1340, 7, "7".into(), 7)];
    let chords = only(&song).chords;
    let g = Some(Chord::new(7, Quality::Dom7));
    assert_eq!(chords, [Some(Chord::new(0, Quality::Maj)), g, g, g]);
}
