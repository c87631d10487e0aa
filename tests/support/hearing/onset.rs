//! Where sound begins, and where there is none: for any font.

use crate::support::sine_font::RATE;

/// Below this amplitude there is no onset: -50 dBFS.
const FLOOR: f32 = 3.2e-3;

/// A millisecond.
const HOP: usize = RATE as usize / 1000;

/// Frames at which the sound rises to at least double of what it was in the 5 ms before; at least 20 ms apart.
///
/// Exact to a millisecond where the attack is instant; a soft attack is found as soon as it has doubled.
pub fn onset_frames(samples: &[f32]) -> Vec<usize> {
    let peaks: Vec<f32> = samples.chunks(HOP).map(peak).collect();
    let mut onsets: Vec<usize> = Vec::new();
    for (hop, &level) in peaks.iter().enumerate() {
        let before = peaks[hop.saturating_sub(5)..hop].iter().copied().fold(0.0, f32::max);
        let start = hop * HOP;
        let rested = onsets.last().is_none_or(|&last| start >= last + 20 * HOP);
        if level > FLOOR && level > 2.0 * before && rested {
            let rises = |&n: &usize| samples[n].abs() > (1.05 * before).max(level / 20.0);
            onsets.extend((start..start + HOP).find(rises));
        }
    }
    onsets
}

/// The blocks whose mean level is under -70 dBFS in both channels, by their number.
pub fn silent_blocks(left: &[f32], right: &[f32], block: usize) -> Vec<usize> {
    const SILENCE: f64 = 1e-7; // the square of -70 dBFS
    let power =
        |samples: &[f32]| samples.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>() / samples.len() as f64;
    let pairs = left.chunks_exact(block).zip(right.chunks_exact(block)).enumerate();
    pairs.filter(|(_, (l, r))| power(l) < SILENCE && power(r) < SILENCE).map(|(i, _)| i).collect()
}

fn peak(samples: &[f32]) -> f32 {
    samples.iter().fold(0.0, |peak, x| peak.max(x.abs()))
}
