//! What is judged: the takes of a folder, each with what people played on it.

use std::fs;
use std::path::{Path, PathBuf};

use engine::take::Take;
use engine::{EventKind, Part, Tick};

use super::judge::{Band, Sounding, score};
use crate::failure::{Exit, Failure};

/// A take and its people.
#[derive(Debug)]
pub struct Material {
    /// The set that it belongs to: its folder below the one that was named, else what its file name has before the
    /// first `:` or `_`, else `takes`.
    pub set: String,
    /// The file's name without its ending.
    pub name: String,
    /// What the performer played.
    pub take: Take,
    /// The bar line at which it is cut.
    pub end: Tick,
    /// What people played on it, with the performer; silent parts where nobody did.
    pub people: Band,
}

/// The takes of a folder and of the folders below it, in the order of set and name, cut after `bars`. A file that
/// cannot be read is left out with a warning.
///
/// # Errors
/// If the folder cannot be read, or no take is in it.
pub fn find(folder: &Path, bars: Option<u32>) -> Result<Vec<Material>, Failure> {
    let mut paths = Vec::new();
    files(folder, &mut paths)?;
    let mut takes = Vec::new();
    for path in paths {
        match read(folder, &path, bars) {
            Ok(material) => takes.push(material),
            Err(why) => tracing::warn!("{}: left out: {why}", path.display()),
        }
    }
    if takes.is_empty() {
        return Err(Failure::new(Exit::Usage, format_args!("{}: no take is in it", folder.display())));
    }
    takes.sort_by(|a, b| (&a.set, &a.name).cmp(&(&b.set, &b.name)));
    Ok(takes)
}

/// Every MIDI file below a folder.
fn files(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let entries = fs::read_dir(folder).map_err(|error| Failure::file(folder, &error))?;
    for entry in entries {
        let path = entry.map_err(|error| Failure::file(folder, &error))?.path();
        if path.is_dir() {
            files(&path, found)?;
        } else if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("mid")) {
            found.push(path);
        }
    }
    Ok(())
}

fn read(folder: &Path, path: &Path, bars: Option<u32>) -> Result<Material, String> {
    let bytes = fs::read(path).map_err(|error| error.to_string())?;
    let take = Take::read(&bytes).map_err(|error| error.to_string())?;
    let people = score::read(&bytes).map_err(|error| error.to_string())?;
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let wanted = bars.map(|bars| Tick::from(bars) * take.meter().ticks_per_bar());
    let end = wanted.map_or(take.end(), |wanted| wanted.min(take.end()));
    let people = with_performer(people, &take, end);
    Ok(Material { set: set(folder, path, &name), name, take, end, people })
}

fn set(folder: &Path, path: &Path, name: &str) -> String {
    let below = path.parent().and_then(|parent| parent.strip_prefix(folder).ok());
    match below.filter(|below| !below.as_os_str().is_empty()) {
        Some(below) => below.display().to_string(),
        None => name.split_once([':', '_']).map_or("takes", |(set, _)| set).to_owned(),
    }
}

/// The people with the performer as the band hears him, up to a tick.
fn with_performer(people: Band, take: &Take, end: Tick) -> Band {
    let mut notes = people.notes;
    notes.extend(performer(take));
    let cut = notes
        .into_iter()
        .filter(|note| note.on < end)
        .map(|note| Sounding { off: note.off.min(end), ..note });
    let mut chords = people.chords;
    chords.retain(|(tick, _)| *tick < end);
    Band { end, ..Band::new(take.meter(), cut, chords, people.sections) }
}

/// The performer's notes.
fn performer(take: &Take) -> Vec<Sounding> {
    let (mut open, mut notes): (Vec<Sounding>, Vec<Sounding>) = (Vec::new(), Vec::new());
    for &(tick, kind) in take.events() {
        match kind {
            EventKind::NoteOn { key, velocity } => {
                open.push(Sounding { part: Part::Lead, key, velocity, on: tick, off: tick, moved: false });
            }
            EventKind::NoteOff { key } => {
                if let Some(i) = open.iter().position(|note| note.key == key) {
                    notes.push(Sounding { off: tick, ..open.remove(i) });
                }
            }
            EventKind::AllNotesOff => notes.extend(open.drain(..).map(|note| Sounding { off: tick, ..note })),
            _ => {}
        }
    }
    notes
}
