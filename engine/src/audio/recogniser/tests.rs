//! Properties of the recogniser, shape by shape.

use super::*;
use crate::Quality::{self, *};

const RATE: u32 = 48_000;
const PER_MS: Frame = 48;

/// The name of a set with `bass` lowest.
fn over(set: u16, bass: u8) -> Option<Chord> {
    named(set, Lowest::Bass(bass), None).map(|name| name.chord)
}

#[test]
fn every_type_is_known_in_every_inversion() {
    for quality in Quality::all() {
        for root in 0..12 {
            for step in quality.intervals() {
                let meant = Chord::new(root, quality).over(root + step);
                assert!(takes::is_right(meant, meant.pcs(), over(meant.pcs(), meant.bass)), "{meant}");
            }
        }
    }
}

#[test]
fn plain_chords_are_known_over_any_bass() {
    for quality in [Maj, Min, Dom7, Maj7, Min7, Six, Dom9, Dim7, Aug] {
        for bass in 0..12 {
            let meant = Chord::new(0, quality).over(bass);
            assert!(takes::is_right(meant, meant.pcs(), over(meant.pcs(), bass)), "{meant}");
        }
    }
}

#[test]
fn sevenths_go_without_their_fifth_in_every_inversion() {
    for quality in [Dom7, Maj7, Min7, MinMaj7, Dom9, Maj9, Min9, Dom7Flat9, Dom7Sharp9] {
        let set = Chord::new(0, quality).pcs() & !(1 << 7);
        for &bass in quality.intervals().iter().filter(|&&step| step != 7 && step != 2) {
            let name = over(set, bass);
            assert_eq!(
                name.map(|c| (c.root, c.quality, c.bass)),
                Some((0, quality, bass)),
                "{quality:?}/{bass}"
            );
        }
    }
}

#[test]
fn a_known_bass_makes_rootless_voicings_plain() {
    #[rustfmt::skip]
    let voicings: [(Quality, &[u8]); 15] = [
        (Dom9, &[4, 10, 14]), (Min9, &[3, 10, 14]), (Maj9, &[4, 11, 14]), (Dom9, &[4, 7, 10, 14]),
        (Min9, &[3, 7, 10, 14]), (Maj9, &[4, 7, 11, 14]), (Dom9, &[10, 14, 16, 19]), (Min9, &[10, 14, 15, 19]),
        (SixNine, &[4, 9, 14]), (Dom13, &[4, 9, 10, 14]), (Dom13, &[10, 14, 16, 21]), (Dom7Flat9, &[4, 10, 13]),
        (Dom7Sharp9, &[4, 10, 15]), (Dom7, &[4, 10]), (Min7, &[3, 10]),
    ];
    for (quality, steps) in voicings {
        for root in 0..12u8 {
            let keys: Vec<u8> = steps.iter().map(|step| 36 + root + step).collect();
            for previous in [None, Some(Chord::new(root + 7, Dom7)), Some(Chord::new(root + 3, Maj7))] {
                let name = name_of(&keys, Fingering::OnBass, previous, Some(root));
                assert_eq!(name, Some(Chord::new(root, quality)), "{quality:?} {steps:?} on {root}");
            }
        }
    }
}

#[test]
fn an_unknown_shape_and_a_lone_key_keep_the_chord() {
    let mut recogniser = Recogniser::new(RATE);
    [36, 40, 43].into_iter().for_each(|key| recogniser.key_down(key, 0));
    for shape in [&[36, 37, 38][..], &[40], &[47, 48, 49, 50]] {
        recogniser.release_all(48_000);
        shape.iter().for_each(|&key| recogniser.key_down(key, 96_000));
        recogniser.advance(192_000);
        assert_eq!(recogniser.chord(), Some(Chord::new(0, Maj)), "{shape:?}");
    }
}

#[test]
fn a_hand_that_lifts_finger_by_finger_changes_nothing() {
    let keys = [36u8, 40, 43, 46, 50];
    for seed in 0..200 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let mut recogniser = Recogniser::new(RATE);
        keys.into_iter().for_each(|key| recogniser.key_down(key, 0));
        let mut order = keys;
        rng.shuffle(&mut order);
        let (mut now, begin) = (0, rng.u64(0..400) * PER_MS);
        for (i, &key) in order.iter().enumerate() {
            while now < begin + i as u64 * 25 * PER_MS {
                now += 16;
                recogniser.advance(now);
            }
            recogniser.key_up(key, now);
            assert_eq!(recogniser.chord(), Some(Chord::new(0, Dom9)), "seed {seed}, key {i}");
        }
    }
}

#[test]
fn the_root_is_the_bass_of_a_fingered_chord() {
    assert_eq!(name_of(&[40, 43, 48], Fingering::Fingered, None, None), Some(Chord::new(0, Maj)));
    assert_eq!(name_of(&[40, 43, 48], Fingering::OnBass, None, None), Some(Chord::new(0, Maj).over(4)));
}

#[test]
fn one_finger_is_major_and_keys_to_its_left_make_it_minor_or_seventh() {
    let name = |keys: &[u8]| name_of(keys, Fingering::Single, None, None);
    assert_eq!(name(&[48]), Some(Chord::new(0, Maj)));
    assert_eq!(name(&[46, 48]), Some(Chord::new(0, Min)));
    assert_eq!(name(&[47, 48]), Some(Chord::new(0, Dom7)));
    assert_eq!(name(&[46, 47, 48]), Some(Chord::new(0, Min7)));
    assert_eq!(name(&[46, 44]), Some(Chord::new(10, Min)));
    assert_eq!(name(&[45, 46]), Some(Chord::new(10, Dom7)));
}

#[test]
fn the_full_keyboard_leaves_a_melody_out() {
    let c = [36, 52, 55, 60];
    let name = |top: u8| name_of(&[&c[..], &[top]].concat(), Fingering::Full, None, None);
    assert!((66..90).all(|top| name(top) == Some(Chord::new(0, Maj))));
    let mut recogniser = Recogniser::new(RATE);
    recogniser.set(Fingering::Full, 54);
    c.into_iter().for_each(|key| recogniser.key_down(key, 0));
    for (i, top) in [62, 66, 70, 63, 69].into_iter().enumerate() {
        let at = (i as Frame + 1) * 200 * PER_MS;
        recogniser.key_down(top, at);
        recogniser.advance(at + 150 * PER_MS);
        assert_eq!(recogniser.chord(), Some(Chord::new(0, Maj)), "{top}");
        recogniser.key_up(top, at + 180 * PER_MS);
    }
}

#[test]
fn no_order_of_keys_and_no_knob_makes_it_panic() {
    for seed in 0..50 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let mut recogniser = Recogniser::new(RATE);
        let mut now = 0;
        for _ in 0..2000 {
            now += rng.u64(..4800);
            match rng.u8(..8) {
                0 => recogniser.set(Fingering::at(rng.usize(..5)), rng.u8(..)),
                1 => recogniser.known_bass(Some(rng.u8(..)).filter(|bass| bass % 2 == 0)),
                2 => recogniser.release_all(now),
                3..5 => recogniser.key_up(rng.u8(..), now),
                _ => recogniser.key_down(rng.u8(..), now),
            }
            recogniser.advance(now);
        }
    }
}
