//! Measures of a set as a whole: what one take is too short to tell.

use std::collections::HashMap;

use super::judge::Band;
use super::judge::adaptation::{Recovery, recovery};
use super::judge::changes::{after_melody, lengths};
use super::judge::distance::{earth_movers, entropy};
use super::judge::diversity::{embed, vendi};
use super::judge::frames::Frames;
use super::performing::split;

/// All performances of one accompanist over a set.
#[derive(Debug)]
pub struct Whole<'a> {
    /// As they are.
    pub bands: Vec<&'a Band>,
    /// With a melody that jumps.
    pub pushed: Vec<&'a Band>,
    /// What people played.
    pub people: Vec<&'a Band>,
}

/// A measure of a set.
#[derive(Debug)]
pub struct WholeMeasure {
    /// The head of its column.
    pub name: &'static str,
    /// Digits after the point.
    pub places: usize,
    /// What it says, in one line.
    pub doc: &'static str,
    /// Its value; `None` where there is nothing to count.
    pub of: fn(&Whole<'_>) -> Option<f64>,
}

/// All of them.
pub static WHOLES: [WholeMeasure; 8] = [
    WholeMeasure {
        name: "len_ent",
        places: 2,
        doc: "entropy of the lengths of chords in sixteenths, in nats",
        of: |it| entropy(&length_counts(it)),
    },
    WholeMeasure {
        name: "chord_ent",
        places: 2,
        doc: "entropy of the chord symbols, in nats",
        of: |it| entropy(&symbol_counts(it)),
    },
    WholeMeasure {
        name: "onset_emd",
        places: 2,
        doc: "earth mover's distance from the people of the sixteenths between a melody onset and the chord after it",
        of: onset_distance,
    },
    WholeMeasure {
        name: "vendi",
        places: 2,
        doc: "how many different takes it amounts to (Vendi, pitch class by sixteenth of the bar)",
        of: diversity,
    },
    WholeMeasure {
        name: "before",
        places: 3,
        doc: "in_chord in the eight quarters before the melody jumps by six semitones",
        of: |it| Some(recovered(it)?.before),
    },
    WholeMeasure {
        name: "dip",
        places: 3,
        doc: "the least in_chord of a quarter after it",
        of: |it| Some(recovered(it)?.dip),
    },
    WholeMeasure {
        name: "recovery",
        places: 0,
        doc: "quarters until two in a row have 95 % of it again",
        of: |it| Some(recovered(it)?.quarters? as f64),
    },
    WholeMeasure {
        name: "lost",
        places: 2,
        doc: "what is missing to it until then, summed over the quarters",
        of: |it| Some(recovered(it)?.lost),
    },
];

fn length_counts(it: &Whole<'_>) -> Vec<f64> {
    let mut counts: HashMap<usize, f64> = HashMap::new();
    it.bands
        .iter()
        .flat_map(|band| lengths(band))
        .for_each(|length| *counts.entry(length).or_default() += 1.0);
    in_order(counts)
}

fn symbol_counts(it: &Whole<'_>) -> Vec<f64> {
    let mut counts: HashMap<_, f64> = HashMap::new();
    for (_, _, chord) in it.bands.iter().flat_map(|band| band.spans()) {
        *counts.entry(chord).or_default() += 1.0;
    }
    in_order(counts)
}

/// The counts from the least on, so that their sum is the same each time.
fn in_order<T>(counts: HashMap<T, f64>) -> Vec<f64> {
    let mut counts: Vec<f64> = counts.into_values().collect();
    counts.sort_by(f64::total_cmp);
    counts
}

fn onset_distance(it: &Whole<'_>) -> Option<f64> {
    let pooled = |bands: &[&Band]| {
        let all = bands.iter().map(|band| after_melody(band, split()));
        all.reduce(|sum, one| sum.iter().zip(one).map(|(a, b)| a + b).collect())
    };
    earth_movers(&pooled(&it.bands)?, &pooled(&it.people)?)
}

fn diversity(it: &Whole<'_>) -> Option<f64> {
    let vectors: Vec<Vec<f64>> =
        it.bands.iter().map(|band| embed(band)).filter(|vector| !vector.is_empty()).collect();
    vendi(&vectors)
}

fn recovered(it: &Whole<'_>) -> Option<Recovery> {
    let songs: Vec<_> =
        it.pushed.iter().map(|band| Frames::of(band, split()).in_chord_by_quarter()).collect();
    recovery(&songs)
}
