//! Reads keys from the sound of the comb font.
//!
//! All its tones are multiples of 250 Hz. So 192 frames at 48 kHz hold a whole number of periods of each: the
//! tones are orthogonal over that window, and a steady sound repeats exactly, which makes the frame of any
//! change exact too.

use std::f64::consts::TAU;
use std::ops::Range;

use crate::support::sine_font::{RATE, TEETH, TOOTH_FRAMES, tooth};

/// Below this amplitude nothing counts as sounding: -60 dBFS.
const FLOOR: f32 = 1e-3;

/// The amplitude of every key over the 192 frames from `at`; zero for keys without a tooth.
pub fn levels(samples: &[f32], at: usize) -> [f32; 128] {
    let mut levels = [0.0; 128];
    if let Some(window) = samples.get(at..at + TOOTH_FRAMES) {
        for key in TEETH {
            levels[usize::from(key)] = amplitude(window, tooth(key));
        }
    }
    levels
}

/// The keys that sound in the 192 frames from `at`, from low to high: peaks of at least half the loudest.
///
/// A bent tone may lie a quarter of a tooth off, so that its neighbours answer to it too: they are no peaks.
pub fn keys_at(samples: &[f32], at: usize) -> Vec<u8> {
    let levels = levels(samples, at);
    let loudest = levels.iter().copied().fold(FLOOR, f32::max);
    let is_peak = |key: u8| {
        let [below, here, above] = [key - 1, key, key + 1].map(|k| levels[usize::from(k)]);
        here >= 0.5 * loudest && here > below && here >= above
    };
    TEETH.filter(|&key| is_peak(key)).collect()
}

/// The first frame in the range at which the sound ceases to be what it was 4 ms before: a note began, ended,
/// was bent or faded. `None` if nothing happens there.
///
/// The sound must have been steady for 4 ms before the range.
pub fn changed_at(samples: &[f32], range: Range<usize>) -> Option<usize> {
    let start = range.start.max(TOOTH_FRAMES);
    let before = &samples[start - TOOTH_FRAMES..start];
    let level = before.iter().fold(0.0_f32, |peak, x| peak.max(x.abs()));
    // The first quantum of a long fade moves the sound by no more.
    let threshold = (level / 500.0).max(FLOOR / 20.0);
    (start..range.end.min(samples.len()))
        .find(|&n| (samples[n] - samples[n - TOOTH_FRAMES]).abs() > threshold)
}

/// The first frame in the range from which every key that sounds is allowed, up to its end; read each 0.25 ms.
pub fn settled_at(samples: &[f32], range: Range<usize>, allowed: impl Fn(u8) -> bool) -> Option<usize> {
    let wrong = |&at: &usize| keys_at(samples, at).into_iter().any(|key| !allowed(key));
    let hops: Vec<usize> = range.clone().step_by(12).collect();
    match hops.iter().rposition(wrong) {
        None => Some(range.start),
        Some(last) => hops.get(last + 1).copied(),
    }
}

/// How long, in ms, keys sound in the range that are not allowed; read each ms through 4 ms, so that a key that
/// ends counts for 2 ms less.
pub fn wrong_ms(samples: &[f32], range: Range<usize>, allowed: impl Fn(u8) -> bool) -> f64 {
    let wrong = |at: &usize| keys_at(samples, *at).into_iter().any(|key| !allowed(key));
    range.step_by(RATE as usize / 1000).filter(wrong).count() as f64
}

/// The amplitude of one frequency in a window (Goertzel 1958).
fn amplitude(window: &[f32], hertz: f64) -> f32 {
    let turn = TAU * hertz / f64::from(RATE);
    let factor = 2.0 * turn.cos();
    let (mut now, mut before) = (0.0, 0.0);
    for &sample in window {
        (now, before) = (f64::from(sample) + factor * now - before, now);
    }
    let power = now * now + before * before - factor * now * before;
    (power.max(0.0).sqrt() * 2.0 / window.len() as f64) as f32
}
