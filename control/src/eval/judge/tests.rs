use engine::{Chord, Level, Meter, Part, Quality, Section, Tick};

use super::adaptation::{PUSH, recovery};
use super::changes::{after_melody, lengths, long, median_beats, root_changes_per_bar};
use super::consonance::{Consonance, consonance};
use super::distance::{earth_movers, entropy, jensen_shannon};
use super::diversity::{embed, vendi};
use super::drumming::{fills_over_player, looseness};
use super::dynamics::{response, shuffled};
use super::frames::Frames;
use super::harmony::bass_on_root;
use super::likeness::likeness;
use super::{Band, Share, Sounding};

const BAR: Tick = 3840;
const BEAT: Tick = 960;
const SPLIT: u8 = 54;
const C: Chord = Chord::new(0, Quality::Maj);

fn note(part: Part, key: u8, on: Tick, length: Tick) -> Sounding {
    Sounding { part, key, velocity: 90, on, off: on + length, moved: false }
}

fn band(notes: impl IntoIterator<Item = Sounding>, chords: &[(Tick, Chord)]) -> Band {
    let chords = chords.iter().map(|&(tick, chord)| (tick, Some(chord))).collect();
    Band::new(Meter::COMMON, notes, chords, vec![(0, Section::Main(Level::A))])
}

/// A melody of quarters, by semitones above C5.
fn melody(steps: &[u8]) -> impl Iterator<Item = Sounding> {
    steps.iter().enumerate().map(|(i, step)| note(Part::Lead, 72 + step, i as Tick * BEAT, BEAT))
}

#[test]
fn the_melody_is_in_the_chord_or_beside_it_and_the_left_hand_is_no_melody() {
    let left = note(Part::Lead, 41, 0, BAR);
    let frames = Frames::of(&band(melody(&[0, 4, 7, 5]).chain([left]), &[(0, C)]), SPLIT);
    assert_eq!(frames.in_chord(), Share { hits: 12, of: 16 });
    assert_eq!(frames.chord_size(), Some(3.0));
    assert_eq!(frames.in_chord_by_quarter()[3], Share { hits: 0, of: 4 });
    assert_eq!(frames.in_sound(), Share::default(), "no band sounds");
}

#[test]
fn a_late_chord_counts_for_the_sixteenth_in_which_it_comes() {
    let frames = Frames::of(&band(melody(&[0, 0]), &[(40, C)]), SPLIT);
    assert_eq!(frames.in_chord(), Share { hits: 8, of: 8 });
    let later = Frames::of(&band(melody(&[0, 0, 0, 0]), &[(BAR / 2 + 240, C)]), SPLIT);
    assert_eq!(later.without_chord(), Share { hits: 1, of: 8 }, "the first eight are forgiven");
}

#[test]
fn chords_that_fit_have_a_margin_and_one_chord_has_none_in_the_mean_of_all_keys() {
    let chords = [(0, C), (BAR, Chord::new(5, Quality::Maj)), (2 * BAR, Chord::new(7, Quality::Dom7))];
    let tune = [0, 4, 7, 4, 5, 9, 0, 9, 7, 11, 2, 5];
    let margin =
        |tune: &[u8], chords: &[(Tick, Chord)]| Frames::of(&band(melody(tune), chords), SPLIT).margin();
    assert!(margin(&tune, &chords).unwrap() > 2.0);
    let wrong = chords.map(|(tick, chord)| (tick, Chord::new(chord.root + 6, chord.quality)));
    assert!(margin(&tune, &wrong).unwrap() < 0.0);
    let fixed = [(0, Chord::new(0, Quality::Min7))];
    let in_key = |key: u8| margin(&tune.map(|step| step + key), &fixed).unwrap();
    assert!((0..12).map(in_key).sum::<f64>().abs() < 1e-9);
}

#[test]
fn a_bass_in_quarters_answers_a_pushed_chord_on_the_beat() {
    let changes = [(0, C), (BAR - 400, Chord::new(5, Quality::Maj))];
    let bass = |second: u8| {
        let line = [36, 40, 43, 45, second].into_iter().enumerate();
        band(line.map(|(i, key)| note(Part::Bass, key, i as Tick * BEAT, BEAT)), &changes)
    };
    assert_eq!(bass_on_root(&bass(41)), Share { hits: 2, of: 2 });
    assert_eq!(bass_on_root(&bass(43)), Share { hits: 1, of: 2 });
}

#[test]
fn a_third_supports_a_tritone_rubs_and_silence_leaves_alone() {
    let comp = note(Part::Comp, 48, 0, 2 * BEAT);
    let heard = consonance(&band(melody(&[4, 6, 4]).chain([comp]), &[]), SPLIT);
    assert_eq!(heard, Consonance { consonant: BEAT, dissonant: BEAT, unsupported: BEAT });
}

#[test]
fn chords_are_counted_by_their_changes() {
    let chords = [(0, C), (BAR, Chord::new(9, Quality::Min7)), (2 * BAR, Chord::new(9, Quality::Dom7))];
    let heard = band(melody(&[0; 20]), &chords);
    assert_eq!(lengths(&heard), [16, 16, 48]);
    assert_eq!((median_beats(&heard), long(&heard)), (Some(4.0), Share { hits: 1, of: 3 }));
    assert_eq!(root_changes_per_bar(&heard), Some(0.2));
    assert_eq!(after_melody(&heard, SPLIT)[..2], [3.0, 0.0]);
}

