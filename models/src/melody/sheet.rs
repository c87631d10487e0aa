//! A song as melody mode sees it: melody and chords, a twelfth of a beat at a time.

use std::path::Path;

use engine::{Chord, POSITIONS};

use crate::corpus::{CorpusError, Song, Split, songs};

/// Twelfths in a beat.
pub const BEAT: usize = POSITIONS as usize;

/// Ticks of the corpus in a quarter.
const QUARTER: i64 = 480;

/// A beat of a song.
#[derive(Clone, Copy, Debug)]
pub struct Pulse {
    tick: i64,
    ticks: i64,
    /// Its place in the bar, from 0.
    pub place: i32,
    /// Beats in the bar.
    pub beats_per_bar: i32,
}

/// A twelfth of a beat.
#[derive(Clone, Copy, Debug, Default)]
pub struct Twelfth {
    /// The key of the melody.
    pub key: Option<u8>,
    /// Whether it begins here.
    pub is_struck: bool,
    /// The chord of the song.
    pub chord: Option<Chord>,
    /// The tonic of the relative major key, where one is given.
    pub tonic: Option<u8>,
}

/// A song in twelfths of a beat.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// The set that it comes from.
    pub set: String,
    /// Its place in the split.
    pub split: Split,
    /// Its beats.
    pub beats: Vec<Pulse>,
    /// Twelve for each beat.
    pub twelfths: Vec<Twelfth>,
}

/// The songs of a set that have chords.
///
/// # Errors
/// If the corpus cannot be read.
pub fn sheets(corpus: &Path, set: &str) -> Result<Vec<Sheet>, CorpusError> {
    let path = corpus.join(format!("{set}.jsonl.gz"));
    let songs = songs(&path)?;
    songs
        .filter(|song| song.as_ref().map_or(true, |song| !song.chords.is_empty()))
        .map(|song| song.map(|song| Sheet::of(&song)))
        .collect()
}

impl Sheet {
    /// A song, up to its last chord.
    pub fn of(song: &Song) -> Sheet {
        let end = song.chords.iter().map(|chord| chord.0 + chord.1).max().unwrap_or(0);
        let beats = beats(song, end);
        let mut sheet = Sheet {
            set: song.set.clone(),
            split: song.split,
            twelfths: vec![Twelfth::default(); beats.len() * BEAT],
            beats,
        };
        for (tick, tonic, mode) in &song.key {
            let tonic = if mode == "major" { *tonic } else { (tonic + 3) % 12 };
            sheet.fill(*tick, end, |twelfth| twelfth.tonic = Some(tonic));
        }
        for harmony in song.harmony() {
            sheet.fill(harmony.tick, harmony.tick + harmony.duration, |at| at.chord = harmony.chord);
        }
        for (tick, duration, key, _) in song.part("melody") {
            sheet.fill(*tick, tick + duration, |at| (at.key, at.is_struck) = (Some(*key), false));
            let first = sheet.index(*tick);
            if let Some(first) = sheet.twelfths.get_mut(first) {
                (first.key, first.is_struck) = (Some(*key), true);
            }
        }
        sheet
    }

    /// The twelfth that is nearest to a tick.
    fn index(&self, tick: i64) -> usize {
        let beat = self.beats.partition_point(|beat| beat.tick <= tick).saturating_sub(1);
        let Some(Pulse { tick: start, ticks, .. }) = self.beats.get(beat).copied() else { return 0 };
        let into = ((tick - start) as f64 * BEAT as f64 / ticks as f64).round().max(0.0);
        beat * BEAT + into as usize
    }

    fn fill(&mut self, from: i64, to: i64, set: impl Fn(&mut Twelfth)) {
        let end = self.index(to).min(self.twelfths.len());
        let start = self.index(from).min(end);
        self.twelfths[start..end].iter_mut().for_each(set);
    }

    /// Whether it has a melody and chords.
    pub fn has_both(&self) -> bool {
        self.twelfths.iter().any(|at| at.key.is_some()) && self.twelfths.iter().any(|at| at.chord.is_some())
    }

    /// The same song whose melody is so many semitones higher from a beat on.
    pub fn pushed(&self, semitones: u8, from: usize) -> Sheet {
        let mut pushed = self.clone();
        let later = pushed.twelfths.iter_mut().skip(from * BEAT);
        later.for_each(|at| at.key = at.key.map(|key| key + semitones));
        pushed
    }
}

/// The beats of a song: dotted quarters in 6/8, 9/8 and 12/8, else quarters.
fn beats(song: &Song, end: i64) -> Vec<Pulse> {
    let mut beats = Vec::new();
    for (i, (start, numerator, denominator)) in song.meters.iter().enumerate() {
        let (ticks, per_bar) = match (numerator, denominator) {
            (n, 8) if n % 3 == 0 => (QUARTER * 3 / 2, i32::from(n / 3)),
            (n, 8) => (QUARTER, i32::from(n / 2)),
            (n, 2) => (QUARTER, i32::from(2 * n)),
            (n, _) => (QUARTER, i32::from(*n)),
        };
        // Free solos have beats without bars.
        let beats_per_bar = if per_bar < 2 { 4 } else { per_bar };
        let stop = song.meters.get(i + 1).map_or(end, |meter| meter.0);
        let count = ((stop - start).max(0) as u64).div_ceil(ticks as u64) as i32;
        beats.extend((0..count).map(|n| Pulse {
            tick: start + i64::from(n) * ticks,
            ticks,
            place: n % beats_per_bar,
            beats_per_bar,
        }));
    }
    beats
}
