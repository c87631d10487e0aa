//! Plays every take, by the accompanist that is judged and by `Groove`.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use engine::take::Schedule;
use engine::{Cue, EventKind, Frame, Knob, Level};
use models::{Accompanist, Groove, Rig};

use super::Chair;
use super::delivery::Delivery;
use super::judge::Band;
use super::material::Material;
use super::twist::{self, Twist};
use crate::args::ChordSource;
use crate::failure::Failure;
use crate::render::{Job, chord_knobs, render_with};
use crate::sounds::Sounds;

/// Frames a second: only notes are judged, so the sound may be coarse.
const RATE: u32 = 16_000;

/// Who plays, and how.
#[allow(missing_debug_implementations, reason = "an accompanist need not have one")]
pub struct Stage {
    /// The rig under every take.
    pub rig: Arc<Rig>,
    /// Seed of everything that the band invents.
    pub seed: u64,
    /// Who is judged, if it is not `Groove`.
    pub model: Option<Chair>,
    /// How long the model takes to answer, in milliseconds.
    pub model_latency_ms: f64,
    /// Who decides the chord; what each take asks for where nothing is said.
    pub source: Option<ChordSource>,
    /// The main that the band plays.
    pub main: Level,
    /// The sounds of the rig.
    pub sounds: Sounds,
}

/// One accompanist's evening with one take.
#[derive(Debug)]
pub struct Performance {
    /// What was heard.
    pub band: Band,
    /// How the plan came.
    pub delivery: Option<Delivery>,
    /// The same take with imposed dynamics.
    pub arcs: Band,
    /// The same take with a melody that jumps; in melody mode only.
    pub pushed: Option<Band>,
}

/// Everything that was played over a take.
#[derive(Debug)]
pub struct Night {
    /// The accompanist that is judged, where it is not `Groove`.
    pub model: Option<Performance>,
    /// `Groove`.
    pub groove: Performance,
}

/// The lowest key of the melody.
pub fn split() -> u8 {
    Knob::Split.spec().default as u8
}

/// Plays all takes, on as many threads as there are cores.
///
/// # Errors
/// If the model cannot be loaded or a sound is missing.
pub fn play_all(stage: &Stage, takes: &[Material]) -> Result<Vec<Night>, Failure> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(takes.len()));
    let work = || {
        while let Some((i, take)) = next_of(&next, takes) {
            tracing::debug!("{}/{}", take.set, take.name);
            let night = stage.night(take);
            done.lock().unwrap_or_else(PoisonError::into_inner).push((i, night));
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(i, _)| *i);
    done.into_iter().map(|(_, night)| night).collect()
}

fn next_of<'a>(next: &AtomicUsize, takes: &'a [Material]) -> Option<(usize, &'a Material)> {
    let i = next.fetch_add(1, Ordering::Relaxed);
    takes.get(i).map(|take| (i, take))
}

impl Stage {
    fn night(&self, take: &Material) -> Result<Night, Failure> {
        let model = self.model.as_ref().map(|model| self.perform(take, Some(model)));
        Ok(Night { model: model.transpose()?, groove: self.perform(take, None)? })
    }

    fn perform(&self, take: &Material, model: Option<&Chair>) -> Result<Performance, Failure> {
        let (band, delivery) = self.play(take, Twist::Plain, model)?;
        let (arcs, _) = self.play(take, Twist::Arcs, model)?;
        let pushed = match self.source_of(take) {
            ChordSource::Melody => Some(self.play(take, Twist::Pushed, model)?.0),
            ChordSource::Played | ChordSource::Sent => None,
        };
        Ok(Performance { band, delivery, arcs, pushed })
    }

    /// A take without keys below the split is followed by its melody.
    fn source_of(&self, take: &Material) -> ChordSource {
        let has_left_hand = take.people.performer.iter().any(|note| note.key < split());
        let wanted = if has_left_hand { ChordSource::Played } else { ChordSource::Melody };
        self.source.unwrap_or(wanted)
    }

    fn play(
        &self,
        take: &Material,
        twist: Twist,
        model: Option<&Chair>,
    ) -> Result<(Band, Option<Delivery>), Failure> {
        let job = self.job(take, twist);
        let groove = || -> Box<dyn Accompanist> { Box::new(Groove::new(self.rig.clone(), self.seed)) };
        let accompanist = model.map_or_else(groove, |model| model(&self.rig, self.seed));
        let mut sounded = Vec::new();
        let rendered = render_with(&job, &self.sounds, accompanist, |ends| {
            sounded.extend(std::iter::from_fn(|| ends.sounded.pop().ok()));
            while ends.log.pop().is_ok() {}
        })?;
        Ok((Band::collect(&sounded), Delivery::of(&rendered.stats)))
    }

    fn job(&self, take: &Material, twist: Twist) -> Job {
        let schedule = take.take.schedule(RATE, None);
        let end = end(take, &schedule);
        let mut score = vec![(0, EventKind::Cue(Cue::Main(self.main)))];
        score.extend(twist::score(&take.take, schedule, twist));
        Job {
            rig: self.rig.clone(),
            seed: self.seed,
            rate: RATE,
            block: 256,
            model_latency_ms: self.model_latency_ms,
            knobs: chord_knobs(self.source_of(take).value(), None),
            score,
            end,
        }
    }
}

/// The frame of the bar line at which the take is cut, found by what is played nearest to it.
fn end(take: &Material, schedule: &Schedule) -> Frame {
    if take.end >= take.take.end() {
        return schedule.end;
    }
    let played = schedule
        .events
        .iter()
        .filter(|(_, kind)| !matches!(kind, EventKind::Meter(_) | EventKind::Set { .. }));
    let mut before = (0, 0);
    for (&(tick, _), &(frame, _)) in take.take.events().iter().zip(played) {
        if tick > take.end {
            let share = (take.end - before.0) as f64 / (tick - before.0) as f64;
            return before.1 + (share * (frame - before.1) as f64) as Frame;
        }
        before = (tick, frame);
    }
    schedule.end
}
