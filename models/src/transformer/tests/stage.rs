//! A scripted show: what the audio thread would tell, and what the worker would ask.

use std::sync::Arc;

use engine::{
    Beat, Chord, Chunk, Event, EventKind, Heard, HeardKind, Knob, Level, Note, Param, Part, Quality, Section,
    Source,
};

use super::random;
use crate::accompanist::{Accompanist, ModelError};
use crate::groove::tests::rig as rock;
use crate::rig::{PartSource, Rig};
use crate::transformer::Transformer;

/// The rock rig with every part the model's.
pub fn rig() -> Rig {
    let mut rig = rock();
    rig.parts.iter_mut().for_each(|part| part.source = PartSource::Model);
    rig
}

/// A transformer on a stage.
pub struct Stage {
    pub model: Transformer,
    pub revision: u32,
}

impl Stage {
    pub fn new(rig: Rig, seed: u64) -> Stage {
        let model = Transformer::new(Arc::new(rig), random::whole(3), seed);
        let mut stage = Stage { model, revision: 0 };
        stage.hear(0, HeardKind::Stopped);
        stage.section(Section::Main(Level::B), 0);
        stage
    }

    pub fn hear(&mut self, at: i64, kind: HeardKind) {
        self.model.hear(Heard { at, kind });
    }

    pub fn section(&mut self, section: Section, from: i32) {
        self.hear(0, HeardKind::Section { section, from: Beat(from) });
    }

    pub fn event(&mut self, at: i64, kind: EventKind) {
        self.hear(at, HeardKind::Event(Event { arrival: 0, source: Source(0), kind }));
    }

    pub fn set(&mut self, param: Param, value: f32) {
        self.event(0, EventKind::Set { param, value });
    }

    pub fn knob(&mut self, knob: Knob, value: f32) {
        self.set(Param::of(knob), value);
    }

    pub fn chord(&mut self, root: u8, since: i64) {
        self.hear(since, HeardKind::Chord { chord: Some(Chord::new(root, Quality::Min7)), since });
    }

    pub fn note(&mut self, at: i64, key: u8, velocity: u8) {
        self.event(at, EventKind::NoteOn { key, velocity });
        self.event(at + 200, EventKind::NoteOff { key });
    }

    pub fn beat(&mut self, beat: i32) {
        self.hear(i64::from(beat) * 960, HeardKind::Beat { beat: Beat(beat), bpm: 120.0 });
    }

    pub fn try_write(&mut self, beat: i32) -> Result<Chunk, ModelError> {
        let mut chunk = Chunk::new(Beat(beat), self.revision, Section::Stopped);
        self.model.continue_into(&mut chunk).map(|()| chunk)
    }

    pub fn write(&mut self, beat: i32) -> Chunk {
        self.try_write(beat).unwrap()
    }

    /// Plays a bar of chords and a melody that rests in every fourth bar, and writes `ahead` beats after each.
    ///
    /// Returns for each beat what was written last.
    pub fn play(&mut self, beats: std::ops::Range<i32>, ahead: i32) -> Vec<Chunk> {
        let mut last = Vec::new();
        for beat in beats {
            self.beat(beat);
            self.model.rewind(Beat(beat + 1));
            let chunks: Vec<Chunk> = (beat + 1..=beat + ahead).map(|beat| self.write(beat)).collect();
            last.extend(chunks.first().copied());
            self.perform(beat, 60);
        }
        last
    }

    /// What the performer does in a beat.
    pub fn perform(&mut self, beat: i32, base: u8) {
        let at = i64::from(beat) * 960;
        if beat % 4 == 0 {
            self.chord((beat / 4 * 5 % 12) as u8, at + 40);
            self.note(at + 40, 40, 80);
        }
        if beat / 4 % 4 != 3 {
            self.note(at + 480, base + (beat * 5 % 12) as u8, 70 + (beat % 5) as u8 * 8);
        }
    }
}

/// What sounds of a chunk.
pub fn notes(chunk: &Chunk) -> (Beat, Vec<Note>, u8, Option<Chord>) {
    (chunk.beat, chunk.notes().to_vec(), chunk.cut, chunk.next)
}

pub fn of(chunk: &Chunk, part: Part) -> usize {
    chunk.notes().iter().filter(|note| note.part == part).count()
}
