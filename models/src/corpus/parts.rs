//! What humans played in a song of the corpus, in the words of the stream: strokes and roles for each beat.

mod drums;
mod grips;
mod shape;
mod single;
pub(super) mod stretch;
#[cfg(test)]
pub(super) mod testing;
#[cfg(test)]
mod tests;
mod tones;

use engine::{Chord, Meter, Part};

use super::Timing;
use super::density::{Quantiles, has};
use super::song::{Notes, Song};
use super::style::style_of;
use crate::tokens::{Hit, SEATS, Style, Tone};
use grips::{end, place, timing};
use shape::Shapes;
use stretch::Stretch;
use tones::Harmony;

/// Keys below it are the left hand of a pianist who plays alone: C3.
const LEFT_HAND: u8 = 48;
/// Ticks within which the keys of a left hand are struck together.
const TOGETHER: i64 = 40;
/// The velocity of a note that has none.
const USUAL: u8 = 80;

/// A stretch of a song in one meter: its chords, and what its humans played, beat by beat from a bar line on.
#[derive(Clone, Debug, PartialEq)]
pub struct Human {
    /// The meter.
    pub meter: Meter,
    /// Its length in beats: whole bars.
    pub beats: usize,
    /// For each beat the chord a quarter into it.
    pub chords: Vec<Option<Chord>>,
    /// For each beat the strokes, by position, then key; none if the song has no drums. A roll is two strokes or
    /// more on one position.
    pub drums: Option<Vec<Vec<Hit>>>,
    /// Bass, comp and pads; none where the song has no such part. The bass of pop909 is the pianist's left hand.
    pub tones: [Option<Tones>; 3],
    /// The melody as it was played.
    pub performer: Vec<Played>,
    /// The comp as it was played, both hands, for a performer who plays it.
    pub hand: Vec<Played>,
    /// Place of the off-beat in what it divides: 0.5 is straight.
    pub swing: f32,
    /// Whether the sixteenths swing, and not the eighths.
    pub sixteenths: bool,
    /// The style.
    pub style: Style,
    /// Quarter notes a minute; a usual tempo of the style where the song names none.
    pub bpm: f32,
    /// Energy of each bar, 0 to 4.
    pub level: Vec<u8>,
    /// Density of drums, bass, comp and pads in each bar, 0 to 3.
    pub density: [Vec<u8>; SEATS],
}

/// A pitched part.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tones {
    /// For each beat the notes and voicings, by position, unpushed before pushed.
    pub beats: Vec<Vec<Tone>>,
    /// For each beat whether what was played before goes on.
    pub ties: Vec<bool>,
}

/// A note as it was played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Played {
    /// The beat, from the start of the stretch.
    pub beat: i32,
    /// Grid position in the beat, 0 to 11.
    pub position: u8,
    /// MIDI key.
    pub key: u8,
    /// MIDI velocity, 1 to 127.
    pub velocity: u8,
    /// Grid positions, at least 1.
    pub length: u16,
}

impl Human {
    /// The stretches of a song that the band can play.
    ///
    /// Notes without a chord under them are left out of bass, comp and pads: they have no role.
    pub fn of(song: &Song, quantiles: &Quantiles) -> Vec<Human> {
        let mut shapes = Shapes::default();
        Stretch::all(song).iter().map(|stretch| human(stretch, quantiles, &mut shapes)).collect()
    }
}

fn human(stretch: &Stretch<'_>, quantiles: &Quantiles, shapes: &mut Shapes) -> Human {
    let song = stretch.song;
    let harmony = Harmony { chords: stretch.chords(), keys: stretch.keys() };
    let swing = swing(stretch);
    let drums = has(song, "drums").then(|| drums::hits(stretch, &kit(stretch)));
    let tones = [Part::Bass, Part::Comp, Part::Pads].map(|part| {
        notes_of(part, stretch).map(|notes| tones::tones(part, &notes, stretch, &harmony, shapes))
    });
    let (level, density) = quantiles.levels(stretch);
    Human {
        meter: stretch.meter,
        beats: stretch.beats,
        chords: harmony.chords,
        drums,
        tones,
        performer: played(stretch, "melody"),
        hand: played(stretch, "comp"),
        swing: swing.swing,
        sixteenths: swing.sixteenths,
        style: style_of(song),
        bpm: stretch.bpm() as f32,
        level,
        density,
    }
}

/// The notes of a pitched part. A pianist who plays alone is comp and bass.
fn notes_of(part: Part, stretch: &Stretch<'_>) -> Option<Notes> {
    let song = stretch.song;
    let alone = has(song, "comp") && !has(song, "bass");
    let (left, right) = if alone { hands(stretch.notes("comp")) } else { Default::default() };
    match part {
        Part::Bass if alone => Some(left),
        Part::Comp if alone => Some(right),
        part => Some(part.name()).filter(|name| has(song, name)).map(|name| stretch.notes(name)),
    }
}

/// The lowest keys of the left hand, and everything else but what doubles them in octaves.
fn hands(notes: Notes) -> (Notes, Notes) {
    let low: Notes = notes.iter().copied().filter(|note| note.2 < LEFT_HAND).collect();
    let under = |note: &(i64, i64, u8, u8)| {
        let from = low.partition_point(|other| other.0 < note.0 - TOGETHER);
        let near = low[from..].iter().take_while(|other| other.0 <= note.0 + TOGETHER);
        near.map(|other| other.2).filter(|key| *key < note.2).min()
    };
    let (mut left, mut right) = (Notes::new(), Notes::new());
    for note in notes {
        match under(&note) {
            _ if note.2 >= LEFT_HAND => right.push(note),
            None => left.push(note),
            Some(lowest) if lowest % 12 != note.2 % 12 => right.push(note),
            Some(_) => {}
        }
    }
    (left, right)
}

/// The notes of a part as a performer plays them.
fn played(stretch: &Stretch<'_>, part: &str) -> Vec<Played> {
    let notes = stretch.notes(part);
    let timing = timing(&notes, stretch);
    let played = notes.iter().filter_map(|(tick, duration, key, velocity)| {
        let at = place(*tick, stretch, &timing);
        let length = end(*tick, *duration, at, stretch, &timing) - at;
        let velocity = if *velocity == 0 { USUAL } else { *velocity };
        let (beat, position) = ((at / 12) as i32, (at % 12) as u8);
        let inside = (beat as usize) < stretch.beats;
        inside.then_some(Played { beat, position, key: *key, velocity, length: length as u16 })
    });
    let mut played: Vec<Played> = played.collect();
    played.sort_by_key(|note| (note.beat, note.position, note.key));
    played
}

/// How the time-keeper of a song swings: its drums if it has any.
fn swing(stretch: &Stretch<'_>) -> Timing {
    let parts = ["comp", "bass"].into_iter();
    let keeper = parts.filter(|part| has(stretch.song, part)).max_by_key(|part| stretch.notes(part).len());
    match has(stretch.song, "drums") {
        true => kit(stretch),
        false => timing(&stretch.notes(keeper.unwrap_or("melody")), stretch),
    }
}

/// How the drums of a song lie on the grid.
fn kit(stretch: &Stretch<'_>) -> Timing {
    let onsets: Vec<(i64, u8)> = stretch.notes("drums").iter().map(|note| (note.0, note.3)).collect();
    Timing::measure(&onsets, stretch.beat())
}
