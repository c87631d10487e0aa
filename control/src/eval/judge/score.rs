//! Reads a performance from a MIDI file: the one that the program wrote, or the human parts of a take.

use std::fmt;

use engine::{Chord, Level, Meter, Part, Section, TICKS_PER_QUARTER, Tick};
use midly::{MetaMessage, MidiMessage, Smf, Timing, Track, TrackEventKind};

use super::{Band, Sounding};

/// A file that holds no performance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScoreError(String);

impl fmt::Display for ScoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no MIDI file of a performance: {}", self.0)
    }
}

impl std::error::Error for ScoreError {}

/// A performance from a type 1 file with the tracks `performer drums bass comp pads` and `chords`; other tracks of
/// notes are left out. Chord symbols are markers in `chords`, names of sections are markers anywhere.
///
/// A note that begins where another of its part ends, at a change of chord, counts as struck: the file cannot
/// tell. A note that is never released ends with the last event of its track.
///
/// # Errors
/// If it is no MIDI file, or its ticks are not musical.
pub fn read(file: &[u8]) -> Result<Band, ScoreError> {
    let smf = Smf::parse(file).map_err(|error| ScoreError(error.to_string()))?;
    let quarter = match smf.header.timing {
        Timing::Metrical(quarter) if quarter.as_int() > 0 => Tick::from(quarter.as_int()),
        _ => return Err(ScoreError("its ticks are not musical".into())),
    };
    let mut page = Page::default();
    smf.tracks.iter().for_each(|track| page.read(track, quarter));
    page.sections.sort_by_key(|(tick, _)| *tick);
    page.chords.sort_by_key(|(tick, _)| *tick);
    Ok(Band::new(page.meter.unwrap_or(Meter::COMMON), page.notes, page.chords, page.sections))
}

/// What has been read.
#[derive(Default)]
struct Page {
    notes: Vec<Sounding>,
    chords: Vec<(Tick, Option<Chord>)>,
    sections: Vec<(Tick, Section)>,
    meter: Option<Meter>,
}

impl Page {
    fn read(&mut self, track: &Track<'_>, quarter: Tick) {
        let (mut name, mut ticks, mut now, mut open) = (String::new(), 0, 0, Vec::<Sounding>::new());
        for event in track {
            ticks += Tick::from(event.delta.as_int());
            now = (ticks * TICKS_PER_QUARTER + quarter / 2) / quarter;
            match event.kind {
                TrackEventKind::Meta(meta) => self.meta(meta, now, &mut name),
                TrackEventKind::Midi { message, .. } => {
                    if let Some(part) = part_named(&name) {
                        take(message, part, now, &mut open, &mut self.notes);
                    }
                }
                _ => {}
            }
        }
        self.notes.extend(open.into_iter().map(|note| Sounding { off: now, ..note }));
    }

    fn meta(&mut self, meta: MetaMessage<'_>, tick: Tick, track: &mut String) {
        match meta {
            MetaMessage::TrackName(name) => *track = String::from_utf8_lossy(name).trim().to_lowercase(),
            MetaMessage::TimeSignature(n, power, ..) => {
                let denominator = 1_u8.checked_shl(u32::from(power));
                self.meter = self.meter.or(denominator.and_then(|d| Meter::new(n, d)));
            }
            MetaMessage::Marker(text) | MetaMessage::Text(text) => {
                let text = String::from_utf8_lossy(text);
                if let Some(section) = section(&text) {
                    self.sections.push((tick, section));
                } else if let (true, Ok(chord)) = (track == "chords", Chord::parse(&text)) {
                    self.chords.push((tick, chord));
                }
            }
            _ => {}
        }
    }
}

fn section(name: &str) -> Option<Section> {
    let levels = Level::ALL.into_iter();
    let all = levels.flat_map(|l| {
        [Section::Intro(l), Section::Main(l), Section::Fill(l), Section::Break(l), Section::Ending(l)]
    });
    all.chain([Section::Stopped]).find(|section| section.name() == name)
}

fn part_named(name: &str) -> Option<Part> {
    if name == "performer" {
        Some(Part::Lead)
    } else {
        Part::named(name).filter(|part| Part::BAND.contains(part))
    }
}

fn take(message: MidiMessage, part: Part, tick: Tick, open: &mut Vec<Sounding>, notes: &mut Vec<Sounding>) {
    let (key, velocity) = match message {
        MidiMessage::NoteOn { key, vel } => (key.as_int(), vel.as_int()),
        MidiMessage::NoteOff { key, .. } => (key.as_int(), 0),
        _ => return,
    };
    if velocity > 0 {
        open.push(Sounding { part, key, velocity, on: tick, off: tick, moved: false });
    } else if let Some(i) = open.iter().position(|note| note.key == key) {
        notes.push(Sounding { off: tick, ..open.remove(i) });
    }
}
