//! Makes every queue: each boundary between threads is on this page.
//!
//! Messages go through `rtrb`, samples through `ringbuf`. A full queue drops and counts; nothing waits.

use ringbuf::HeapRb;
use ringbuf::traits::Split;
use rtrb::{Consumer, Producer, RingBuffer};
use std::sync::Arc;

use crate::{Chunk, Event, EventKind, Frame, Heard, Patch, RigName, Sounded, Source, Stats};

/// Where samples for the tape go in.
pub type SamplesIn = ringbuf::HeapProd<f32>;
/// Where samples for the tape come out.
pub type SamplesOut = ringbuf::HeapCons<f32>;

/// How many inputs may play at once: MIDI ports, OSC, the screen, a take.
pub const INPUTS: usize = 16;

/// Something that the event log keeps, in the order in which the audio thread popped it.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::large_enum_variant, reason = "it lives in a ring of its own, never in a growing list")]
pub enum Logged {
    /// An event, with the frame at which it sounded.
    Event {
        /// When it sounded.
        frame: Frame,
        /// What.
        event: Event,
    },
    /// A chunk, with the frame at which it was taken in.
    Chunk {
        /// When it was taken in.
        frame: Frame,
        /// The chunk.
        chunk: Chunk,
    },
    /// A patch took over.
    Patch {
        /// When.
        frame: Frame,
        /// The rig that it was made of.
        rig: RigName,
    },
}

/// Every end of every queue, sorted by thread.
#[allow(missing_debug_implementations, reason = "ringbuf's ends have none")]
pub struct Wires {
    /// For the renderer.
    pub audio: AudioEnds,
    /// For the model thread.
    pub model: ModelEnds,
    /// One for each thread that plays.
    pub inputs: Vec<Input>,
    /// For the thread that loads rigs.
    pub patches: PatchEnds,
    /// For the tape.
    pub tape: TapeEnds,
    /// For MIDI out.
    pub midi_out: Consumer<Sounded>,
    /// Counters, written by all and read by anyone.
    pub stats: Arc<Stats>,
}

/// The audio thread's ends.
#[allow(missing_debug_implementations, reason = "ringbuf's ends have none")]
pub struct AudioEnds {
    pub(crate) inputs: Vec<Consumer<Event>>,
    pub(crate) heard: Producer<Heard>,
    pub(crate) chunks: Consumer<Chunk>,
    pub(crate) patches: Consumer<Box<Patch>>,
    pub(crate) retired: Producer<Box<Patch>>,
    pub(crate) sounded: Producer<Sounded>,
    pub(crate) midi_out: Producer<Sounded>,
    pub(crate) log: Producer<Logged>,
    pub(crate) samples: SamplesIn,
    pub(crate) stats: Arc<Stats>,
}

impl AudioEnds {
    /// Takes out what the inputs sent, one input after the other: their other end where no renderer runs.
    pub fn drain(&mut self, mut f: impl FnMut(Event)) {
        for input in &mut self.inputs {
            while let Ok(event) = input.pop() {
                f(event);
            }
        }
    }
}

/// The model thread's ends.
#[derive(Debug)]
pub struct ModelEnds {
    /// What the audio thread heard.
    pub heard: Consumer<Heard>,
    /// What the model wrote.
    pub chunks: Producer<Chunk>,
    /// Counters.
    pub stats: Arc<Stats>,
}

/// The ends of the thread that loads rigs.
#[derive(Debug)]
pub struct PatchEnds {
    /// A patch that takes over at the next bar.
    pub next: Producer<Box<Patch>>,
    /// Patches to be freed.
    pub retired: Consumer<Box<Patch>>,
}

/// The tape's ends.
#[allow(missing_debug_implementations, reason = "ringbuf's ends have none")]
pub struct TapeEnds {
    /// Notes and chords as they sounded.
    pub sounded: Consumer<Sounded>,
    /// Everything that a replay needs.
    pub log: Consumer<Logged>,
    /// Interleaved samples: the stereo mix, then the stereo stems in the order of [`crate::Part::ALL`].
    pub samples: SamplesOut,
}

