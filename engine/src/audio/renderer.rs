//! The audio thread's one entry: hear, harmonise, take chunks, play, mix. Runs on the audio thread.

use std::sync::Arc;

use assert_no_alloc::assert_no_alloc;
use rtrb::{Consumer, Producer};

use crate::sound::QUANTUM;
use crate::wires::{AudioEnds, Logged};
use crate::{Beat, Chunk, Event, Frame, Heard, HeardKind, Patch, Settings, Stats, Tick};

use super::agenda::Agenda;
use super::band::{Band, SILENCE};
use super::form::{Form, Lengths};
use super::harmony::Harmony;
use super::mixer::{Mixer, Stereo};
use super::push::Push;
use super::timeline::{Refused, Timeline};
use super::transport::Transport;
use super::witness::Witness;

/// How the renderer is set up.
#[derive(Clone, Copy, Debug)]
pub struct Setup {
    /// Frames a second.
    pub rate: u32,
    /// Frames between an event's arrival and its sound: one block live, 0 offline.
    pub latency: Frame,
    /// Whether the band starts with the first chord that is recognised.
    pub sync_start: bool,
}

/// Everything that runs on the audio thread.
///
/// It works in quanta of [`QUANTUM`] frames of absolute time, whatever the size of a block; so the size of a block
/// changes nothing that is heard.
#[allow(missing_debug_implementations, reason = "ringbuf's ends have none")]
pub struct Renderer {
    pub(super) setup: Setup,
    pub(super) frame: Frame,
    // The ends of the queues.
    pub(super) inputs: Vec<Consumer<Event>>,
    heard: Producer<Heard>,
    heard_lost: bool,
    chunks: Consumer<Chunk>,
    pub(super) patches: Consumer<Box<Patch>>,
    pub(super) retired: Producer<Box<Patch>>,
    log: Producer<Logged>,
    pub(super) stats: Arc<Stats>,
    // What leads.
    pub(super) settings: Settings,
    pub(super) transport: Transport,
    pub(super) form: Form,
    pub(super) timeline: Timeline,
    pub(super) agenda: Agenda,
    pub(super) harmony: Harmony,
    pub(super) push: Push,
    pub(super) next_decision: Beat,
    pub(super) next_beat: Beat,
    pub(super) sync_armed: bool,
    pub(super) panicked_at: Option<Frame>,
    pub(super) muted_until: Option<Beat>,
    // Who plays.
    pub(super) patch: Box<Patch>,
    pub(super) outgoing: Option<(Box<Patch>, u32)>,
    pub(super) band: Band,
    pub(super) out: Witness,
    pub(super) mixer: Mixer,
    // The quantum that the device has not taken yet.
    ready: Stereo,
    taken: usize,
    pub(super) started_at: Frame,
    /// Silent blocks that have not been counted, and how long the silence has lasted.
    pub(super) silence: (u64, Frame),
    pub(super) latest_bind: Option<(Frame, Frame)>,
}

impl Renderer {
    /// A renderer at rest. Allocates; tells the model thread what it will play.
    ///
    /// Thread: any but audio. Real-time: no.
    pub fn new(ends: AudioEnds, patch: Box<Patch>, setup: Setup) -> Renderer {
        let AudioEnds { inputs, heard, chunks, patches, retired, sounded, midi_out, log, samples, stats } =
            ends;
        let mut renderer = Renderer {
            setup,
            frame: 0,
            inputs,
            heard,
            heard_lost: false,
            chunks,
            patches,
            retired,
            log,
            settings: Settings::default(),
            transport: Transport::new(setup.rate, patch.bpm, patch.meter),
            form: Form::default(),
            timeline: Timeline::default(),
            agenda: Agenda::default(),
            harmony: Harmony::new(setup.rate),
            push: Push::default(),
            next_decision: Beat(0),
            next_beat: Beat(0),
            sync_armed: setup.sync_start,
            panicked_at: None,
            muted_until: None,
            band: Band::new(setup.rate),
            out: Witness::new(sounded, midi_out, stats.clone()),
            mixer: Mixer::new(setup.rate, samples, stats.clone()),
            ready: [[0.0; QUANTUM]; 2],
            taken: QUANTUM,
            started_at: 0,
            silence: (0, 0),
            latest_bind: None,
            patch,
            outgoing: None,
            stats,
        };
        renderer.take_up_patch();
        renderer.rest(Beat(0));
        renderer
    }

