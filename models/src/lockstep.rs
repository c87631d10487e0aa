//! The whole ring on one thread, on a virtual clock: for rendering, replays and tests. Not for the live path.

use std::collections::VecDeque;
use std::time::Instant;

use engine::audio::Renderer;
use engine::wires::{Input, PatchEnds, delay_line};
use engine::{Chunk, Event, EventKind, Frame, Patch};
use rtrb::{Consumer, Producer};

use crate::Worker;

/// Frames between two turns of the worker while the playhead rests.
const RESTING_TURN: Frame = 512;

/// What is fed into the ring at its frame.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::large_enum_variant, reason = "a score is read once, from front to back")]
pub enum Cause {
    /// A performer did something through the ring's own input.
    Kind(EventKind),
    /// An event of a log, with its source.
    Event(Event),
    /// A chunk of a log.
    Chunk(Chunk),
}

/// Who writes the chunks.
#[allow(missing_debug_implementations, clippy::large_enum_variant, reason = "there is one in a program")]
enum Writer {
    /// A worker, whose answers are held back for as long as a model would take.
    Worker { worker: Worker, written: Consumer<Chunk>, latency: Frame, held: VecDeque<(Frame, Chunk)> },
    /// A log.
    Log,
}

/// The rigs of a log that will take over.
#[derive(Debug)]
struct Rigs {
    ends: PatchEnds,
    next: VecDeque<(Frame, Box<Patch>)>,
}

impl Rigs {
    /// Hands over the rigs whose time has come, and frees those before; returns when the next one comes.
    fn deliver(&mut self, now: Frame) -> Frame {
        while self.ends.retired.pop().is_ok() {}
        while self.next.front().is_some_and(|(frame, _)| *frame <= now)
            && !self.ends.next.is_full()
            && let Some((_, patch)) = self.next.pop_front()
        {
            // The queue has room.
            let _ = self.ends.next.push(patch);
        }
        self.next.front().map_or(Frame::MAX, |(frame, _)| *frame)
    }
}

/// The renderer and the worker in lockstep.
///
/// The worker runs to completion at every twelfth of a beat, and blocks are split there, so that the size of a block
/// changes nothing.
#[allow(missing_debug_implementations, reason = "ringbuf's ends have none")]
pub struct Lockstep {
    renderer: Renderer,
    writer: Writer,
    chunks: Producer<Chunk>,
    input: Input,
    score: VecDeque<(Frame, Cause)>,
    rigs: Option<Rigs>,
    block: usize,
    buffer: Vec<f32>,
    next_turn: Frame,
}

impl Lockstep {
    /// A ring whose worker takes `latency` frames to answer, rendered in blocks of `block` frames.
    pub fn new(
        renderer: Renderer,
        mut worker: Worker,
        input: Input,
        latency: Frame,
        block: usize,
    ) -> Lockstep {
        let (delayed, written) = delay_line();
        let chunks = worker.redirect(delayed);
        let writer = Writer::Worker { worker, written, latency, held: VecDeque::new() };
        Lockstep::with(renderer, writer, chunks, input, block)
    }

    /// A ring in which a log answers: chunks come at the frames at which they came.
    pub fn replay(renderer: Renderer, chunks: Producer<Chunk>, input: Input, block: usize) -> Lockstep {
        Lockstep::with(renderer, Writer::Log, chunks, input, block)
    }

    fn with(
        renderer: Renderer,
        writer: Writer,
        chunks: Producer<Chunk>,
        input: Input,
        block: usize,
    ) -> Lockstep {
        let buffer = vec![0.0; 2 * block.max(1)];
        Lockstep {
            renderer,
            writer,
            chunks,
            input,
            score: VecDeque::new(),
            rigs: None,
            block: block.max(1),
            buffer,
            next_turn: 0,
        }
    }

    /// Adds what will happen, in the order of its frames.
    pub fn feed(&mut self, score: impl IntoIterator<Item = (Frame, Cause)>) {
        self.score.extend(score);
    }

