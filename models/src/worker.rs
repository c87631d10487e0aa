//! The model thread: listen, plan, write one chunk, and fall back where the accompanist fails.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Receiver;
use std::thread;
use std::time::{Duration, Instant};

use engine::wires::ModelEnds;
use engine::{Beat, Chunk, Event, EventKind, Heard, HeardKind, Param, Section};

use rtrb::Producer;

use crate::{Accompanist, ModelError};

/// How far the model plans, and how much of the plan is fixed.
#[derive(Clone, Copy, Debug)]
pub struct Horizon {
    /// Beats after the present one that are kept filled.
    pub lookahead: i32,
    /// Beats after the present one that begin to be rewritten: 1 is the next beat.
    pub commit: i32,
}

impl Default for Horizon {
    fn default() -> Self {
        Horizon { lookahead: 4, commit: 1 }
    }
}

/// An accompanist for a rig, handed to the worker before the audio thread takes the rig up.
#[allow(missing_debug_implementations, reason = "an accompanist need not have one")]
pub struct Chair {
    /// The rig that it plays.
    pub rig: u16,
    /// Who plays it.
    pub accompanist: Box<dyn Accompanist>,
    /// Who takes over when it fails.
    pub fallback: Option<Box<dyn Accompanist>>,
}

/// Keeps the timeline filled from `commit` to `lookahead` beats past the playhead.
#[allow(missing_debug_implementations, reason = "an accompanist need not have one")]
pub struct Worker {
    ends: ModelEnds,
    chair: Chair,
    chairs: Receiver<Chair>,
    /// What a new accompanist must know of the past: the last of each.
    memory: Memory,
    horizon: Horizon,
    revision: u32,
    /// The beat in progress; before the start, the one before the first.
    playhead: Beat,
    next: Beat,
    section_known: bool,
    /// Everybody has failed, and nothing is written any more.
    alone: bool,
}

/// The last grid, sections and chord, and where the knobs stand, for an accompanist that comes late.
#[derive(Debug, Default)]
struct Memory {
    grid: Option<Heard>,
    chord: Option<Heard>,
    key: Option<Heard>,
    sections: [Option<Heard>; 4],
    /// The last setting of each knob that was moved; a new rig sets its own.
    knobs: Vec<(Param, Heard)>,
}

impl Memory {
    fn keep(&mut self, heard: Heard) {
        match heard.kind {
            HeardKind::Grid(_) => self.grid = Some(heard),
            HeardKind::Chord { .. } => self.chord = Some(heard),
            HeardKind::Key(_) => self.key = Some(heard),
            HeardKind::Section { .. } => {
                self.sections.rotate_left(1);
                self.sections[3] = Some(heard);
            }
            HeardKind::Event(Event { kind: EventKind::Set { param, .. }, .. }) => {
                self.knobs.retain(|(known, _)| *known != param);
                self.knobs.push((param, heard));
            }
            HeardKind::Rig(_) => self.knobs.clear(),
            _ => {}
        }
    }

    fn tell(&self, accompanist: &mut dyn Accompanist) {
        let Memory { grid, chord, key, sections, knobs } = self;
        let all = [grid, chord, key].into_iter().chain(sections).flatten();
        all.chain(knobs.iter().map(|(_, heard)| heard)).for_each(|heard| accompanist.hear(*heard));
    }
}

impl Worker {
    /// A worker for the rig that the audio thread begins with; later ones come through `chairs`.
    pub fn new(ends: ModelEnds, chair: Chair, chairs: Receiver<Chair>, horizon: Horizon) -> Worker {
        Worker {
            ends,
            chair,
            chairs,
            memory: Memory::default(),
            horizon,
            revision: 0,
            playhead: Beat(-1),
            next: Beat(0),
            section_known: false,
            alone: false,
        }
    }

    /// Sends what it writes elsewhere; returns where it would have gone.
    pub fn redirect(&mut self, chunks: Producer<Chunk>) -> Producer<Chunk> {
        std::mem::replace(&mut self.ends.chunks, chunks)
    }

