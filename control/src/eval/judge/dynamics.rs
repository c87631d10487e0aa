//! Do the band's dynamics go with the player's, how far, and how soon?

use engine::Tick;

use super::listen::correlation;
use super::{Band, Sounding};

/// Bars by which the band may lag at most before it counts as not following.
const LONGEST_LAG: Tick = 2;

/// How one velocity goes with another, beat by beat, at the lag at which they go together best.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Response {
    /// Pearson's correlation.
    pub correlation: f64,
    /// Steps of the band's velocity for one of the player's.
    pub slope: f64,
    /// How far the band lags, in bars.
    pub lag: f64,
}

/// How the band's velocities go with the player's; `None` where either is flat or silent.
pub fn response(band: &Band) -> Option<Response> {
    respond(band, &by_beat(&band.performer, band))
}

/// The control: the correlation, at no lag, with the same player's bars in another order, in the mean over many orders:
/// one of 16 bars alone is off by a quarter. A band is not heard to follow unless this is near 0.
pub fn shuffled(band: &Band, seed: u64) -> Option<f64> {
    const ORDERS: usize = 64;
    let beats = (band.bar() / band.beat()) as usize;
    let (player, ours) = (by_beat(&band.performer, band), by_beat(&band.notes, band));
    let mut bars: Vec<&[Option<f64>]> = player.chunks(beats).collect();
    let mut rng = fastrand::Rng::with_seed(seed);
    let in_some_order = |_| {
        rng.shuffle(&mut bars);
        let (player, ours) = pairs(&bars.concat(), &ours, 0);
        correlation(&player, &ours)
    };
    let sum: Option<f64> = (0..ORDERS).map(in_some_order).sum();
    sum.map(|sum| sum / ORDERS as f64)
}

fn respond(band: &Band, player: &[Option<f64>]) -> Option<Response> {
    let ours = by_beat(&band.notes, band);
    let beats = band.bar() / band.beat();
    let at = |lag: Tick| {
        let (player, ours) = pairs(player, &ours, lag as usize);
        let correlation = correlation(&player, &ours)?;
        let slope = correlation * spread(&ours) / spread(&player);
        Some(Response { correlation, slope, lag: lag as f64 / beats as f64 })
    };
    (0..=LONGEST_LAG * beats).filter_map(at).max_by(|a, b| a.correlation.total_cmp(&b.correlation))
}

/// The mean velocity of what is struck in each beat.
fn by_beat(notes: &[Sounding], band: &Band) -> Vec<Option<f64>> {
    let n = (band.end / band.beat() + 1) as usize;
    let mut sums = vec![(0.0, 0.0); n];
    // What comes a little early belongs to the beat.
    let early = band.beat() / 8;
    for note in notes.iter().filter(|note| !note.moved) {
        let beat = ((note.on + early).max(0) / band.beat()) as usize;
        let (sum, count) = &mut sums[beat.min(n - 1)];
        *sum += f64::from(note.velocity);
        *count += 1.0;
    }
    sums.into_iter().map(|(sum, count)| (count > 0.0).then(|| sum / count)).collect()
}

/// The beats in which both sound, the band's `lag` beats later.
fn pairs(player: &[Option<f64>], ours: &[Option<f64>], lag: usize) -> (Vec<f64>, Vec<f64>) {
    player.iter().zip(ours.iter().skip(lag)).filter_map(|(a, b)| Some(((*a)?, (*b)?))).unzip()
}

/// The root of the summed squares about the mean.
fn spread(values: &[f64]) -> f64 {
    let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
    values.iter().map(|x| (x - mean).powi(2)).sum::<f64>().sqrt()
}
