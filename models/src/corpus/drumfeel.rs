//! Measures the feel of the corpus's drummers: how late, how loud and how loosely they play each piece at each place of
//! the beat, and how they wander around the beat together with themselves.

mod cells;
mod spread;
#[cfg(test)]
mod tests;
mod wander;

use super::style::style_of;
use super::{Song, Split, Timing};
use crate::groove::feel::cell::{Energy, GHOST, Group, Kind, Piece, Place, looseness_at};

/// Ticks of a beat in the corpus.
const BEAT: i64 = 480;
/// A take with fewer strokes says little about its drummer.
const LEAST_STROKES: usize = 40;
/// An estimate from few takes is drawn towards that of a wider case as if this many takes more were like the latter.
const PRIOR: f64 = 2.0;
/// So many strokes of a case make a whole take of it; fewer weigh less, more do not weigh more.
const WHOLE: f64 = 32.0;

/// What the tables say of where they come from.
const SOURCE: &str = "\
# Measured from the Groove MIDI Dataset (CC-BY-4.0): Gillick, Roberts, Engel, Eck and Bamman, \"Learning to Groove with
# Inverse Sequence Transformations\", ICML 2019. Written by `feel_table`; do not edit.
";

/// A stroke of a take, on the grid.
#[derive(Clone, Copy, Debug)]
struct Stroke {
    kind: Kind,
    energy: Energy,
    key: u8,
    /// Beat of the take.
    beat: i64,
    position: u8,
    /// Place in the bar, in grid positions.
    slot: i64,
    /// Milliseconds behind the grid.
    late: f64,
    /// The same at the tempo of the tables.
    usual: f64,
    velocity: f64,
}

impl Stroke {
    /// Grid positions from the start of the take.
    fn at(&self) -> i64 {
        self.beat * 12 + i64::from(self.position)
    }
}

/// Takes of drummers, on the grid.
#[derive(Debug, Default)]
pub struct Drummers {
    train: Vec<Vec<Stroke>>,
    valid: Vec<Vec<Stroke>>,
}

impl Drummers {
    /// Takes in a song, if it is the groove of a drummer: no fill, with a tempo, in quarter-note beats.
    pub fn add(&mut self, song: &Song) {
        let strokes = strokes(song).unwrap_or_default();
        if strokes.len() >= LEAST_STROKES {
            match song.split {
                Split::Train => self.train.push(strokes),
                Split::Valid => self.valid.push(strokes),
            }
        }
    }

    /// The feel of each case, from the takes to learn from.
    pub fn feel(&self) -> String {
        SOURCE.to_owned() + cells::HEAD + &cells::table(&self.train)
    }

    /// How the drummers of each group wander, from the takes to learn from.
    pub fn wander(&self) -> String {
        SOURCE.to_owned() + wander::HEAD + &wander::table(&self.train)
    }

    /// How widely each piece is spread, from the validation takes: what the band is compared with.
    pub fn spread(&self) -> String {
        SOURCE.to_owned() + spread::HEAD + &spread::table(&self.valid)
    }
}

fn strokes(song: &Song) -> Option<Vec<Stroke>> {
    let (bpm, [(0, beats, 4)]) = (song.bpm?, &song.meters[..]) else { return None };
    if song.kind.as_deref() != Some("beat") {
        return None;
    }
    let notes = song.part("drums");
    let onsets: Vec<_> = notes.iter().map(|note| (note.0, note.3)).collect();
    let timing = Timing::measure(&onsets, BEAT);
    let (group, energy) = (Group::of(style_of(song)), Energy::of(loudness(&onsets)));
    let on_grid = |(tick, _, key, velocity): &(i64, i64, u8, u8)| {
        let (beat, position, micro) = timing.place(*tick, BEAT);
        let late = f64::from(micro) * 60_000.0 / bpm;
        let piece = Piece::of(*key, *velocity < GHOST)?;
        Some(Stroke {
            kind: Kind { group, piece, place: Place::of(position) },
            energy,
            key: *key,
            beat,
            position,
            slot: beat.rem_euclid(i64::from(*beats)) * 12 + i64::from(position),
            late,
            usual: late / f64::from(looseness_at(bpm as f32)),
            velocity: f64::from(*velocity),
        })
    };
    Some(notes.iter().filter_map(on_grid).collect())
}

/// The mean velocity of the strokes that are no ghosts.
fn loudness(onsets: &[(i64, u8)]) -> f32 {
    let loud: Vec<f32> =
        onsets.iter().filter(|onset| onset.1 >= GHOST).map(|onset| f32::from(onset.1)).collect();
    loud.iter().sum::<f32>() / loud.len().max(1) as f32
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

fn variance(values: &[f64]) -> f64 {
    let mean = mean(values);
    values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (values.len() as f64 - 1.0).max(1.0)
}
