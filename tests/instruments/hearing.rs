//! The ear hears what is in signals whose answer is known.

use std::f64::consts::TAU;

use crate::support::hearing::click::{roughness, second_difference_peak};
use crate::support::hearing::comb::{changed_at, keys_at, levels, settled_at, wrong_ms};
use crate::support::hearing::onset::{onset_frames, silent_blocks};
use crate::support::hearing::sine::{arrived_at, frequency_at, key_of, levels_of, pitch_at};
use crate::support::sine_font::{RATE, pitch, tooth};

/// Frames in a number of milliseconds.
fn ms(milliseconds: f64) -> usize {
    (milliseconds * f64::from(RATE) / 1000.0) as usize
}

/// A sine whose frequency and level follow functions of the frame.
fn sung(frames: usize, hertz: impl Fn(usize) -> f64, level: impl Fn(usize) -> f64) -> Vec<f32> {
    let mut phase = 0.0_f64;
    let mut next = |n: usize| {
        let sample = (level(n) * phase.sin()) as f32;
        phase += TAU * hertz(n) / f64::from(RATE);
        sample
    };
    (0..frames).map(&mut next).collect()
}

/// A ramp from 0 to 1 that begins at a frame and takes so many frames, in steps of a quantum as a synth has it.
fn ramp(n: usize, from: usize, length: usize) -> f64 {
    (n.saturating_sub(from) / 16 * 16) as f64 / length as f64
}

fn sum(a: &[f32], b: &[f32]) -> Vec<f32> {
    a.iter().zip(b).map(|(x, y)| x + y).collect()
}

/// A key of the comb font that is bent by `semitones` over 5 ms from `from` on.
fn bent_tooth(key: u8, semitones: f64, from: usize) -> Vec<f32> {
    let cents = (600.0 * (tooth(key + 1) / tooth(key - 1)).log2()).round();
    let bend = |n| semitones * cents / 1200.0 * ramp(n, from, ms(5.0)).min(1.0);
    sung(ms(200.0), |n| tooth(key) * bend(n).exp2(), |_| 0.2)
}

#[test]
fn a_chord_of_the_comb_font_is_read_from_four_milliseconds() {
    let keys = [36, 52, 55, 59, 62, 64];
    let voices = keys.map(|key| sung(ms(50.0), |_| tooth(key), |_| 0.1));
    let chord = voices.iter().skip(1).fold(voices[0].clone(), |mixed, voice| sum(&mixed, voice));
    for at in [0, 77, 1000] {
        assert_eq!(keys_at(&chord, at), keys);
        assert!((levels(&chord, at)[52] - 0.1).abs() < 1e-4);
    }
    assert!(keys_at(&vec![0.0; 500], 100).is_empty());
}

#[test]
fn a_bend_is_found_within_two_quanta_and_lands_on_its_key() {
    for key in [30, 48, 60, 76] {
        for semitones in [-3.0, -2.0, -1.0, 1.0, 2.0, 3.0] {
            let from = ms(100.0) + 7;
            let samples = bent_tooth(key, semitones, from);
            let heard = changed_at(&samples, ms(50.0)..ms(200.0)).expect("it moves");
            assert!((from..=from + 40).contains(&heard), "{key} {semitones}: {heard} for {from}");
            let to = (f64::from(key) + semitones) as u8;
            assert_eq!(keys_at(&samples, from + ms(6.0)), [to], "{key} by {semitones}");
            let settled = settled_at(&samples, ms(50.0)..ms(190.0), |k| k == to).expect("it arrives");
            assert!((from..from + ms(7.0)).contains(&settled), "{key} {semitones}: {settled} for {from}");
        }
    }
}

#[test]
fn a_cross_fade_is_found_and_its_wrong_milliseconds_are_counted() {
    let from = ms(100.0);
    let fade = |n| ramp(n, from, ms(8.0)).min(1.0);
    let old = sung(ms(200.0), |_| tooth(52), |n| 0.2 * (1.0 - fade(n)));
    let new = sung(ms(200.0), |_| tooth(57), |n| 0.2 * fade(n));
    let samples = sum(&old, &new);
    let heard = changed_at(&samples, ms(50.0)..ms(200.0)).expect("it moves");
    assert!((from..=from + 40).contains(&heard), "{heard} for {from}");
    // The old key is half as loud as the new one two thirds through; the window reaches 4 ms ahead.
    let wrong = wrong_ms(&samples, from..from + ms(60.0), |key| key == 57);
    assert!((2.0..=7.0).contains(&wrong), "{wrong} ms");
    assert_eq!(wrong_ms(&samples, from..from + ms(60.0), |key| key == 57 || key == 52), 0.0);
}

