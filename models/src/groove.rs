//! `Groove`: plays the rig's own patterns with seeded variation, and listens. Runs on the model thread.
//!
//! What it writes is a pure function of seed, rig, what was heard so far, beat and revision: it keeps no memory of what
//! it wrote, so a rewind needs nothing. The reactions are those of the design's music chapter, each with its knob:
//!
//! | reaction | knob | where |
//! |---|---|---|
//! | one part answers in a gap near bars 4 and 8 | `feel.answer` | `reactions`, `drums`, `chords`, `bass` |
//! | comp makes room for melody and chord hand | `feel.space` | `chords` |
//! | bass and pads speak up in gaps, the bass keeps to the kick under runs | `feel.space` | `talk` |
//! | a repeated accent is caught | `feel.catch` | `reactions` |
//! | dynamics, fast and slow | `feel.follow` | `dynamics`, `feel` |
//! | set-ups, lead-ins and arrivals | `feel.setup` | `turns`, `reactions` |
//! | thins out in silence | `feel.rest` | `dynamics`, `scene` |
//! | bass sits on the kick | `feel.lock` | `turns`, `bass` |
//! | the clave never turns round | – | `form`, `drums` |

pub(crate) mod amend;
pub(crate) mod bass;
pub(crate) mod chords;
mod clave;
pub(crate) mod dice;
pub(crate) mod draft;
pub(crate) mod drums;
pub(crate) mod dynamics;
pub(crate) mod feel;
mod forecast;
pub(crate) mod form;
pub(crate) mod harmony;
pub(crate) mod listener;
pub(crate) mod player;
mod reactions;
pub(crate) mod scene;
mod talk;
#[cfg(test)]
pub(crate) mod tests;
mod turns;
mod walking;

use std::sync::Arc;

use engine::{Beat, Chunk, Heard, HeardKind, Knob, Level, Loops, Param, Part, Planned, Section};

use crate::accompanist::{Accompanist, ModelError};
use crate::rig::Rig;
use draft::Draft;
use listener::Listener;
use scene::Scene;

/// Bars of each main in the loop of last resort.
const LOOP_BARS: i32 = 8;

/// The accompanist that plays a rig's patterns.
#[derive(Clone, Debug)]
pub struct Groove {
    rig: Arc<Rig>,
    seed: u64,
    listener: Listener,
    has_heard: bool,
}

impl Groove {
    /// Takes a rig's chair. The knobs stand as the rig sets them until something else is heard.
    pub fn new(rig: Arc<Rig>, seed: u64) -> Groove {
        let listener = Listener::new(&rig);
        Groove { rig, seed, listener, has_heard: false }
    }

    fn write(&self, chunk: &mut Chunk) {
        let Some(scene) = Scene::new(&self.rig, &self.listener, self.seed, chunk.beat, chunk.revision) else {
            chunk.section = Section::Stopped;
            return;
        };
        let mut draft = Draft::default();
        drums::write(&scene, &mut draft);
        bass::write(&scene, &mut draft);
        chords::write(&scene, &mut draft, Part::Comp);
        chords::write(&scene, &mut draft, Part::Pads);
        feel::finish(&scene, &draft, chunk);
        chunk.section = scene.span.section;
        chunk.chords[0] = Planned { position: 0, chord: scene.chord() };
        chunk.next = scene.next_chord();
        chunk.ornate = scene.is_ornate();
        if self.has_heard {
            chunk.heard = self.listener.now;
        }
    }
}

impl Accompanist for Groove {
    fn hear(&mut self, heard: Heard) {
        self.has_heard |= matches!(heard.kind, HeardKind::Beat { .. });
        self.listener.hear(heard);
    }

    fn rewind(&mut self, _from: Beat) {}

    fn continue_into(&mut self, chunk: &mut Chunk) -> Result<(), ModelError> {
        self.write(chunk);
        Ok(())
    }

    fn name(&self) -> &str {
        "groove"
    }
}

/// The loop of last resort of a rig: eight bars of each main as written, without a crash, a fill or a surprise.
pub fn loops(rig: &Arc<Rig>) -> Loops {
    let beats = LOOP_BARS * rig.meter.beats_per_bar();
    Loops { mains: Level::ALL.map(|level| main_loop(rig, level, beats)) }
}

fn main_loop(rig: &Arc<Rig>, level: Level, beats: i32) -> Vec<Chunk> {
    let mut groove = Groove::new(rig.clone(), 0);
    let section = Section::Main(level);
    groove.listener.settings.set(Param::of(Knob::Surprise), 0.0);
    groove.listener.form.announce(section, Beat(0));
    let write = |beat| {
        let mut chunk = Chunk::new(Beat(beat), 0, section);
        groove.write(&mut chunk);
        chunk.retain(|note| !matches!(note.role, engine::Role::Drum(49 | 52 | 55 | 57)));
        chunk
    };
    (0..beats).map(write).collect()
}