    /// Frames a second.
    pub fn rate(&self) -> u32 {
        self.setup.rate
    }

    /// The counters.
    pub fn stats(&self) -> &Arc<Stats> {
        &self.stats
    }

    /// The frame that comes next out of [`Renderer::render`].
    pub fn frame(&self) -> Frame {
        self.frame - (QUANTUM - self.taken) as Frame
    }

    /// Whether the playhead moves.
    pub fn is_running(&self) -> bool {
        self.transport.is_running()
    }

    /// The first tick that has not been played.
    pub fn playhead(&self) -> Tick {
        self.transport.playhead()
    }

    /// Frames until the next twelfth of a beat begins, rounded up to whole quanta; none while the band rests.
    pub fn frames_to_twelfth(&self) -> Option<usize> {
        let frames = self.transport.frames_to_twelfth(self.frame)? as usize;
        Some(frames.next_multiple_of(QUANTUM) + QUANTUM - self.taken)
    }

    /// How long an event takes to sound, from now on; for a device whose blocks have another size.
    ///
    /// Thread: any, while nobody renders. Real-time: yes.
    pub fn set_latency(&mut self, frames: Frame) {
        self.setup.latency = frames;
    }

    /// Fills `out`, interleaved stereo, with the next samples.
    ///
    /// Thread: audio. Real-time: yes: never allocates, frees, locks or waits.
    #[cfg_attr(feature = "rtsan", rtsan_standalone::nonblocking)]
    pub fn render(&mut self, out: &mut [f32]) {
        assert_no_alloc(|| {
            let mut power = 0.0;
            for frame in out.chunks_exact_mut(2) {
                if self.taken == QUANTUM {
                    self.quantum();
                    self.taken = 0;
                }
                for (sample, side) in frame.iter_mut().zip(&self.ready) {
                    *sample = side[self.taken];
                    power += *sample * *sample;
                }
                self.taken += 1;
            }
            self.watch(power / out.len().max(1) as f32, out.len() / 2);
        });
    }

    fn quantum(&mut self) {
        self.hear();
        self.harmonise();
        self.take_chunks();
        self.play();
        self.mix();
        self.frame += QUANTUM as Frame;
    }

    /// Takes in what the model wrote.
    fn take_chunks(&mut self) {
        while let Ok(chunk) = self.chunks.pop() {
            self.log(Logged::Chunk { frame: self.frame, chunk });
            self.stats.overflowed_notes.add(u64::from(chunk.overflow));
            match self.timeline.insert(&chunk, self.form.at(chunk.beat)) {
                Ok(()) => {}
                Err(Refused::Late) => self.stats.refused_late.add(1),
                Err(Refused::Stale) => self.stats.refused_stale.add(1),
            }
        }
    }

    /// Renders and mixes one quantum.
    fn mix(&mut self) {
        let mut parts = SILENCE;
        self.band.advance(&mut self.patch, &mut self.out, self.transport.is_running());
        self.band.render(&mut self.patch, &mut parts);
        self.fade_outgoing(&mut parts);
        self.ready = self.mixer.mix(&mut parts);
    }

    /// The lengths of the rig's own sections.
    pub(super) fn lengths(&self) -> Lengths {
        let Patch { intro_bars, break_bars, ending_bars, .. } = *self.patch;
        Lengths { intro: intro_bars, break_: break_bars, ending: ending_bars }
    }

    /// Tells the model thread something. What finds a full queue is lost; a gap is told as soon as there is room.
    pub(super) fn tell(&mut self, at: Tick, kind: HeardKind) {
        if self.heard_lost && self.heard.push(Heard { at, kind: HeardKind::Gap }).is_ok() {
            self.heard_lost = false;
        }
        if self.heard_lost || self.heard.push(Heard { at, kind }).is_err() {
            self.heard_lost = true;
            self.stats.heard_dropped.add(1);
        }
    }

    /// Keeps something for the replay.
    pub(super) fn log(&mut self, logged: Logged) {
        // A queue of one place stands for a tape that does not exist.
        if self.log.push(logged).is_err() && self.log.buffer().capacity() > 1 {
            self.stats.tape_dropped.add(1);
        }
    }
}
