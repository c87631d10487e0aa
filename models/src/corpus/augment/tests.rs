use engine::{Chord, Quality};
use fastrand::Rng;

use super::*;
use crate::corpus::parts::Played;

/// A song that changes its chord in each bar of four.
fn chords(beats: usize) -> Vec<Option<Chord>> {
    (0..beats).map(|beat| Some(Chord::new((beat / 4 * 5 % 12) as u8, Quality::Min7))).collect()
}

/// A chromatic melody of quarters.
fn tune(beats: i32, from: u8) -> Vec<Played> {
    let note = |beat| Played { beat, position: 0, key: from + (beat % 12) as u8, velocity: 80, length: 12 };
    (0..beats).map(note).collect()
}

#[test]
fn spans_that_are_not_heard_have_one_length_and_runs_between_them() {
    for seed in 0..50 {
        let unheard = unheard(200, &mut Rng::with_seed(seed));
        assert_eq!(unheard.len(), 200);
        assert!(!unheard[0], "the first beat is heard");
        let mut spans: Vec<usize> =
            unheard.chunk_by(|a, b| a == b).filter(|span| span[0]).map(<[bool]>::len).collect();
        spans.pop();
        assert!(LAGS.contains(&spans[0]) && spans.iter().all(|span| *span == spans[0]), "{spans:?}");
    }
}

#[test]
fn a_lead_stays_above_the_split_and_a_chord_hand_below() {
    for seed in 0..50 {
        let rng = &mut Rng::with_seed(seed);
        let loudness = Loudness::draw(64, rng);
        let lead = melody(&tune(64, 30 + seed as u8), &loudness, rng);
        assert!(lead.iter().all(|note| note.key >= SPLIT && note.velocity > 0));
        let hand = comping(&Changes::of(&chords(64)), 64, 4, &loudness, rng);
        assert!(!hand.is_empty() && hand.iter().all(|note| note.key < SPLIT && note.beat < 64));
    }
}

#[test]
fn a_chord_hand_holds_what_the_band_hears() {
    for seed in 0..50 {
        let rng = &mut Rng::with_seed(seed);
        let mut changes = Changes::of(&chords(64));
        changes.slip(rng);
        for note in comping(&changes, 64, 4, &Loudness::draw(64, rng), rng) {
            let heard = changes.iter().filter(|change| change.0 <= note.beat).last();
            assert!(heard.and_then(|change| change.1).is_some_and(|chord| chord.holds(note.key)));
        }
    }
}

#[test]
fn a_careless_performer_slips_in_some_changes_and_not_in_most() {
    let true_changes: Vec<_> = Changes::of(&chords(4000)).iter().collect();
    let mut slipped = Changes::of(&chords(4000));
    slipped.slip(&mut Rng::with_seed(1));
    let right = slipped.iter().filter(|change| true_changes.contains(change)).count();
    let share = right as f32 / true_changes.len() as f32;
    assert!((0.7..0.95).contains(&share), "{share}");
}

#[test]
fn a_borrowed_melody_fits_the_chords() {
    let chords = chords(64);
    let mut notes = tune(80, 60);
    fit_to(&chords, &mut notes);
    assert_eq!(notes.len(), 64);
    assert!(notes.iter().all(|note| chords[note.beat as usize].unwrap().holds(note.key)));
}

#[test]
fn loudness_goes_from_one_level_to_another() {
    for seed in 0..50 {
        let loudness = Loudness::draw(100, &mut Rng::with_seed(seed));
        let all: Vec<f32> = (0..100).map(|beat| loudness.at(beat as f32)).collect();
        assert!(all.iter().all(|velocity| (30.0..120.0).contains(velocity)), "{loudness:?}");
    }
}
