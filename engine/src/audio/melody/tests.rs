//! What holds of the chords under any melody.

use super::*;
use crate::Quality;

/// A key for each beat, in C.
const TUNE: [u8; 32] = [
    60, 60, 67, 67, 69, 69, 67, 67, 65, 65, 64, 64, 62, 62, 60, 60, //
    67, 67, 65, 65, 64, 64, 62, 62, 67, 67, 65, 65, 64, 64, 62, 62,
];

/// The chord of each beat of a melody of one note a beat, by a follower that hears each note as it is struck.
fn chords(follower: &mut Follower, keys: &[u8], steps: usize) -> Vec<Chord> {
    let mut chords = Vec::new();
    for (beat, key) in keys.iter().enumerate() {
        follower.struck(key % 12, true);
        follower.beat(beat as i32 % 4, 4, Some(key % 12), Guesses::NONE);
        chords.extend(follower.chord());
        for _ in 0..POSITIONS {
            follower.twelfth(Some(key % 12));
            (0..steps).for_each(|_| follower.work());
        }
    }
    chords
}

fn changes(chords: &[Chord]) -> Vec<usize> {
    (1..chords.len()).filter(|beat| chords[*beat] != chords[*beat - 1]).collect()
}

fn random_tune(rng: &mut fastrand::Rng, beats: usize) -> Vec<u8> {
    (0..beats).map(|_| 60 + [0, 2, 4, 5, 7, 9, 11][rng.usize(..7)]).collect()
}

#[test]
fn the_first_note_has_a_chord_that_holds_it_at_once() {
    for key in 0..12 {
        let mut follower = Follower::default();
        assert_eq!(follower.chord(), None);
        follower.struck(key, false);
        assert!(follower.chord().unwrap().holds(key));
    }
}

#[test]
fn a_nursery_tune_has_chords_that_hold_it_on_roots_of_its_key() {
    let tune = [TUNE, TUNE].concat();
    let chords = chords(&mut Follower::default(), &tune, 4);
    let held = tune.iter().zip(&chords).filter(|(key, chord)| chord.holds(**key)).count();
    assert!(held * 10 >= tune.len() * 8, "{held}: {chords:?}");
    let major_scale = 0xab5;
    assert!(chords.iter().all(|chord| major_scale >> chord.root & 1 == 1), "{chords:?}");
}

#[test]
fn another_key_is_the_same_music() {
    let tune = [TUNE, TUNE].concat();
    let in_c = chords(&mut Follower::default(), &tune, 4);
    for shift in 1..12 {
        let tune: Vec<u8> = tune.iter().map(|key| key + shift).collect();
        let shifted = in_c.iter().map(|chord| Chord::new(chord.root + shift, chord.quality));
        assert_eq!(chords(&mut Follower::default(), &tune, 4), shifted.collect::<Vec<_>>());
    }
}

#[test]
fn what_comes_later_changes_no_chord_before() {
    let mut rng = fastrand::Rng::with_seed(1);
    for _ in 0..4 {
        let tune = random_tune(&mut rng, 24);
        let mut other = tune.clone();
        other[16..].iter_mut().for_each(|key| *key += 1);
        let [a, b] = [tune, other].map(|tune| chords(&mut Follower::default(), &tune, 4));
        assert_eq!(a[..16], b[..16]);
    }
}

#[test]
fn working_ahead_changes_nothing() {
    let tune = random_tune(&mut fastrand::Rng::with_seed(2), 24);
    let [none, some, all] = [0, 3, 30].map(|steps| chords(&mut Follower::default(), &tune, steps));
    assert_eq!(none, some);
    assert_eq!(some, all);
}

#[test]
fn a_calm_follower_changes_less_than_a_restless_one_and_hardly_ever_off_the_bar() {
    let tune = random_tune(&mut fastrand::Rng::with_seed(3), 200);
    let count = |restless: f32| {
        let mut follower = Follower::default();
        follower.set_restless(restless);
        changes(&chords(&mut follower, &tune, 0))
    };
    let [calm, usual, restless] = [0.0, 0.5, 1.0].map(count);
    assert!(calm.len() < usual.len() && usual.len() < restless.len());
    let off_bar = calm.iter().filter(|beat| *beat % 4 != 0).count();
    assert!(off_bar * 4 <= calm.len(), "{off_bar} of {}", calm.len());
}

#[test]
fn a_tune_that_returns_fits_better_the_second_time() {
    let mut rng = fastrand::Rng::with_seed(4);
    let (mut first, mut second) = (0, 0);
    for _ in 0..8 {
        let tune = random_tune(&mut rng, 32);
        let twice = [tune.clone(), tune].concat();
        let chords = chords(&mut Follower::default(), &twice, 0);
        let held = |beats: std::ops::Range<usize>| beats.filter(|b| chords[*b].holds(twice[*b])).count();
        first += held(0..32);
        second += held(32..64);
    }
    assert!(second > first, "{first} {second}");
}

#[test]
fn an_expected_chord_is_taken_where_the_melody_leaves_the_choice() {
    let after = |expected: Chord| {
        let mut follower = Follower::default();
        chords(&mut follower, &TUNE[..16], 0);
        follower.struck(0, true);
        follower.beat(0, 4, Some(0), Guesses::one(expected, 1.0));
        follower.chord().unwrap().root
    };
    for root in [0, 5, 9] {
        let quality = if root == 9 { Quality::Min } else { Quality::Maj };
        assert_eq!(after(Chord::new(root, quality)), root);
    }
}

#[test]
fn no_melody_makes_it_stumble() {
    let mut rng = fastrand::Rng::with_seed(5);
    let mut follower = Follower::default();
    follower.struck(0, true);
    for _ in 0..4000 {
        match rng.u8(..6) {
            0 => follower.beat(rng.i32(0..7), rng.i32(2..8), None, Guesses::NONE),
            1 => follower.restart(),
            2 | 3 => follower.struck(rng.u8(..12), rng.bool()),
            _ => follower.twelfth(rng.bool().then(|| rng.u8(..12))),
        }
        follower.work();
        let by_key = follower.belief.by_key();
        let sum: f32 = by_key.iter().flatten().sum();
        assert!((sum - 1.0).abs() < 1e-2, "{sum}");
    }
}