/// One thread's way to the audio thread.
///
/// A full queue drops the event and counts it; the next message that fits is preceded by
/// [`EventKind::AllNotesOff`], so that no note hangs.
#[derive(Debug)]
pub struct Input {
    source: Source,
    queue: Producer<Event>,
    lost: bool,
    stats: Arc<Stats>,
}

impl Input {
    /// Sends what arrived at `arrival`.
    ///
    /// Thread: any one. Real-time: yes.
    pub fn send(&mut self, arrival: Frame, kind: EventKind) {
        let event = |kind| Event { arrival, source: self.source, kind };
        if self.lost && self.queue.push(event(EventKind::AllNotesOff)).is_ok() {
            self.lost = false;
        }
        if self.lost || self.queue.push(event(kind)).is_err() {
            self.lost = true;
            self.stats.events_dropped.add(1);
        }
    }

    /// Sends an event of a log again, as it was.
    ///
    /// Thread: any one. Real-time: yes.
    pub fn replay(&mut self, event: Event) {
        if self.queue.push(event).is_err() {
            self.stats.events_dropped.add(1);
        }
    }

    /// Which input this is.
    pub fn source(&self) -> Source {
        self.source
    }

    /// How many events fit now.
    pub fn room(&self) -> usize {
        self.queue.slots()
    }
}

/// A queue of chunks beside the ring's own, for answers that are held back.
pub fn delay_line() -> (Producer<Chunk>, Consumer<Chunk>) {
    RingBuffer::new(64)
}

/// Channels of the tape's sample stream: the mix and a stem for each part, in stereo.
pub const TAPE_CHANNELS: usize = 2 + 2 * crate::Part::COUNT;

/// Makes every queue. `tape_frames` is how many frames the tape may lag behind; 0 where there is none.
pub fn wires(tape_frames: usize) -> Wires {
    let stats = Arc::new(Stats::default());
    let (heard_in, heard_out) = RingBuffer::new(8192);
    let (chunks_in, chunks_out) = RingBuffer::new(64);
    let (patches_in, patches_out) = RingBuffer::new(4);
    let (retired_in, retired_out) = RingBuffer::new(8);
    let (sounded_in, sounded_out) = RingBuffer::new(if tape_frames > 0 { 16_384 } else { 1 });
    let (midi_in, midi_out) = RingBuffer::new(2048);
    let (log_in, log_out) = RingBuffer::new(if tape_frames > 0 { 2048 } else { 1 });
    let (samples_in, samples_out) = HeapRb::new((tape_frames * TAPE_CHANNELS).max(1)).split();
    let (senders, receivers): (Vec<_>, Vec<_>) = (0..INPUTS).map(|_| RingBuffer::new(1024)).unzip();
    let inputs = senders
        .into_iter()
        .enumerate()
        .map(|(i, queue)| Input { source: Source(i as u8), queue, lost: false, stats: stats.clone() })
        .collect();
    Wires {
        audio: AudioEnds {
            inputs: receivers,
            heard: heard_in,
            chunks: chunks_out,
            patches: patches_out,
            retired: retired_in,
            sounded: sounded_in,
            midi_out: midi_in,
            log: log_in,
            samples: samples_in,
            stats: stats.clone(),
        },
        model: ModelEnds { heard: heard_out, chunks: chunks_in, stats: stats.clone() },
        inputs,
        patches: PatchEnds { next: patches_in, retired: retired_out },
        tape: TapeEnds { sounded: sounded_out, log: log_out, samples: samples_out },
        midi_out,
        stats,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_a_drop_the_next_message_releases_all_notes() {
        let Wires { mut audio, mut inputs, stats, .. } = wires(0);
        let note = EventKind::NoteOn { key: 60, velocity: 90 };
        (0..1030).for_each(|i| inputs[0].send(i, note));
        assert_eq!(stats.events_dropped.get(), 6);
        while audio.inputs[0].pop().is_ok() {}
        inputs[0].send(2000, note);
        assert_eq!(audio.inputs[0].pop().map(|e| e.kind), Ok(EventKind::AllNotesOff));
        assert_eq!(audio.inputs[0].pop().map(|e| e.kind), Ok(note));
    }
}