#[test]
fn distances_are_none_between_equals_and_greatest_between_strangers() {
    let (a, b) = ([1.0, 0.0, 0.0], [0.0, 0.0, 2.0]);
    assert_eq!((earth_movers(&a, &a), earth_movers(&a, &b)), (Some(0.0), Some(2.0)));
    assert_eq!(jensen_shannon(&b, &b), Some(0.0));
    assert!((jensen_shannon(&a, &b).unwrap() - 2_f64.ln()).abs() < 1e-6);
    assert!((entropy(&[3.0; 4]).unwrap() - 4_f64.ln()).abs() < 1e-9);
    assert_eq!((entropy(&[]), earth_movers(&a, &[0.0; 3])), (None, None));
}

#[test]
fn copies_count_once_and_strangers_each() {
    let of = |key: u8| embed(&band([note(Part::Comp, key, 0, BEAT), note(Part::Comp, key, BAR, BEAT)], &[]));
    let score = |keys: &[u8]| vendi(&keys.iter().map(|key| of(*key)).collect::<Vec<_>>()).unwrap();
    assert!((score(&[60, 60, 60]) - 1.0).abs() < 1e-9);
    assert!((score(&[60, 61, 62, 63]) - 4.0).abs() < 1e-6);
    let mixed = score(&[60, 60, 62]);
    assert!(mixed > 1.5 && mixed < 2.0, "{mixed}");
}

/// Drum strokes on the beats of 16 bars, each with the velocity that `of_beat` gives.
fn strokes(part: Part, of_beat: impl Fn(Tick) -> f64) -> Vec<Sounding> {
    let stroke = |beat| Sounding { velocity: of_beat(beat) as u8, ..note(part, 60, beat * BEAT, 100) };
    (0..64).map(stroke).collect()
}

#[test]
fn dynamics_that_follow_have_slope_and_lag_and_none_once_shuffled() {
    let arc = |beat: Tick| 70.0 + 30.0 * (beat as f64 / 9.0).sin();
    let player = strokes(Part::Lead, arc);
    let drums = strokes(Part::Drums, |beat| 60.0 + 0.5 * (arc(beat - 4) - 70.0));
    let heard = band([player, drums].concat(), &[]);
    let found = response(&heard).unwrap();
    assert!((found.slope - 0.5).abs() < 0.02 && found.lag == 1.0 && found.correlation > 0.99, "{found:?}");
    let control = shuffled(&heard, 1).unwrap();
    assert!(control.abs() < 0.1, "{control}");
    assert_eq!(response(&band(strokes(Part::Lead, arc), &[])), None);
}

#[test]
fn a_drummer_on_the_grid_is_tight_wherever_his_grid_lies() {
    let drums = |late: fn(Tick) -> Tick| {
        let strokes = (0..32).flat_map(move |beat| [beat * BEAT + late(beat), beat * BEAT + 640]);
        band(strokes.map(|on| note(Part::Drums, 38, on, 50)), &[])
    };
    assert_eq!(looseness(&drums(|_| 20)), Some(0.0));
    let loose = looseness(&drums(|beat| 20 * (beat % 2))).unwrap();
    assert!((loose - 10.0).abs() < 0.5, "{loose}");
}

#[test]
fn a_fill_is_over_the_player_unless_he_rests() {
    let toms = |beat: Tick| [0, 240, 480].map(|late| note(Part::Drums, 47, beat * BEAT + late, 50));
    let player = || melody(&[0, 2, 4, 5]).chain([note(Part::Lead, 72, 3 * BAR, BEAT)]);
    assert_eq!(fills_over_player(&band(player().chain(toms(1)), &[])), Share { hits: 1, of: 1 });
    assert_eq!(fills_over_player(&band(player().chain(toms(6)), &[])), Share { hits: 0, of: 1 });
    assert_eq!(fills_over_player(&band(player(), &[])), Share::default());
}

#[test]
fn recovery_counts_the_quarters_until_the_notes_fit_again() {
    let song = |after: &[usize]| -> Vec<Share> {
        let hits = std::iter::repeat_n(8, PUSH).chain(after.iter().copied());
        hits.map(|hits| Share { hits, of: 10 }).collect()
    };
    let found = recovery(&[song(&[2, 4, 8, 8, 8])]).unwrap();
    assert_eq!((found.dip, found.quarters), (0.2, Some(2)));
    assert!((found.before - 0.8).abs() < 1e-9 && (found.lost - 1.0).abs() < 1e-9);
    assert_eq!(recovery(&[song(&[2, 2, 2])]).unwrap().quarters, None);
    assert_eq!(recovery(&[song(&[])]), None);
}

#[test]
fn the_people_themselves_are_like_the_people() {
    let people = band([note(Part::Comp, 60, 0, BEAT), note(Part::Comp, 64, BEAT, BEAT)], &[]);
    let same = likeness(&people, &people).unwrap();
    assert_eq!((same.pitch, same.onset, same.length), (0.0, 0.0, 0.0));
    let other = band([note(Part::Comp, 61, 0, BEAT), note(Part::Bass, 30, 0, BAR)], &[]);
    let found = likeness(&other, &people).unwrap();
    assert!((found.pitch - 2_f64.ln()).abs() < 1e-6, "only the comp is compared: {found:?}");
    assert_eq!(likeness(&people, &band(melody(&[0]), &[])), None);
}
