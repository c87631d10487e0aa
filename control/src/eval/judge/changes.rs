//! How the chords move: how often, how long each stays, and where it comes after the melody's onsets.

use engine::Tick;

use super::harmony::SIXTEENTH;
use super::{Band, Share};

/// The longest distance of a chord from a melody onset that is told apart, in sixteenths: four bars of four.
const FURTHEST: usize = 64;

/// Changes of root in a bar.
pub fn root_changes_per_bar(band: &Band) -> Option<f64> {
    let roots: Vec<u8> = band.spans().iter().map(|(_, _, chord)| chord.root).collect();
    let changes = roots.windows(2).filter(|pair| pair[0] != pair[1]).count();
    (!roots.is_empty()).then(|| changes as f64 / band.bars() as f64)
}

/// How long each chord is played, in sixteenths.
pub fn lengths(band: &Band) -> Vec<usize> {
    band.spans().into_iter().map(|(from, to, _)| frame(to - from)).collect()
}

/// How long the median chord is played, in beats.
pub fn median_beats(band: &Band) -> Option<f64> {
    let mut lengths: Vec<Tick> = band.spans().into_iter().map(|(from, to, _)| to - from).collect();
    lengths.sort_unstable();
    lengths.get(lengths.len() / 2).map(|ticks| *ticks as f64 / band.beat() as f64)
}

/// How many chords are played for more than 32 sixteenths.
pub fn long(band: &Band) -> Share {
    Share::count(lengths(band), |frames| frames > 32)
}

/// How many sixteenths after the last onset of the melody each chord comes: a histogram with a bin a sixteenth.
/// The melody is the performer's keys from `split` on; chords before it begins are not counted.
pub fn after_melody(band: &Band, split: u8) -> Vec<f64> {
    let onsets: Vec<usize> =
        band.performer.iter().filter(|note| note.key >= split).map(|note| frame(note.on)).collect();
    let mut bins = vec![0.0; FURTHEST + 1];
    for (from, _, _) in band.spans() {
        let chord = frame(from);
        if let Some(last) = onsets[..onsets.partition_point(|onset| *onset <= chord)].last() {
            bins[(chord - last).min(FURTHEST)] += 1.0;
        }
    }
    bins
}

/// The nearest sixteenth.
fn frame(ticks: Tick) -> usize {
    usize::try_from((ticks + SIXTEENTH / 2).div_euclid(SIXTEENTH)).unwrap_or(0)
}
