//! From words to a melody that can be played: octaves, lengths and velocities, which the words do not say.
//!
//! | what | how it is found |
//! |---|---|
//! | octave | nearest to the onset before, drawn towards the register that `PLAY` says |
//! | length | to the next onset; no longer than a bar, and not into a beat that the words call silent |
//! | velocity | the middle of the level that `PLAY` says; beside an accent the others are softer |
//! | time | the grid, with the rig's swing |

use engine::audio::feel::swung;
use engine::{Event, EventKind, HeardKind, POSITIONS, Tick};

use super::{Note, Phrase};
use crate::rig::Rig;
use crate::tokens::Performer;

/// Velocities in the middle of the five levels.
const LEVELS: [u8; 5] = [32, 50, 70, 90, 110];

/// How much softer the others are than an accent.
const BESIDE_ACCENT: u8 = 18;

/// Keys of a low, a middle and a high register.
const REGISTERS: [(u8, u8); 3] = [(48, 59), (60, 73), (74, 88)];

/// The key that a melody comes from where there was none.
const MIDDLE: u8 = 67;

/// The highest key of a melody.
const HIGHEST: u8 = 100;

/// A note is let go so many parts of a beat before the next one.
const GAP: Tick = 48;

/// How a melody is played.
#[derive(Clone, Copy, Debug)]
pub struct Manner {
    /// Ticks in a beat.
    pub beat: Tick,
    /// Ticks in a bar.
    pub bar: Tick,
    /// The place of the off-beat in what it divides.
    pub swing: f32,
    /// Whether sixteenths swing, and not eighths.
    pub sixteenths: bool,
    /// The lowest key.
    pub lowest: u8,
    /// The key that the melody comes from.
    pub from: u8,
}

impl Manner {
    /// How a phrase is played on a rig.
    pub fn of(rig: &Rig, phrase: &Phrase) -> Manner {
        let last = phrase.heard.iter().rev().find_map(|one| match one.kind {
            HeardKind::Event(Event { kind: EventKind::NoteOn { key, .. }, .. }) => {
                Some(key).filter(|key| *key >= phrase.split)
            }
            _ => None,
        });
        Manner {
            beat: phrase.grid.meter.ticks_per_beat(),
            bar: phrase.grid.meter.ticks_per_bar(),
            swing: phrase.swing,
            sixteenths: rig.swing_sixteenths,
            lowest: phrase.split,
            from: last.unwrap_or(MIDDLE),
        }
    }
}

/// Notes that begin together.
struct Onset {
    beat: usize,
    position: u8,
    /// Semitones above C, and velocity.
    notes: Vec<(u8, u8)>,
    register: u8,
}

/// The notes of a melody, beat by beat, over roots. Ticks count from the first beat.
pub fn notes(beats: &[Performer], roots: &[u8], manner: &Manner) -> Vec<Note> {
    let onsets = onsets(beats, roots);
    let end = beats.len() as Tick * manner.beat;
    let time = |onset: &Onset| {
        let inside = swung(onset.position, manner.beat, manner.swing, manner.sixteenths);
        onset.beat as Tick * manner.beat + inside
    };
    let (mut notes, mut last) = (Vec::new(), manner.from);
    for (i, onset) in onsets.iter().enumerate() {
        let on = time(onset);
        let next = onsets.get(i + 1).map_or(end, time);
        let until = next.min(on + manner.bar).min(silence(beats, onset.beat) as Tick * manner.beat).min(end);
        let off = (until - manner.beat / GAP).max(on + manner.beat / Tick::from(POSITIONS));
        let keys: Vec<(u8, u8)> =
            onset.notes.iter().map(|n| (key(n.0, last, onset.register, manner), n.1)).collect();
        last = keys.iter().map(|(key, _)| *key).max().unwrap_or(last);
        notes.extend(keys.into_iter().map(|(key, velocity)| Note { on, off, key, velocity }));
    }
    notes
}

/// The top note of each grid position as pitch class + 1, and 0 where nothing begins: what melodies are compared by.
pub fn line(notes: &[Note], beats: &[Performer], roots: &[u8]) -> Vec<u8> {
    let mut line = vec![0; beats.len() * usize::from(POSITIONS)];
    let mut keys = notes.iter();
    for onset in onsets(beats, roots) {
        let top = keys.by_ref().take(onset.notes.len()).map(|note| note.key).max();
        line[onset.beat * usize::from(POSITIONS) + usize::from(onset.position)] =
            top.map_or(0, |key| key % 12 + 1);
    }
    line
}

fn onsets(beats: &[Performer], roots: &[u8]) -> Vec<Onset> {
    let mut onsets = Vec::new();
    for (beat, (performer, root)) in beats.iter().zip(roots).enumerate() {
        let Performer::Play { level, register, lead, .. } = performer else { continue };
        let loudest = LEVELS[usize::from(*level.min(&4))];
        let has_accent = lead.iter().any(|note| note.2);
        for together in lead.chunk_by(|a, b| a.0 == b.0) {
            let note = |&(_, degree, accent): &(u8, u8, bool)| {
                let softer = if has_accent && !accent { BESIDE_ACCENT } else { 0 };
                ((root + degree) % 12, loudest - softer)
            };
            let (position, notes) = (together[0].0, together.iter().map(note).collect());
            onsets.push(Onset { beat, position, notes, register: *register });
        }
    }
    onsets
}

/// The first beat after `beat` in which the words say that nothing sounds.
fn silence(beats: &[Performer], beat: usize) -> usize {
    let is_silent = |performer: &Performer| matches!(performer, Performer::Rest(1..));
    let later = beats.iter().enumerate().skip(beat + 1);
    later.filter(|(_, performer)| is_silent(performer)).map(|(at, _)| at).next().unwrap_or(beats.len())
}

/// The key of a pitch class that lies nearest to the last one; each semitone out of the register makes it farther by one.
fn key(class: u8, last: u8, register: u8, manner: &Manner) -> u8 {
    let (low, high) = REGISTERS[usize::from(register.min(2))];
    let out = |key: u8| low.saturating_sub(key) + key.saturating_sub(high);
    let far = |key: &u8| u32::from(key.abs_diff(last)) + u32::from(out(*key));
    let keys =
        (manner.lowest..=HIGHEST.max(manner.lowest.saturating_add(11))).filter(|key| key % 12 == class);
    keys.min_by_key(far).unwrap_or(last).min(127)
}