    /// Who plays.
    pub fn name(&self) -> &str {
        self.chair.accompanist.name()
    }

    /// Listens, then writes at most one chunk; returns whether it wrote one.
    pub fn step(&mut self) -> bool {
        self.listen();
        let ahead = self.next.0 - self.playhead.0;
        if self.alone || !self.section_known || ahead > self.horizon.lookahead || self.ends.chunks.is_full() {
            return false;
        }
        let mut chunk = Chunk::new(self.next, self.revision, Section::Stopped);
        let start = Instant::now();
        let model = &mut *self.chair.accompanist;
        let tokens = model.tokens();
        let written = catch_unwind(AssertUnwindSafe(|| model.continue_into(&mut chunk)))
            .unwrap_or_else(|_| Err(ModelError::Inference("it panicked".into())));
        self.ends.stats.chunk_ms.record(start.elapsed().as_secs_f64() * 1000.0);
        if written.is_err() {
            return self.fall_back();
        }
        self.ends.stats.model_tokens.add(self.chair.accompanist.tokens() - tokens);
        chunk.heard = self.playhead.plus(-1);
        self.next = self.next.plus(1);
        self.ends.chunks.push(chunk).is_ok()
    }

    /// Takes in what was heard. A new beat has the plan beyond commit written again, a cue too.
    fn listen(&mut self) {
        while let Ok(heard) = self.ends.heard.pop() {
            self.memory.keep(heard);
            self.tell(|model| model.hear(heard));
            self.follow(heard.kind);
        }
    }

    fn follow(&mut self, kind: HeardKind) {
        match kind {
            HeardKind::Beat { beat, .. } => {
                self.playhead = beat;
                self.rewind();
            }
            HeardKind::Revision(revision) => {
                self.revision = revision;
                self.rewind();
            }
            HeardKind::Section { .. } => self.section_known = true,
            HeardKind::Stopped => {
                self.playhead = Beat(-1);
                self.rewind();
            }
            HeardKind::Rig(rig) => self.change_chair(rig),
            _ => {}
        }
    }

    /// Everything beyond commit is written again.
    fn rewind(&mut self) {
        let from = self.playhead.plus(self.horizon.commit);
        self.next = from;
        self.tell(|model| model.rewind(from));
    }

    /// Tells the accompanist something; if that makes it panic, the fallback takes over.
    fn tell(&mut self, what: impl Fn(&mut dyn Accompanist)) {
        let model = &mut *self.chair.accompanist;
        let told = self.alone || catch_unwind(AssertUnwindSafe(|| what(model))).is_ok();
        if !told && self.fall_back() {
            what(&mut *self.chair.accompanist);
        }
    }

    /// The audio thread took another rig up: whoever plays it sits down and is told what it missed.
    fn change_chair(&mut self, rig: u16) {
        while self.chair.rig != rig {
            let Ok(mut chair) = self.chairs.try_recv() else { return };
            self.memory.tell(&mut *chair.accompanist);
            self.chair = chair;
            self.alone = false;
        }
        self.rewind();
    }

    /// Gives the chair to the fallback, once. With none left, nothing is written any more, and the audio thread
    /// vamps. Returns whether there is somebody to go on.
    fn fall_back(&mut self) -> bool {
        self.ends.stats.model_failures.add(1);
        match self.chair.fallback.take() {
            Some(mut fallback) => {
                self.memory.tell(&mut *fallback);
                self.chair.accompanist = fallback;
                true
            }
            None => {
                self.alone = true;
                false
            }
        }
    }

    /// Runs until `stop`, resting a millisecond whenever there is nothing to write.
    ///
    /// Thread: model. Real-time: no.
    pub fn run(mut self, stop: &AtomicBool) -> Worker {
        while !stop.load(Ordering::Relaxed) {
            if !self.step() {
                thread::sleep(Duration::from_millis(1));
            }
        }
        self
    }
}
