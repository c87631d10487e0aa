//! The ring on one thread, as it runs on stage: the renderer block by block, and the worker after each.

use std::sync::Arc;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use control::sounds::Sounds;
use engine::audio::{Renderer, Setup};
use engine::wires::{Input, TapeEnds, Wires, wires};
use engine::{Cue, EventKind, Frame, Level, Sounded, Stats};
use models::{Accompanist, Chair, Groove, Horizon, PartSource, Rig, Worker};
use ringbuf::traits::Consumer;

/// Frames a second.
pub const RATE: u32 = 48_000;
/// Frames of a block.
pub const BLOCK: usize = 64;

/// Chords of the performer, low to high: a minor seventh, a dominant, a major seventh and a half-diminished one.
const CHORDS: [[u8; 4]; 4] = [[38, 41, 45, 48], [43, 47, 50, 53], [36, 40, 43, 47], [40, 43, 46, 50]];

/// A band in main D, and a performer who changes the chord every two seconds and plays eighths above.
#[allow(missing_debug_implementations, reason = "the renderer has none")]
pub struct Ring {
    /// The way of the performer to the band.
    pub input: Input,
    /// The counters.
    pub stats: Arc<Stats>,
    /// What played, and the samples.
    pub tape: TapeEnds,
    renderer: Renderer,
    worker: Worker,
    out: [f32; 2 * BLOCK],
    seconds: usize,
    // Kept, so that their other ends find somebody there.
    _chairs: mpsc::Sender<Chair>,
}

impl Ring {
    /// A rig's band, by its own patterns, that has played for four seconds.
    pub fn playing(rig: &str) -> Ring {
        let rig = Arc::new(control::rig::find(rig, &[]).expect("the rig is inside"));
        Ring::with(&rig, Box::new(Groove::new(rig.clone(), 1)))
    }

    /// The same, each part written by somebody else.
    pub fn playing_with(rig: &str, player: impl FnOnce(&Arc<Rig>) -> Box<dyn Accompanist>) -> Ring {
        let mut rig = control::rig::find(rig, &[]).expect("the rig is inside");
        rig.parts.iter_mut().for_each(|part| part.source = PartSource::Model);
        let rig = Arc::new(rig);
        Ring::with(&rig, player(&rig))
    }

    fn with(rig: &Arc<Rig>, accompanist: Box<dyn Accompanist>) -> Ring {
        let patch = control::patch::build(rig, &Sounds::embedded(), RATE, 0).expect("its sounds are inside");
        let Wires { audio, model, mut inputs, tape, stats, .. } = wires(RATE as usize);
        let fallback = Box::new(Groove::new(rig.clone(), 1));
        let chair = Chair { rig: 0, accompanist, fallback: Some(fallback) };
        let (chairs, chairs_out) = mpsc::channel();
        let setup = Setup { rate: RATE, latency: BLOCK as Frame, sync_start: false };
        let mut ring = Ring {
            input: inputs.swap_remove(0),
            stats,
            tape,
            renderer: Renderer::new(audio, patch, setup),
            worker: Worker::new(model, chair, chairs_out, Horizon::default()),
            out: [0.0; 2 * BLOCK],
            seconds: 0,
            _chairs: chairs,
        };
        ring.input.send(0, EventKind::Cue(Cue::Main(Level::D)));
        ring.answer();
        ring.input.send(0, EventKind::Start);
        (0..4).for_each(|_| ring.second());
        ring
    }

    /// The frame that comes next.
    pub fn now(&self) -> Frame {
        self.renderer.frame()
    }

    /// Renders one block; what it took.
    pub fn render(&mut self) -> Duration {
        let start = Instant::now();
        self.renderer.render(&mut self.out);
        start.elapsed()
    }

    /// Lets the worker write all that it can; how many chunks that were.
    pub fn answer(&mut self) -> usize {
        std::iter::from_fn(|| self.worker.step().then_some(())).count()
    }

    /// Lets the worker write one chunk; how many chunks that were.
    pub fn answer_once(&mut self) -> usize {
        usize::from(self.worker.step())
    }

    /// The samples of the last block.
    pub fn out(&self) -> &[f32] {
        &self.out
    }

    /// One second of music: whole blocks, and the worker after each.
    pub fn second(&mut self) {
        self.second_with(|_| {});
    }

    /// One second of music; `each` is told what each block took to render.
    pub fn second_with(&mut self, mut each: impl FnMut(Duration)) {
        self.perform();
        for _ in 0..RATE as usize / BLOCK {
            each(self.render());
            self.answer();
        }
        self.clear_tape();
        self.seconds += 1;
    }

    /// Throws away what the tape should have taken, but for what sounded.
    pub fn clear_tape(&mut self) {
        self.tape.samples.clear();
        while self.tape.log.pop().is_ok() {}
    }

    /// What the performer does in the coming second.
    fn perform(&mut self) {
        let now = self.now();
        let chord = |i: usize| CHORDS[i / 2 % CHORDS.len()];
        if self.seconds.is_multiple_of(2) {
            let (last, next) = (chord(self.seconds + 6), chord(self.seconds));
            last.into_iter().for_each(|key| self.input.send(now, EventKind::NoteOff { key }));
            next.into_iter().for_each(|key| self.input.send(now, EventKind::NoteOn { key, velocity: 80 }));
        }
        for eighth in 0..4 {
            let key = [60, 64, 67, 71][(eighth + self.seconds) % 4];
            let at = now + eighth as Frame * Frame::from(RATE) / 4;
            self.input.send(at, EventKind::NoteOn { key, velocity: 90 });
            self.input.send(at + 9000, EventKind::NoteOff { key });
        }
    }

    /// What has sounded since the last time.
    pub fn sounded(&mut self) -> impl Iterator<Item = Sounded> + '_ {
        std::iter::from_fn(|| self.tape.sounded.pop().ok())
    }
}
