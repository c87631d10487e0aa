//! A pianist for any rig: chords in the left hand, phrases in the right, at the rig's tempo, meter and swing.

use std::sync::Arc;

use control::render::Job;
use engine::{Cue, EventKind, Frame, Level, Tick};
use fastrand::Rng;
use models::Rig;

use crate::changes::{Change, changes, pick};
use crate::support::random_take::pitch_classes;

/// Frames a second where only notes are judged, so that the sound may be coarse.
const NOTES_ONLY: u32 = 16_000;

/// How the right hand phrases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phrasing {
    /// A bar of melody, a bar of rest, all through: call and response.
    CallAndResponse,
    /// Three bars of melody and one of rest.
    ThreeAndOne,
    /// Phrases and rests of one to three bars, at random.
    Rhapsodic,
    /// No rests, but busy and calm spells of two to six bars.
    Spells,
    /// Nothing at all: only the left hand plays.
    Silent,
}

/// A performance: who, over what, and what the foot asks for.
#[derive(Clone, Debug)]
pub struct Recital {
    /// Bars.
    pub bars: Tick,
    /// How the right hand phrases.
    pub phrasing: Phrasing,
    /// Cues, and the tick at which they are asked for.
    pub cues: Vec<(Tick, Cue)>,
    /// Chance of hands and band.
    pub seed: u64,
}

/// A key press in ticks, before the hands make it human.
struct Press {
    key: u8,
    velocity: u8,
    on: Tick,
    off: Tick,
    /// All keys of a chord share one lateness.
    late_ms: f64,
}

impl Recital {
    /// Every main for sixteen bars with a fill into each, and fills half way.
    pub fn of_form(rig: &Rig, phrasing: Phrasing) -> Recital {
        let (bar, beat) = (rig.meter.ticks_per_bar(), rig.meter.ticks_per_beat());
        let mut cues = vec![(0, Cue::Main(Level::A))];
        for (i, level) in Level::ALL.into_iter().enumerate() {
            let end = 16 * (i as Tick + 1);
            cues.push(((end - 8) * bar - bar / 2, Cue::Fill));
            cues.extend(
                Level::ALL.get(level.index() + 1).map(|next| (end * bar - bar + beat / 4, Cue::Main(*next))),
            );
        }
        Recital { bars: 64, phrasing, cues, seed: 1 }
    }

    /// One main all through.
    pub fn of_main(level: Level, bars: Tick, phrasing: Phrasing) -> Recital {
        Recital { bars, phrasing, cues: vec![(0, Cue::Main(level))], seed: 1 }
    }

    /// The chords that are meant.
    pub fn changes(&self, rig: &Rig) -> Vec<Change> {
        let colour = rig.knobs.iter().find(|(param, _)| param.knob == engine::Knob::Colour);
        let mut rng = Rng::with_seed(self.seed ^ rig.name.len() as u64);
        changes(&mut rng, rig.meter, colour.map_or(1.0, |knob| knob.1), self.bars)
    }

    /// The job that renders it for its notes.
    pub fn job(&self, rig: &Arc<Rig>) -> Job {
        self.job_at(rig, NOTES_ONLY)
    }

    /// The job that renders it at a rate.
    pub fn job_at(&self, rig: &Arc<Rig>, rate: u32) -> Job {
        let clock = Clock::of(rig, rate);
        let mut score: Vec<(Frame, EventKind)> = Vec::new();
        for press in self.left(rig).into_iter().chain(self.right(rig)) {
            let Press { key, velocity, on, off, late_ms } = press;
            score.push((clock.frame(on, late_ms), EventKind::NoteOn { key, velocity }));
            score.push((clock.frame(off, 0.0), EventKind::NoteOff { key }));
        }
        score.extend(self.cues.iter().map(|(tick, cue)| (clock.frame(*tick, 0.0), EventKind::Cue(*cue))));
        // What is armed for the start comes first, and a key goes up before it goes down again.
        let rank = |kind: &EventKind| match kind {
            EventKind::Cue(_) => 0,
            EventKind::NoteOff { .. } => 1,
            _ => 2,
        };
        score.sort_by_key(|(frame, kind)| (*frame, rank(kind)));
        let end = clock.frame(self.bars * rig.meter.ticks_per_bar(), 0.0);
        let (block, knobs) = (256, Vec::new());
        Job { rig: rig.clone(), seed: self.seed, rate, block, model_latency_ms: 0.0, knobs, score, end }
    }

    /// Chords held until just before the next one: spread over 15 ms, within 30 ms of the beat.
    fn left(&self, rig: &Rig) -> Vec<Press> {
        let mut rng = Rng::with_seed(self.seed + 1);
        let changes = self.changes(rig);
        let end = self.bars * rig.meter.ticks_per_bar();
        let ends = changes.iter().skip(1).map(|change| change.tick).chain([end]);
        let mut presses = Vec::new();
        for (change, next) in changes.iter().zip(ends) {
            let late = between(&mut rng, -30.0, 15.0);
            let velocity = rng.u8(66..84);
            for key in hand(change) {
                let late_ms = late + between(&mut rng, 0.0, 15.0);
                presses.push(Press { key, velocity, on: change.tick, off: next - 120, late_ms });
            }
        }
        presses
    }