#[test]
fn a_steady_sound_has_not_changed_and_a_new_voice_has() {
    let held = sung(ms(200.0), |_| tooth(50), |_| 0.2);
    assert_eq!(changed_at(&held, ms(10.0)..ms(200.0)), None);
    let onset = ms(90.0) + 3;
    let mut struck = vec![0.0; onset];
    struck.extend(sung(ms(100.0), |_| tooth(61), |_| 0.2));
    let heard = changed_at(&sum(&held, &struck), ms(10.0)..ms(180.0)).expect("it begins");
    assert!((onset..onset + 4).contains(&heard), "{heard} for {onset}");
}

#[test]
fn one_sine_is_read_to_a_cent_from_two_milliseconds_even_in_the_bass() {
    for key in 28..=84 {
        let samples = sung(ms(80.0), |_| pitch(key), |_| 0.3);
        let lag = ms(1000.0 / pitch(key) / 4.0);
        let heard = key_of(frequency_at(&samples, ms(20.0), ms(2.0), lag).expect("it sounds"));
        assert!((heard - f64::from(key)).abs() < 0.01, "{key}: {heard}");
    }
    assert_eq!(frequency_at(&[0.0; 1000], 200, 100, 50), None);
}

#[test]
fn a_bent_bass_arrives_when_its_bend_ends() {
    let from = ms(100.0);
    for semitones in [1_i8, 2, 3, -3] {
        let bend = |n| f64::from(semitones) / 12.0 * ramp(n, from, ms(5.0)).min(1.0);
        let samples = sung(ms(200.0), |n| pitch(40) * bend(n).exp2(), |_| 0.3);
        let arrived = arrived_at(&samples, ms(50.0), ms(180.0), 40_u8.saturating_add_signed(semitones));
        let frame = arrived.expect("it arrives");
        assert!((from..from + ms(10.0)).contains(&frame), "{semitones}: {frame} for {from}");
    }
    assert_eq!(arrived_at(&sung(ms(200.0), |_| pitch(40), |_| 0.3), ms(50.0), ms(180.0), 41), None);
}

#[test]
fn a_chord_at_true_pitch_is_read_among_wrong_candidates() {
    let voices = [48, 52, 55].map(|key| sung(ms(100.0), |_| pitch(key), |_| f64::from(key) / 500.0));
    let samples = sum(&sum(&voices[0], &voices[1]), &voices[2]);
    let levels = levels_of(&samples, 100, ms(40.0), &[48, 50, 52, 53, 55]);
    for (heard, wanted) in levels.iter().zip([0.096, 0.0, 0.104, 0.0, 0.110]) {
        assert!((heard - wanted).abs() < 1e-3, "{levels:?}");
    }
    assert_eq!(pitch_at(&samples, 100, ms(40.0), &[48, 52, 55]).map(|found| found.0), Some(55));
}

#[test]
fn onsets_are_found_and_a_held_note_is_none() {
    let tone = |_| 220.0;
    let mut samples = vec![0.0; ms(50.0)];
    samples.extend(sung(ms(100.0), tone, |n| 0.1 + 0.2 * f64::from(u8::from(n >= ms(60.0)))));
    samples.extend(vec![0.0; ms(50.0)]);
    samples.extend(sung(ms(50.0), tone, |_| 0.3));
    let found = onset_frames(&samples);
    let wanted = [50.0, 110.0, 200.0];
    assert_eq!(found.len(), wanted.len(), "{found:?}");
    assert!(found.iter().zip(wanted).all(|(&frame, at)| frame.abs_diff(ms(at)) <= ms(1.0)), "{found:?}");
}

#[test]
fn a_silent_block_is_found_and_a_soft_one_is_not() {
    let soft = sung(640, |_| 1000.0, |n| if (128..192).contains(&n) { 1e-5 } else { 1e-3 });
    assert_eq!(silent_blocks(&soft, &soft, 64), [2]);
    assert!(silent_blocks(&soft, &vec![0.5; 640], 64).is_empty());
}

#[test]
fn a_smooth_bend_does_not_click_and_a_jump_does() {
    let from = ms(100.0);
    let smooth = sung(ms(200.0), |n| 440.0 * (1.0 + 0.06 * ramp(n, from, ms(5.0)).min(1.0)), |_| 0.3);
    assert!(roughness(&smooth, from..from + ms(10.0), ms(30.0)) < 1.5);
    let mut jump = smooth;
    jump[from + 100..].iter_mut().for_each(|x| *x += 0.02);
    assert!(roughness(&jump, from..from + ms(10.0), ms(30.0)) > 1.5);
    assert!((second_difference_peak(&[0.0, 0.0, 1.0, 0.0, 0.0], 0..5) - 2.0).abs() < 1e-6);
}
