//! How a drummer plays the grid: how loose, how dynamic, and whether fills leave the player alone.

use engine::{Part, Tick};

use super::distance::{deviation, percentile};
use super::listen::gaps;
use super::{Band, Share, Sounding};

/// How late a drummer is at the beats, in the median, in ticks; 0 where he plays none.
pub fn offset(band: &Band) -> f64 {
    let median = percentile(&at_beats(band), 0.5);
    if median.is_finite() { median } else { 0.0 }
}

/// How far the onsets of a drummer scatter around their place at the beats, in ticks of 960 a quarter (the
/// standard deviation). Swing does not reach there.
pub fn looseness(band: &Band) -> Option<f64> {
    deviation(&at_beats(band))
}

/// How late each onset is that lies within an eighth of a beat of a beat, in ticks.
fn at_beats(band: &Band) -> Vec<f64> {
    let beat = band.beat();
    let late = |note: &Sounding| (note.on + beat / 2).rem_euclid(beat) - beat / 2;
    let near = band.struck(Part::Drums).map(late).filter(|late| late.abs() <= beat / 8);
    near.map(|late| late as f64).collect()
}

/// The standard deviation of a drummer's velocities.
pub fn velocity_spread(band: &Band) -> Option<f64> {
    deviation(&band.struck(Part::Drums).map(|note| f64::from(note.velocity)).collect::<Vec<f64>>())
}

/// Notes that a part strikes in a bar; `None` where it strikes none.
pub fn density(band: &Band, part: Part) -> Option<f64> {
    let onsets = band.struck(part).count();
    (onsets > 0).then(|| onsets as f64 / band.bars() as f64)
}

/// How many beats of fills fall on the player's melody: beats with two strokes of toms or more, and none in a gap
/// of the player's.
pub fn fills_over_player(band: &Band) -> Share {
    let beat = band.beat();
    let gaps = gaps(&band.performer, beat, band.end);
    let toms: Vec<Tick> = band
        .struck(Part::Drums)
        .filter(|note| matches!(note.key, 41 | 43 | 45 | 47 | 48 | 50))
        .map(|note| note.on)
        .collect();
    let in_beat = |n: Tick| toms.iter().filter(move |on| (n * beat..(n + 1) * beat).contains(on));
    let fills = (0..=band.end / beat).filter(|&n| in_beat(n).count() >= 2);
    Share::count(fills, |n| !in_beat(n).any(|on| gaps.iter().any(|(from, to)| (from..to).contains(&on))))
}
