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

/// How likely an item is made harder, and in which way: shares of the items.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trials {
    /// Chords go wrong now and then.
    pub careless: f32,
    /// Chords are pushed.
    pub pushing: f32,
    /// There is no performer.
    pub absent: f32,
    /// The same where the song is a soloist's.
    pub soloist_absent: f32,
    /// The performer rests for bars.
    pub resting: f32,
    /// The performer plays the comp of a pianist's song.
    pub lent: f32,
}

impl Default for Trials {
    fn default() -> Trials {
        Trials {
            careless: 0.10,
            pushing: 0.10,
            absent: 0.12,
            soloist_absent: 0.05,
            resting: 0.20,
            lent: 0.20,
        }
    }
}

impl Trials {
    /// Everything comes as it stands in the song.
    pub const NONE: Trials =
        Trials { careless: 0.0, pushing: 0.0, absent: 0.0, soloist_absent: 0.0, resting: 0.0, lent: 0.0 };
}

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
