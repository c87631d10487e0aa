//! How much a sound clicks: a break in a smooth curve shows in its second difference.

use std::ops::Range;

/// The greatest `|x[n + 1] - 2 x[n] + x[n - 1]|` in the range.
pub fn second_difference_peak(samples: &[f32], range: Range<usize>) -> f32 {
    let end = range.end.min(samples.len().saturating_sub(1));
    let bend = |n: usize| (samples[n + 1] - 2.0 * samples[n] + samples[n - 1]).abs();
    (range.start.max(1)..end).map(bend).fold(0.0, f32::max)
}

/// The second difference while a note moves, over that of the louder of the steady sounds on either side,
/// each `steady` frames long. 1 is no click at all; the limit is 1.5.
pub fn roughness(samples: &[f32], moving: Range<usize>, steady: usize) -> f32 {
    let before = second_difference_peak(samples, moving.start.saturating_sub(steady)..moving.start);
    let after = second_difference_peak(samples, moving.end..moving.end + steady);
    second_difference_peak(samples, moving) / before.max(after).max(f32::MIN_POSITIVE)
}
