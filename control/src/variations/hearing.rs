//! Hears a take as a band would: through the same ring as `render`, with somebody in the chair who only listens.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{self, Sender};

use engine::take::Take;
use engine::{Beat, Chord, Chunk, EventKind, Heard, HeardKind, Knob, Tick};
use models::{Accompanist, ModelError, Rig};

use crate::args::ChordSource;
use crate::failure::Failure;
use crate::folders;
use crate::render::{Job, chord_knobs, render_with};
use crate::sounds::Sounds;

/// Frames a second: nobody hears the sound.
const RATE: u32 = 16_000;

/// Passes on what it hears, and writes nothing.
struct Ear(Sender<Heard>);

impl Accompanist for Ear {
    fn hear(&mut self, heard: Heard) {
        // Whoever wanted to know may be gone.
        let _ = self.0.send(heard);
    }

    fn rewind(&mut self, _from: Beat) {}

    fn continue_into(&mut self, _chunk: &mut Chunk) -> Result<(), ModelError> {
        Ok(())
    }

    fn name(&self) -> &str {
        "ear"
    }
}

/// Everything that a band on this rig hears of a take. Where `symbols` are written with it, they are its chords; else
/// those of the chord hand, or of the melody of a take without one.
///
/// # Errors
/// If a sound of the rig is missing.
pub fn listen(
    take: &Take,
    rig: &Arc<Rig>,
    seed: u64,
    symbols: &[(Tick, Option<Chord>)],
) -> Result<Vec<Heard>, Failure> {
    let schedule = take.schedule(RATE, None);
    let job = Job {
        rig: rig.clone(),
        seed,
        rate: RATE,
        block: 256,
        model_latency_ms: 0.0,
        knobs: chord_knobs(source(take).value(), None),
        score: schedule.events,
        end: schedule.end,
    };
    let (ear, heard) = mpsc::channel();
    let sounds = Sounds::embedded_or(folders::presets().first().map(PathBuf::as_path));
    render_with(&job, &sounds, Box::new(Ear(ear)), |ends| {
        while ends.sounded.pop().is_ok() || ends.log.pop().is_ok() {}
    })?;
    let heard = heard.try_iter().collect();
    Ok(if symbols.is_empty() { heard } else { with_symbols(heard, symbols) })
}

fn source(take: &Take) -> ChordSource {
    let split = Knob::Split.spec().default as u8;
    let is_hand = |kind: &EventKind| matches!(kind, EventKind::NoteOn { key, .. } if *key < split);
    if take.events().iter().any(|(_, kind)| is_hand(kind)) {
        ChordSource::Played
    } else {
        ChordSource::Melody
    }
}

/// What was heard with the written chords in the place of those that were recognised.
fn with_symbols(heard: Vec<Heard>, symbols: &[(Tick, Option<Chord>)]) -> Vec<Heard> {
    let mut symbols = symbols.iter().peekable();
    let mut all = Vec::with_capacity(heard.len());
    for one in heard.into_iter().filter(|one| !matches!(one.kind, HeardKind::Chord { .. })) {
        // The first beat of the show comes before its first chord.
        let begins = matches!(one.kind, HeardKind::Beat { .. });
        while let Some(&(since, chord)) = symbols.next_if(|(since, _)| begins && *since < one.at) {
            all.push(Heard { at: since, kind: HeardKind::Chord { chord, since } });
        }
        all.push(one);
    }
    all.extend(symbols.map(|&(since, chord)| Heard { at: since, kind: HeardKind::Chord { chord, since } }));
    all
}
