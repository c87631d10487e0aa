//! Reads the songs of the corpus: one gzip'd file of JSON lines a set, all in one schema.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::{fmt, io};

use engine::{Chord, Quality};
use flate2::read::GzDecoder;
use serde::Deserialize;

/// Start, duration (ticks of 480 a quarter), key, velocity (0 = unknown).
pub type Notes = Vec<(i64, i64, u8, u8)>;

/// What a song may be used for.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Hash)]
#[serde(rename_all = "lowercase")]
pub enum Split {
    /// To learn from.
    Train,
    /// To choose between models.
    Valid,
}

/// A song or take. Times are ticks of 480 a quarter note; tick 0 is a bar line.
#[derive(Clone, Debug, Deserialize)]
pub struct Song {
    /// `set:name`, unique.
    pub id: String,
    /// The file that it comes from, without ending.
    pub set: String,
    /// Its place in the split.
    pub split: Split,
    /// Of this song.
    pub licence: String,
    /// `evaluate` where it must not be trained into shipped weights.
    #[serde(rename = "use")]
    pub usage: Option<String>,
    /// The collection inside the set.
    pub source: Option<String>,
    /// `beat` or `fill`, for takes of a drummer.
    pub kind: Option<String>,
    /// Style words as labelled, in lower case.
    #[serde(default)]
    pub style: Vec<String>,
    /// `swing`, `straight`, `triplet` or `unknown`.
    #[serde(default)]
    pub feel: String,
    /// Quarter notes a minute, where known.
    pub bpm: Option<f64>,
    /// Tick, numerator, denominator; the first at tick 0.
    pub meters: Vec<(i64, u8, u8)>,
    /// Bar lines, only where they are not those of the meters.
    pub downbeats: Option<Vec<i64>>,
    /// Tick, tonic, `major` or `minor`.
    #[serde(default)]
    pub key: Vec<(i64, u8, String)>,
    /// Tick, duration, root, quality, bass; sorted, without overlap.
    #[serde(default)]
    pub chords: Vec<(i64, i64, u8, String, u8)>,
    /// melody, lead2, bass, comp, pads, drums; an absent part is absent.
    #[serde(default)]
    pub parts: BTreeMap<String, Notes>,
    /// Whether it was performed, so that onsets off the grid carry feel.
    #[serde(default)]
    pub played: bool,
}

/// A chord of a song; no chord where the song says that there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Harmony {
    /// Where it begins.
    pub tick: i64,
    /// How long it lasts.
    pub duration: i64,
    /// The chord.
    pub chord: Option<Chord>,
}

impl Song {
    /// Whether shipped weights may learn from it.
    pub fn may_ship(&self) -> bool {
        self.usage.as_deref() != Some("evaluate")
    }

    /// The notes of a part; none where it is absent.
    pub fn part(&self, name: &str) -> &[(i64, i64, u8, u8)] {
        self.parts.get(name).map_or(&[], Vec::as_slice)
    }

    /// Its chords in our words.
    pub fn harmony(&self) -> impl Iterator<Item = Harmony> {
        self.chords.iter().map(|(tick, duration, root, name, bass)| Harmony {
            tick: *tick,
            duration: *duration,
            chord: quality(name).map(|quality| Chord::new(*root, quality).over(*bass)),
        })
    }

    /// Where its last note or chord ends.
    pub fn end(&self) -> i64 {
        let notes = self.parts.values().flatten().map(|note| note.0 + note.1);
        let chords = self.chords.iter().map(|chord| chord.0 + chord.1);
        notes.chain(chords).max().unwrap_or(0)
    }
}

/// The quality that the corpus means by a name; none for `N`.
fn quality(name: &str) -> Option<Quality> {
    let symbol = match name {
        "N" => return None,
        "maj" => "",
        "min" => "m",
        "mM7" => "mMaj7",
        "aug7" => "7#5",
        other => other,
    };
    Quality::all().find(|quality| quality.symbol() == symbol)
}

/// The corpus cannot be read.
#[derive(Debug)]
pub struct CorpusError {
    path: PathBuf,
    line: usize,
    cause: io::Error,
}

impl fmt::Display for CorpusError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, line {}: {}", self.path.display(), self.line, self.cause)
    }
}

impl std::error::Error for CorpusError {}

/// The songs of the set in `path`, a file of the corpus.
///
/// # Errors
/// If the file cannot be opened; each song that cannot be read is an error of its own.
pub fn songs(path: &Path) -> Result<impl Iterator<Item = Result<Song, CorpusError>>, CorpusError> {
    let path = path.to_owned();
    let file = File::open(&path).map_err(|cause| CorpusError { path: path.clone(), line: 0, cause })?;
    let lines = BufReader::new(GzDecoder::new(BufReader::new(file))).lines();
    Ok(lines.enumerate().map(move |(line, text)| {
        let song = text.and_then(|text| serde_json::from_str(&text).map_err(io::Error::from));
        song.map_err(|cause| CorpusError { path: path.clone(), line: line + 1, cause })
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_quality_of_the_corpus_is_one_of_ours() {
        #[rustfmt::skip]
        let names = [
            "maj", "min", "dim", "aug", "sus2", "sus4", "5", "6", "m6", "7", "maj7", "m7", "mM7", "m7b5", "dim7",
            "7sus4", "aug7", "9", "maj9", "m9", "7b9", "7#9", "13", "add9", "69",
        ];
        assert!(names.iter().all(|name| quality(name).is_some()));
        assert_eq!(quality("N"), None);
    }
}
