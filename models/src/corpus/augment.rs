//! What is drawn for a performance: what the band does not know in time, how the performer plays, and where they slip.

mod changes;
mod comping;
mod hands;
#[cfg(test)]
mod tests;

use fastrand::Rng;

pub use changes::Changes;
pub use comping::comping;
pub use hands::{Loudness, SPLIT, fit_to, melody, rests};

/// Beats that the band may write ahead.
const LAGS: [usize; 3] = [1, 2, 4];

/// Beats that are heard in time between those that are not.
const LONGEST_RUN: usize = 8;

/// Draws the beats that are written before they begin: spans of one lag, with runs of beats that are heard between.
pub fn unheard(beats: usize, rng: &mut Rng) -> Vec<bool> {
    let lag = LAGS[rng.usize(0..LAGS.len())];
    let mut unheard = Vec::with_capacity(beats + lag);
    while unheard.len() < beats {
        unheard.resize(unheard.len() + rng.usize(1..=LONGEST_RUN), false);
        unheard.resize(unheard.len() + lag, true);
    }
    unheard.truncate(beats);
    unheard
}