    /// Adds the rigs of a log, each with the frame at which it took over.
    pub fn change_rigs(&mut self, ends: PatchEnds, rigs: impl IntoIterator<Item = (Frame, Box<Patch>)>) {
        self.rigs = Some(Rigs { ends, next: rigs.into_iter().collect() });
    }

    /// The renderer.
    pub fn renderer(&self) -> &Renderer {
        &self.renderer
    }

    /// Who plays.
    pub fn name(&self) -> &str {
        match &self.writer {
            Writer::Worker { worker, .. } => worker.name(),
            Writer::Log => "replay",
        }
    }

    /// Renders `frames` frames and hands them over, interleaved stereo, piece by piece.
    pub fn run(&mut self, frames: Frame, mut sink: impl FnMut(&[f32])) {
        let end = self.renderer.frame() + frames;
        while self.renderer.frame() < end {
            let now = self.renderer.frame();
            if now >= self.next_turn {
                self.turn(now);
            }
            let until = self.deliver(now).min(self.next_turn).min(end).max(now + 1);
            let n = self.block.min((until - now) as usize);
            self.play(now + n as Frame);
            sink(self.render(n));
        }
    }

    /// Renders one block, and counts what part of its duration that took.
    fn render(&mut self, frames: usize) -> &[f32] {
        let block = &mut self.buffer[..2 * frames];
        let began = Instant::now();
        self.renderer.render(block);
        let load = began.elapsed().as_secs_f64() * f64::from(self.renderer.rate()) / frames as f64;
        self.renderer.stats().callbacks.add(1);
        self.renderer.stats().load.record(1000.0 * load);
        block
    }

    /// The worker's turn.
    fn turn(&mut self, now: Frame) {
        let twelfth = self.renderer.frames_to_twelfth().map(|frames| now + frames as Frame);
        self.next_turn = twelfth.unwrap_or(now / RESTING_TURN * RESTING_TURN + RESTING_TURN);
        let Writer::Worker { worker, written, latency, held } = &mut self.writer else { return };
        while worker.step() {}
        while let Ok(chunk) = written.pop() {
            held.push_back((now + *latency, chunk));
        }
    }

    /// Hands over the chunks whose time has come; returns when the next one comes.
    fn deliver(&mut self, now: Frame) -> Frame {
        let Writer::Worker { held, .. } = &mut self.writer else {
            let rig = self.rigs.as_mut().map_or(Frame::MAX, |rigs| rigs.deliver(now));
            return self.deliver_log(now).min(rig);
        };
        while let Some((due, chunk)) = held.front().copied() {
            if due > now || self.chunks.push(chunk).is_err() {
                return due;
            }
            held.pop_front();
        }
        Frame::MAX
    }

    fn deliver_log(&mut self, now: Frame) -> Frame {
        let next = |score: &VecDeque<(Frame, Cause)>| {
            let chunk = score.iter().position(|(_, cause)| matches!(cause, Cause::Chunk(_)))?;
            Some((chunk, score[chunk].0))
        };
        while let Some((place, frame)) = next(&self.score) {
            if frame > now {
                return frame;
            }
            if let Some((_, Cause::Chunk(chunk))) = self.score.remove(place) {
                // The queue is read at every quantum, so there is room.
                let _ = self.chunks.push(chunk);
            }
        }
        Frame::MAX
    }

    /// Sends what the performer does before `end`; the queue keeps what is not due yet.
    fn play(&mut self, end: Frame) {
        const AHEAD: Frame = 64;
        while let Some((frame, cause)) = self.score.front().copied()
            && frame < end + AHEAD
            && self.input.room() > 1
        {
            match cause {
                Cause::Kind(kind) => self.input.send(frame, kind),
                Cause::Event(event) => self.input.replay(Event { arrival: frame, ..event }),
                Cause::Chunk(_) => return,
            }
            self.score.pop_front();
        }
    }
}
