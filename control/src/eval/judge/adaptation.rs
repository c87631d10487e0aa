//! How soon the chords follow a melody that jumps: the share of notes in the chord, beat by beat.

use super::Share;

/// Quarters before which the melody jumps.
pub const PUSH: usize = 16;

/// How a set recovers from the jump.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recovery {
    /// Note-in-chord ratio in the eight quarters before the jump.
    pub before: f64,
    /// The least ratio of a quarter after it.
    pub dip: f64,
    /// Quarters until the mean of two in a row is 95 % of what it was before; `None` where it never is.
    pub quarters: Option<usize>,
    /// What is lost below the ratio before, summed over the quarters until then.
    pub lost: f64,
}

/// How the songs of a set recover, from each one's shares by quarter; `None` where too few reach beyond the jump.
pub fn recovery(songs: &[Vec<Share>]) -> Option<Recovery> {
    let longest = songs.iter().map(Vec::len).max().unwrap_or(0);
    let curve: Vec<Option<f64>> = (0..longest).map(|quarter| at(songs, quarter)).collect();
    let known: Vec<f64> = curve.get(PUSH / 2..PUSH)?.iter().flatten().copied().collect();
    let before = known.iter().sum::<f64>() / known.len() as f64;
    let after: Vec<f64> = curve[PUSH..].iter().flatten().copied().collect();
    if known.is_empty() || after.len() < 2 {
        return None;
    }
    let quarters = after.windows(2).position(|pair| (pair[0] + pair[1]) / 2.0 >= 0.95 * before);
    let until = quarters.unwrap_or(after.len());
    Some(Recovery {
        before,
        dip: after[..(until + 1).min(after.len())].iter().copied().fold(f64::INFINITY, f64::min),
        quarters,
        lost: after[..until].iter().map(|ratio| (before - ratio).max(0.0)).sum(),
    })
}

/// The mean over the songs that have a melody there.
fn at(songs: &[Vec<Share>], quarter: usize) -> Option<f64> {
    let ratios: Vec<f64> = songs.iter().filter_map(|song| song.get(quarter)?.ratio()).collect();
    (!ratios.is_empty()).then(|| ratios.iter().sum::<f64>() / ratios.len() as f64)
}
