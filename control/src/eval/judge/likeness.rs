//! Does the band play what people play? Histograms of pitch, place and length against the human parts.

use engine::{Part, Tick};

use super::distance::{jensen_shannon, percentile};
use super::{Band, Sounding};

/// Bins of the histograms of place and length.
const BINS: usize = 64;

/// The divergences of two performances of one piece, in nats.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Likeness {
    /// Of MIDI keys.
    pub pitch: f64,
    /// Of onsets as shares of the piece.
    pub onset: f64,
    /// Of lengths up to the 0.995 quantile of both.
    pub length: f64,
}

/// How unlike the band is to the people, over those of bass, comp and pads that the people play; `None` where they
/// play none of them, or the band plays nothing there.
pub fn likeness(band: &Band, people: &Band) -> Option<Likeness> {
    let parts =
        [Part::Bass, Part::Comp, Part::Pads].into_iter().filter(|part| people.part(*part).next().is_some());
    let parts: Vec<Part> = parts.collect();
    let (ours, theirs) = (of_parts(band, &parts), of_parts(people, &parts));
    let end = band.end.max(people.end);
    let lengths: Vec<f64> = ours.iter().chain(&theirs).map(|note| (note.off - note.on) as f64).collect();
    let longest = percentile(&lengths, 0.995) as Tick;
    let pitch = |note: &&Sounding| usize::from(note.key);
    let onset = move |note: &&Sounding| bin(note.on, end);
    let length = move |note: &&Sounding| bin((note.off - note.on).min(longest), longest);
    Some(Likeness {
        pitch: jensen_shannon(&histogram(&ours, 128, pitch), &histogram(&theirs, 128, pitch))?,
        onset: jensen_shannon(&histogram(&ours, BINS, onset), &histogram(&theirs, BINS, onset))?,
        length: jensen_shannon(&histogram(&ours, BINS, length), &histogram(&theirs, BINS, length))?,
    })
}

/// What some parts struck.
fn of_parts<'a>(band: &'a Band, parts: &[Part]) -> Vec<&'a Sounding> {
    band.notes.iter().filter(|note| !note.moved && parts.contains(&note.part)).collect()
}

fn histogram<'a>(notes: &[&'a Sounding], bins: usize, bin: impl Fn(&&'a Sounding) -> usize) -> Vec<f64> {
    let mut counts = vec![0.0; bins];
    notes.iter().for_each(|note| counts[bin(note).min(bins - 1)] += 1.0);
    counts
}

/// The bin of a place in a whole.
fn bin(place: Tick, whole: Tick) -> usize {
    usize::try_from(place * BINS as Tick / whole.max(1)).unwrap_or(0)
}
