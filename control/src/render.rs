//! The band on a virtual clock, faster than real time: the same ring as on stage, in lockstep.

use std::sync::Arc;
use std::sync::mpsc;

use engine::audio::{Renderer, Setup};
use engine::wires::{Logged, TapeEnds, Wires, wires};
use engine::{EventKind, Frame, Knob, Param, Stats};
use models::{Accompanist, Cause, Chair, Groove, Horizon, Lockstep, Rig, Worker};
use ringbuf::traits::Consumer;

use crate::patch;
use crate::sounds::{Sounds, SoundsError};

/// Frames that are rendered, and not recorded, before the band starts, so that the model can write its first beats.
pub const LEAD_IN: Frame = 1024;

/// Seconds that are rendered after the last bar, for tails.
const TAIL_SECONDS: f64 = 2.5;

/// What is rendered, and how.
#[derive(Clone, Debug)]
pub struct Job {
    /// Who plays.
    pub rig: Arc<Rig>,
    /// Seed of everything that the band invents.
    pub seed: u64,
    /// Frames a second.
    pub rate: u32,
    /// Frames of a block; changes nothing that is heard.
    pub block: usize,
    /// How long the model takes to answer, in milliseconds.
    pub model_latency_ms: f64,
    /// Knobs that are set before the start, after the rig's own.
    pub knobs: Vec<(Param, f32)>,
    /// What the performer does, in the order of its frames; the band starts at frame 0.
    pub score: Vec<(Frame, EventKind)>,
    /// When the band stops, if nothing in the score ends it before.
    pub end: Frame,
}

/// What a rendering was.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// Frames that were rendered.
    pub frames: Frame,
    /// Who played.
    pub model: String,
    /// The counters.
    pub stats: Arc<Stats>,
}

/// Renders a job with `Groove`; `tape` is called often and takes what it wants.
///
/// # Errors
/// If a sound of the rig is missing.
pub fn render(job: &Job, sounds: &Sounds, tape: impl FnMut(&mut TapeEnds)) -> Result<Rendered, SoundsError> {
    let groove = Box::new(Groove::new(job.rig.clone(), job.seed));
    render_with(job, sounds, groove, tape)
}

/// Renders a job with any accompanist; `Groove` takes over if it fails.
///
/// # Errors
/// If a sound of the rig is missing.
pub fn render_with(
    job: &Job,
    sounds: &Sounds,
    accompanist: Box<dyn Accompanist>,
    tape: impl FnMut(&mut TapeEnds),
) -> Result<Rendered, SoundsError> {
    let Wires { audio, model, mut inputs, tape: ends, stats, .. } = wires(tape_frames(job.block));
    let renderer = Renderer::new(audio, patch::build(&job.rig, sounds, job.rate, 0)?, setup(job.rate, false));
    let fallback = Box::new(Groove::new(job.rig.clone(), job.seed));
    let chair = Chair { rig: 0, accompanist, fallback: Some(fallback) };
    let (_, chairs) = mpsc::channel();
    let worker = Worker::new(model, chair, chairs, Horizon::default());
    let latency = (job.model_latency_ms / 1000.0 * f64::from(job.rate)) as Frame;
    let input = inputs.swap_remove(0);
    let mut ring = Lockstep::new(renderer, worker, input, latency, job.block);
    ring.feed(score(job));
    let frames = job.end + tail(job.rate);
    roll(&mut ring, LEAD_IN, frames, ends, tape);
    Ok(Rendered { frames, model: ring.name().to_owned(), stats })
}

/// A log to play again.
#[derive(Clone, Debug)]
pub struct Played {
    /// Its events and chunks.
    pub entries: Vec<Logged>,
    /// Frames at its start that were not recorded.
    pub lead_in: Frame,
    /// Whether the band started with the first chord.
    pub sync_start: bool,
    /// The rigs that took over, and when.
    pub rigs: Vec<(Frame, Arc<Rig>)>,
}

