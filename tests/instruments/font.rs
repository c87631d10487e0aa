//! The sine fonts play what they promise.

use engine::sound::{Font, Instrument, QUANTUM};

use crate::support::sine_font::{RATE, TEETH, TOOTH_FRAMES, comb, pitch, tempered, tooth};

/// The left channel of one struck note.
fn played(font: &[u8], program: (u8, u8), key: u8, velocity: u8, frames: usize) -> Vec<f32> {
    let font = Font::read(font).expect("the font loads");
    let mut instrument = Instrument::new(&font, program.0, program.1, RATE).expect("the preset plays");
    let channel = if program.0 == 128 { Instrument::KIT } else { 0 };
    instrument.note_on(channel, key, velocity);
    let (mut left, mut right) = ([0.0; QUANTUM], [0.0; QUANTUM]);
    let mut samples = Vec::new();
    while samples.len() < frames {
        instrument.render(&mut left, &mut right);
        samples.extend_from_slice(&left);
    }
    samples
}

/// The frequency of a sine in Hz, by the time between its first and last upward zero crossing.
fn crossings(samples: &[f32]) -> f64 {
    let at = |i: usize| i as f64 + f64::from(samples[i] / (samples[i] - samples[i + 1]));
    let up: Vec<f64> =
        (0..samples.len() - 1).filter(|&i| samples[i] < 0.0 && samples[i + 1] >= 0.0).map(at).collect();
    f64::from(RATE) * (up.len() - 1) as f64 / (up[up.len() - 1] - up[0])
}

#[test]
fn the_tempered_font_plays_every_key_at_its_pitch() {
    let font = tempered();
    for key in 21..=108 {
        let heard = crossings(&played(&font, (0, key), key, 90, 24_000));
        assert!((heard / pitch(key) - 1.0).abs() < 1e-3, "key {key}: {heard} Hz");
    }
}

#[test]
fn the_comb_font_plays_every_key_on_a_tooth_and_repeats_exactly() {
    let font = comb();
    for key in TEETH {
        let samples = played(&font, (0, 0), key, 90, 4800);
        let heard = crossings(&samples);
        assert!((heard - tooth(key)).abs() < 5.0, "key {key}: {heard} Hz");
        let drift = (0..4000).map(|i| (samples[i] - samples[i + TOOTH_FRAMES]).abs()).fold(0.0, f32::max);
        assert!(drift < 1e-4, "key {key} drifts by {drift}");
    }
}

#[test]
fn a_note_sounds_at_its_full_level_from_its_first_frame_at_any_velocity() {
    let font = tempered();
    let peak = |samples: &[f32]| samples.iter().fold(0.0_f32, |peak, x| peak.max(x.abs()));
    let loud = played(&font, (0, 5), 93, 127, 4800);
    for velocity in [1, 40, 127] {
        let samples = played(&font, (0, 5), 93, velocity, 4800);
        assert!((peak(&samples) / peak(&loud) - 1.0).abs() < 0.02, "velocity {velocity}");
        assert!(peak(&samples[..30]) > 0.98 * peak(&samples), "velocity {velocity} fades in");
    }
}

#[test]
fn a_piece_of_the_kit_rings_and_dies() {
    let samples = played(&tempered(), (128, 0), 38, 90, 24_000);
    let level = |from: usize| samples[from..from + 2400].iter().fold(0.0_f32, |peak, x| peak.max(x.abs()));
    assert!(level(0) > 0.1 && level(21_000) < 1e-3, "{} then {}", level(0), level(21_000));
}
