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
fn under_calm_chords_a_tune_that_returns_fits_better_the_second_time() {
    let mut rng = fastrand::Rng::with_seed(4);
    let (mut first, mut second) = (0, 0);
    for _ in 0..24 {
        let tune = random_tune(&mut rng, 32);
        let twice = [tune.clone(), tune].concat();
        let mut follower = Follower::default();
        follower.set_restless(0.0);
        let chords = chords(&mut follower, &twice, 0);
        let held = |beats: std::ops::Range<usize>| beats.filter(|b| chords[*b].holds(twice[*b])).count();
        first += held(0..32);
        second += held(32..64);
    }
    assert!(second > first, "{first} {second}");
}

#[test]
fn a_riff_that_moves_takes_its_chords_along_at_once() {
    let riff: Vec<u8> = [60, 63, 67, 63].repeat(8);
    for shift in 1..12 {
        let moved: Vec<u8> = riff.iter().map(|key| key + shift).collect();
        let tune = [riff.clone(), moved].concat();
        let chords = chords(&mut Follower::default(), &tune, 4);
        let held = (32..40).filter(|beat| chords[*beat].holds(tune[*beat])).count();
        assert!(held >= 7, "{shift}: {:?}", &chords[30..40]);
    }
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
fn what_is_expected_says_where_a_change_leads_and_not_whether_there_is_one() {
    let after = |guesses: Guesses| {
        let mut follower = Follower::default();
        let held = *chords(&mut follower, &TUNE[..16], 0).last().unwrap();
        follower.struck(0, true);
        let mut all = guesses;
        all.push(held, 0.9);
        follower.beat(0, 4, Some(0), all);
        follower.chord().unwrap().root
    };
    for root in [0, 5] {
        let sure = after(Guesses::one(Chord::new(root, Quality::Maj), 1.0));
        assert_eq!(after(Guesses::one(Chord::new(root, Quality::Maj), 0.1)), sure);
    }
}

#[test]
fn a_locked_key_is_the_only_one_until_it_is_let_go() {
    let mut follower = Follower::default();
    follower.lock(Some(9));
    chords(&mut follower, &TUNE, 4);
    let heavy = |follower: &Follower| -> Vec<usize> {
        let by_key = follower.belief.by_key();
        (0..12).filter(|key| by_key[*key].iter().sum::<f32>() > 1e-6).collect()
    };
    assert_eq!(heavy(&follower), [0, 9], "A major, and C major for A minor");
    follower.lock(Some(6));
    chords(&mut follower, &TUNE[..4], 4);
    assert_eq!(heavy(&follower), [6, 9]);
    follower.lock(None);
    chords(&mut follower, &TUNE, 4);
    assert_eq!(heavy(&follower).len(), 12);
}

#[test]
fn a_lock_to_the_tunes_own_key_keeps_its_chords_on_roots_of_that_key() {
    // G, A, B and D leave the key open; locked to C there is no D major under the F sharp that never comes.
    let tune: Vec<u8> = [67, 69, 71, 74].into_iter().cycle().take(64).collect();
    let mut follower = Follower::default();
    follower.lock(Some(0));
    let chords = chords(&mut follower, &tune, 4);
    let outside = chords.iter().filter(|chord| chord.root == 2 && chord.quality == Quality::Maj).count();
    assert!(outside * 20 <= chords.len(), "{chords:?}");
}

#[test]
fn a_follower_that_leans_to_a_style_believes_in_it_before_it_has_heard_much() {
    let styles = |prior| {
        let mut follower = Follower::default();
        follower.lean_to(prior);
        chords(&mut follower, &TUNE[..8], 4);
        follower.belief.by_style()
    };
    let pop = styles([0.85, 0.05, 0.05, 0.05]);
    let jazz = styles([0.05, 0.05, 0.85, 0.05]);
    assert!(pop[0] > jazz[0] && jazz[2] > pop[2], "{pop:?} {jazz:?}");
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
