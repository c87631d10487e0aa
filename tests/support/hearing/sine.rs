//! Reads pitch from pure sines at true pitch: one at a time over milliseconds, several over longer windows.

use std::f64::consts::TAU;

use crate::support::sine_font::{RATE, pitch};

/// The frequency in Hz of the one sine that sounds from `at` on, by the identity
/// `x[n + lag] + x[n - lag] = 2 cos(w lag) x[n]`, fitted over `window` frames.
///
/// The sound is read from `at - lag` to `at + window + lag`. A lag of about a quarter of the period is best;
/// half a period is the most that it may be. `None` where nothing sounds.
pub fn frequency_at(samples: &[f32], at: usize, window: usize, lag: usize) -> Option<f64> {
    let read = samples.get(at.checked_sub(lag)?..at + window + lag)?;
    let (mut across, mut square) = (0.0, 0.0);
    for n in lag..lag + window {
        let [before, here, after] = [n - lag, n, n + lag].map(|i| f64::from(read[i]));
        across += here * (before + after);
        square += here * here;
    }
    if square < 1e-9 * window as f64 {
        return None;
    }
    let cosine = (across / square / 2.0).clamp(-1.0, 1.0);
    Some(cosine.acos() * f64::from(RATE) / TAU / lag as f64)
}

/// The key of a frequency, fractional: 69.0 is 440 Hz.
pub fn key_of(hertz: f64) -> f64 {
    69.0 + 12.0 * (hertz / 440.0).log2()
}

/// The amplitude of each candidate key from `at` on, as the best fit of their sum to `window` frames.
///
/// Exact for steady sines. Keys a semitone apart want a window of about half a period of their difference:
/// 20 ms at middle C; a wrong candidate takes little if the right ones are among them.
pub fn levels_of(samples: &[f32], at: usize, window: usize, keys: &[u8]) -> Vec<f32> {
    let columns: Vec<Vec<f64>> = keys.iter().flat_map(|&key| quadrature(pitch(key), window)).collect();
    let target: Vec<f64> = samples[at..at + window].iter().map(|&x| f64::from(x)).collect();
    let solution = least_squares(&columns, &target);
    solution.chunks(2).map(|pair| pair[0].hypot(pair[1]) as f32).collect()
}

/// The loudest of the candidate keys from `at` on, and its amplitude.
pub fn pitch_at(samples: &[f32], at: usize, window: usize, candidates: &[u8]) -> Option<(u8, f32)> {
    let levels = levels_of(samples, at, window, candidates);
    candidates.iter().copied().zip(levels).max_by(|a, b| a.1.total_cmp(&b.1))
}

/// The first frame from `from` on at which the one sine that sounds is within a quarter tone of `key`, for
/// good until `to`; read each 0.25 ms over 2 ms.
pub fn arrived_at(samples: &[f32], from: usize, to: usize, key: u8) -> Option<usize> {
    let lag = (f64::from(RATE) / pitch(key) / 4.0).round() as usize;
    let away = |&at: &usize| {
        frequency_at(samples, at, 96, lag).is_none_or(|hertz| (key_of(hertz) - f64::from(key)).abs() > 0.5)
    };
    let hops: Vec<usize> = (from.max(lag)..to).step_by(12).collect();
    match hops.iter().rposition(away) {
        None => Some(from),
        Some(last) => hops.get(last + 1).copied(),
    }
}

/// Cosine and sine of a frequency.
fn quadrature(hertz: f64, window: usize) -> [Vec<f64>; 2] {
    let angle = |n: usize| TAU * hertz * n as f64 / f64::from(RATE);
    [(0..window).map(|n| angle(n).cos()).collect(), (0..window).map(|n| angle(n).sin()).collect()]
}

/// The weights of the columns whose sum comes nearest to the target: the normal equations, by elimination.
fn least_squares(columns: &[Vec<f64>], target: &[f64]) -> Vec<f64> {
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
    let mut rows: Vec<Vec<f64>> =
        columns.iter().map(|a| columns.iter().map(|b| dot(a, b)).chain([dot(a, target)]).collect()).collect();
    let n = rows.len();
    for pivot in 0..n {
        let best = (pivot..n).max_by(|&a, &b| rows[a][pivot].abs().total_cmp(&rows[b][pivot].abs()));
        rows.swap(pivot, best.unwrap_or(pivot));
        let base = rows[pivot].clone();
        for (i, row) in rows.iter_mut().enumerate().filter(|(i, _)| *i != pivot) {
            let factor = row[pivot] / base[pivot];
            debug_assert!(factor.is_finite(), "column {i} repeats another");
            row.iter_mut().zip(&base).for_each(|(x, y)| *x -= factor * y);
        }
    }
    (0..n).map(|i| rows[i][n] / rows[i][i]).collect()
}