/// Plays a log again: its events and chunks at their frames.
///
/// # Errors
/// If a sound of the rig is missing.
pub fn replay(
    job: &Job,
    played: Played,
    sounds: &Sounds,
    tape: impl FnMut(&mut TapeEnds),
) -> Result<Rendered, SoundsError> {
    let Wires { audio, model, mut inputs, patches, tape: ends, stats, .. } = wires(tape_frames(job.block));
    let renderer = Renderer::new(
        audio,
        patch::build(&job.rig, sounds, job.rate, 0)?,
        setup(job.rate, played.sync_start),
    );
    let input = inputs.swap_remove(0);
    let mut ring = Lockstep::replay(renderer, model.chunks, input, job.block);
    let rigs = played.rigs.iter().map(|(frame, rig)| Ok((*frame, patch::build(rig, sounds, job.rate, 0)?)));
    ring.change_rigs(patches, rigs.collect::<Result<Vec<_>, SoundsError>>()?);
    ring.feed(played.entries.into_iter().filter_map(cause));
    roll(&mut ring, played.lead_in, job.end, ends, tape);
    Ok(Rendered { frames: job.end, model: ring.name().to_owned(), stats })
}

fn cause(logged: Logged) -> Option<(Frame, Cause)> {
    match logged {
        Logged::Event { frame, event } => Some((frame, Cause::Event(event))),
        Logged::Chunk { frame, chunk } => Some((frame, Cause::Chunk(chunk))),
        Logged::Patch { .. } => None,
    }
}

/// Frames that are rendered after the last bar.
pub fn tail(rate: u32) -> Frame {
    (TAIL_SECONDS * f64::from(rate)) as Frame
}

/// Offline, an event sounds where it stands.
fn setup(rate: u32, sync_start: bool) -> Setup {
    Setup { rate, latency: 0, sync_start }
}

fn tape_frames(block: usize) -> usize {
    4 * block.max(4096)
}

/// The knobs and what is armed for the start; after the lead-in the start, what the performer does, the stop.
fn score(job: &Job) -> impl Iterator<Item = (Frame, Cause)> {
    let knobs = job.knobs.iter().map(|(param, value)| (0, EventKind::Set { param: *param, value: *value }));
    let is_setting =
        |kind: &EventKind| matches!(kind, EventKind::Meter(_) | EventKind::Set { .. } | EventKind::Cue(_));
    let opening = job.score.iter().take_while(|(frame, kind)| *frame == 0 && is_setting(kind)).count();
    let (before, after) = job.score.split_at(opening);
    let played = after.iter().copied().filter(|(frame, _)| *frame < job.end);
    let show = [(0, EventKind::Start)]
        .into_iter()
        .chain(played)
        .chain([(job.end, EventKind::AllNotesOff), (job.end, EventKind::Stop)])
        .map(|(frame, kind)| (frame + LEAD_IN, kind));
    before.iter().copied().chain(knobs).chain(show).map(|(frame, kind)| (frame, Cause::Kind(kind)))
}

fn roll(
    ring: &mut Lockstep,
    lead_in: Frame,
    frames: Frame,
    mut ends: TapeEnds,
    mut tape: impl FnMut(&mut TapeEnds),
) {
    const PIECE: Frame = 4096;
    ring.run(lead_in, |_| {});
    ends.samples.clear();
    let mut left = frames;
    while left > 0 {
        let piece = left.min(PIECE);
        ring.run(piece, |_| {});
        tape(&mut ends);
        left -= piece;
    }
}

/// The knob of the chord's source and the split, as the command line sets them.
pub fn chord_knobs(source: f32, split: Option<u8>) -> Vec<(Param, f32)> {
    let split = split.map(|key| (Param::of(Knob::Split), f32::from(key)));
    [(Param::of(Knob::ChordSource), source)].into_iter().chain(split).collect()
}
