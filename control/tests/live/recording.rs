//! What a show leaves on disk, read with other people's readers.

use std::collections::HashMap;
use std::path::Path;

use midly::{MetaMessage, MidiMessage, Smf, TrackEventKind};

/// A WAV file.
pub struct Sound {
    /// Frames a second.
    pub rate: u32,
    /// Interleaved stereo.
    pub samples: Vec<f32>,
}

impl Sound {
    /// Reads it.
    pub fn read(path: &Path) -> Sound {
        let mut reader = hound::WavReader::open(path).unwrap();
        assert_eq!(reader.spec().channels, 2);
        let samples = reader.samples().map(Result::unwrap).collect();
        Sound { rate: reader.spec().sample_rate, samples }
    }

    /// Its length.
    pub fn seconds(&self) -> f64 {
        self.samples.len() as f64 / 2.0 / f64::from(self.rate)
    }

    /// The longest stretch below -70 dBFS between the first and the last sound, in seconds; none where all is silent.
    pub fn longest_silence(&self) -> Option<f64> {
        let is_sound = |sample: &f32| sample.abs() > 0.000_3;
        let first = self.samples.iter().position(is_sound)?;
        let last = self.samples.iter().rposition(is_sound)?;
        let stretches = self.samples[first..=last].split(is_sound).map(<[f32]>::len);
        Some(stretches.max().unwrap_or(0) as f64 / 2.0 / f64::from(self.rate))
    }
}

/// A note of a track, in ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Note {
    /// The key.
    pub key: u8,
    /// When it began.
    pub on: u32,
    /// When it ended.
    pub off: u32,
}

/// A MIDI file: notes and markers of each track, by its name.
#[derive(Debug, Default)]
pub struct Score {
    notes: HashMap<String, Vec<Note>>,
    markers: HashMap<String, Vec<(u32, String)>>,
    /// The end of the longest track, in ticks.
    pub end: u32,
}

impl Score {
    /// Reads it; each note must end.
    pub fn read(path: &Path) -> Score {
        let bytes = std::fs::read(path).unwrap();
        let smf = Smf::parse(&bytes).unwrap();
        let mut score = Score::default();
        for track in &smf.tracks {
            score.take(track);
        }
        score
    }

    fn take(&mut self, track: &[midly::TrackEvent<'_>]) {
        let (mut name, mut tick) = (String::new(), 0);
        let mut held: HashMap<u8, u32> = HashMap::new();
        for event in track {
            tick += event.delta.as_int();
            match event.kind {
                TrackEventKind::Meta(MetaMessage::TrackName(text)) => {
                    name = String::from_utf8_lossy(text).into()
                }
                TrackEventKind::Meta(MetaMessage::Marker(text)) => {
                    let text = String::from_utf8_lossy(text).into();
                    self.markers.entry(name.clone()).or_default().push((tick, text));
                }
                TrackEventKind::Midi { message: MidiMessage::NoteOn { key, .. }, .. } => {
                    assert_eq!(
                        held.insert(key.as_int(), tick),
                        None,
                        "{name}: {key} is struck while it sounds"
                    );
                }
                TrackEventKind::Midi { message: MidiMessage::NoteOff { key, .. }, .. } => {
                    let on = held.remove(&key.as_int()).expect("what ends has begun");
                    self.notes.entry(name.clone()).or_default().push(Note {
                        key: key.as_int(),
                        on,
                        off: tick,
                    });
                }
                _ => {}
            }
        }
        assert!(held.is_empty(), "{name}: {held:?} never end");
        self.end = self.end.max(tick);
    }

    /// The notes of a track, in the order of their ends.
    pub fn notes(&self, track: &str) -> &[Note] {
        self.notes.get(track).map_or(&[], Vec::as_slice)
    }

    /// The notes of every part of the band.
    pub fn band(&self) -> impl Iterator<Item = &Note> {
        ["drums", "bass", "comp", "pads"].into_iter().flat_map(|part| self.notes(part))
    }

    /// The texts of the markers of a track.
    pub fn markers(&self, track: &str) -> Vec<&str> {
        self.markers.get(track).into_iter().flatten().map(|(_, text)| text.as_str()).collect()
    }
}