    fn right(&self, rig: &Rig) -> Vec<Press> {
        let mut rng = Rng::with_seed(self.seed + 2);
        let changes = self.changes(rig);
        let (bar, beat) = (rig.meter.ticks_per_bar(), rig.meter.ticks_per_beat());
        let mut presses = Vec::new();
        let mut key = 67;
        for (n, busy) in self.business(&mut rng).into_iter().enumerate() {
            let start = n as Tick * bar;
            for place in (start..start + bar).step_by(beat as usize) {
                for on in strokes(&mut rng, rig, place, busy) {
                    let chord = changes.iter().rev().find(|change| change.tick <= on + beat / 8);
                    key = chord.map_or(key, |change| melody(&mut rng, change, key));
                    let late_ms = between(&mut rng, -8.0, 12.0);
                    presses.push(Press { key, velocity: rng.u8(72..92), on, off: on + beat / 3, late_ms });
                }
            }
        }
        presses
    }

    /// How busy each bar is: 0 rests, 1 is calm, 2 is busy.
    fn business(&self, rng: &mut Rng) -> Vec<u8> {
        let bars = self.bars as usize;
        let mut spells = |lengths: std::ops::Range<usize>, first: u8, second: u8| {
            let mut all = Vec::new();
            while all.len() < bars {
                all.extend(std::iter::repeat_n(first, rng.usize(lengths.clone())));
                all.extend(std::iter::repeat_n(second, rng.usize(lengths.clone())));
            }
            all.truncate(bars);
            all
        };
        match self.phrasing {
            Phrasing::CallAndResponse => (0..bars).map(|bar| if bar % 2 == 0 { 2 } else { 0 }).collect(),
            Phrasing::ThreeAndOne => (0..bars).map(|bar| if bar % 4 < 3 { 2 } else { 0 }).collect(),
            Phrasing::Rhapsodic => spells(1..4, 2, 0),
            Phrasing::Spells => spells(3..7, 1, 2),
            Phrasing::Silent => vec![0; bars],
        }
    }
}

/// Ticks to frames at the rig's own tempo.
struct Clock {
    per_tick: f64,
    per_ms: f64,
}

impl Clock {
    fn of(rig: &Rig, rate: u32) -> Clock {
        let ticks_per_minute = f64::from(rig.bpm) * rig.meter.ticks_per_beat() as f64;
        Clock { per_tick: f64::from(rate) * 60.0 / ticks_per_minute, per_ms: f64::from(rate) / 1000.0 }
    }

    fn frame(&self, tick: Tick, late_ms: f64) -> Frame {
        (tick as f64 * self.per_tick + late_ms * self.per_ms).max(0.0) as Frame
    }
}

/// The keys of a chord in close position above its bass, below the split.
fn hand(change: &Change) -> Vec<u8> {
    const LOWEST: u8 = 31;
    let bass = LOWEST + (change.chord.bass + 12 - LOWEST % 12) % 12;
    let set = pitch_classes(change.chord);
    (bass..bass + 12).filter(|key| set >> (key % 12) & 1 == 1).collect()
}

/// Where the melody strikes in the beat that begins at `place`: always on the beat, and mostly after it.
fn strokes(rng: &mut Rng, rig: &Rig, place: Tick, busy: u8) -> Vec<Tick> {
    let beat = rig.meter.ticks_per_beat();
    let after = match rig.meter.is_compound() {
        true => *pick(rng, &[beat / 3, beat * 2 / 3]),
        false if rig.swing_sixteenths => beat / 2,
        false => (beat as f32 * rig.swing) as Tick,
    };
    match busy {
        0 => vec![],
        // A calm hand strikes every other beat, which leaves no gap of a beat behind what it holds.
        1 if (place / beat) % 2 == 1 => vec![],
        1 => vec![place],
        _ if rng.u8(0..6) == 0 => vec![place],
        _ => vec![place, place + after],
    }
}

/// A chord tone near the last key, between G4 and E6: the split is far below.
fn melody(rng: &mut Rng, change: &Change, last: u8) -> u8 {
    let set = pitch_classes(change.chord);
    let near: Vec<u8> =
        (67..89).filter(|key| set >> (key % 12) & 1 == 1 && *key != last && key.abs_diff(last) < 8).collect();
    if near.is_empty() { last } else { *pick(rng, &near) }
}

fn between(rng: &mut Rng, low: f64, high: f64) -> f64 {
    low + rng.f64() * (high - low)
}
