//! The folder of the variations: a MIDI file for each, and a list of all.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use engine::tape::MidiWriter;
use engine::{Chord, Part, Sounded, SoundedKind, Tick};
use models::variations::{Note, Phrase};
use serde_json::Value;

/// The list.
const LIST: &str = "variations.json";

/// A folder that is being filled.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    /// Digits of a file's name.
    width: usize,
}

impl Folder {
    /// Makes a folder for `count` variations, if it is not there.
    ///
    /// # Errors
    /// It names the path that cannot be made, as all errors here name theirs.
    pub fn open(path: &Path, count: usize) -> Result<Folder, (PathBuf, io::Error)> {
        fs::create_dir_all(path).map_err(|error| (path.to_owned(), error))?;
        Ok(Folder { path: path.to_owned(), width: count.to_string().len().max(2) })
    }

    /// Takes away the files that an earlier list in it names.
    ///
    /// # Errors
    /// If one of them is there and stays.
    pub fn clear(&self) -> Result<(), (PathBuf, io::Error)> {
        for old in listed(&self.path) {
            let old = self.path.join(old);
            match fs::remove_file(&old) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err((old, error)),
                _ => {}
            }
        }
        Ok(())
    }

    /// The name of the file of a rank, from 1.
    pub fn name(&self, rank: usize) -> String {
        format!("{rank:0width$}.mid", width = self.width)
    }

    /// Writes the file of a rank.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&self, rank: usize, bytes: &[u8]) -> Result<(), (PathBuf, io::Error)> {
        let path = self.path.join(self.name(rank));
        fs::write(&path, bytes).map_err(|error| (path, error))
    }

    /// Writes the list.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn list(&self, list: &Value) -> Result<(), (PathBuf, io::Error)> {
        let path = self.path.join(LIST);
        fs::write(&path, format!("{list:#}\n")).map_err(|error| (path, error))
    }
}

/// The files that the list in a folder names, if there is one. Nothing else is ever taken away.
fn listed(folder: &Path) -> Vec<String> {
    let list =
        fs::read(folder.join(LIST)).ok().and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
    let rows = list.and_then(|list| list["variations"].as_array().cloned()).unwrap_or_default();
    let names = rows.iter().filter_map(|row| row["file"].as_str().map(str::to_owned));
    let is_ours = |name: &String| {
        name.strip_suffix(".mid").is_some_and(|rank| rank.chars().all(|digit| digit.is_ascii_digit()))
    };
    names.filter(is_ours).collect()
}

/// What is the same in the files of all variations.
#[derive(Debug)]
pub struct Frame {
    bpm: f32,
    meter: engine::Meter,
    hand: Vec<Note>,
    changes: Vec<(Tick, Option<Chord>)>,
    end: Tick,
}

impl Frame {
    /// The frame of `bars` bars over a phrase: tempo, meter, chords, and what the chord hand played.
    pub fn new(phrase: &Phrase, bars: u32) -> Frame {
        let meter = phrase.meter();
        let beats = (0..).map(|beat: Tick| beat * meter.ticks_per_beat());
        let end = Tick::from(bars) * meter.ticks_per_bar();
        Frame {
            bpm: phrase.bpm(),
            meter,
            hand: phrase.chord_hand(bars),
            changes: beats.zip(phrase.changes(bars)).collect(),
            end,
        }
    }

    /// A MIDI file of the program's own kind, with a melody over the chord hand in the track `performer`.
    ///
    /// # Errors
    /// If it is longer than a MIDI file can be.
    pub fn file(&self, melody: &[Note]) -> io::Result<Vec<u8>> {
        let mut all = vec![
            (0, SoundedKind::Meter(self.meter)),
            (0, SoundedKind::Tempo(self.bpm)),
            (self.end, SoundedKind::AllOff),
        ];
        all.extend(self.changes.iter().map(|&(since, chord)| (since, SoundedKind::Chord { chord, since })));
        for note in self.hand.iter().chain(melody) {
            let Note { on, off, key, velocity } = *note;
            all.push((off, SoundedKind::Off { part: Part::Lead, key }));
            all.push((on, SoundedKind::On { part: Part::Lead, key, velocity, moved: false }));
        }
        // What ends makes room for what begins.
        all.sort_by_key(|(tick, kind)| (*tick, matches!(kind, SoundedKind::On { .. })));
        let mut file = MidiWriter::default();
        all.into_iter().for_each(|(tick, kind)| file.write(&Sounded { frame: 0, tick, kind }));
        file.bytes()
    }
}
