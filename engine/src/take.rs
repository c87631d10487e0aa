//! A take: what a performer played, read from a MIDI file, and when each thing happens in frames.

mod error;
mod line;
mod read;
#[cfg(test)]
mod tests;

pub use error::TakeError;

use crate::{EventKind, Frame, Grid, Knob, Meter, Tick};
use line::{Line, Step};

/// What a performer played, in ticks; tick 0 is the first bar line.
#[derive(Clone, Debug, PartialEq)]
pub struct Take {
    /// In order.
    events: Vec<(Tick, EventKind)>,
    /// In quarters a minute; the first one at tick 0.
    tempos: Vec<(Tick, f64)>,
    /// At bar lines; the first one at tick 0.
    meters: Vec<(Tick, Meter)>,
    end: Tick,
}

/// A take in frames.
#[derive(Clone, Debug, PartialEq)]
pub struct Schedule {
    /// What happens when, in order, from frame 0 on; tempo and meter of the first bar come first.
    pub events: Vec<(Frame, EventKind)>,
    /// The bar line after the last bar.
    pub end: Frame,
}

impl Take {
    /// What the performer did, in order.
    pub fn events(&self) -> &[(Tick, EventKind)] {
        &self.events
    }

    /// The meter of the first bar.
    pub fn meter(&self) -> Meter {
        self.meters.first().map_or(Meter::COMMON, |(_, meter)| *meter)
    }

    /// The tempo of the first bar: felt pulses a minute, in the range of the knob.
    pub fn bpm(&self) -> f32 {
        self.steps(None).first().map_or(Knob::Tempo.spec().default, |step| step.bpm)
    }

    /// The bar line after the last bar.
    pub fn end(&self) -> Tick {
        self.end
    }

    /// How many bars it has.
    pub fn bars(&self) -> i32 {
        let grid = grid_at(&self.meters, self.end);
        grid.place(grid.beat_at(self.end)).0
    }

    /// When everything happens, by the arithmetic of the transport: give it to a band that starts at frame 0.
    ///
    /// `bpm` takes the place of the take's own tempos. A meter is sent a beat before its bar, because the band
    /// takes it at the next bar line.
    pub fn schedule(&self, rate: u32, bpm: Option<f32>) -> Schedule {
        let steps = self.steps(bpm);
        let mut line = Line::new(rate, &steps);
        let mut events = Vec::with_capacity(self.events.len() + 2 * steps.len());
        let mut meters =
            self.meters.iter().map(|&(tick, meter)| (notice(&self.meters, tick), meter)).peekable();
        for &(tick, kind) in &self.events {
            while let Some((at, meter)) = meters.next_if(|(at, _)| *at <= tick) {
                let frame = line.frame_of(at, &mut events);
                events.push((frame, EventKind::Meter(meter)));
            }
            let frame = line.frame_of(tick, &mut events);
            events.push((frame, kind));
        }
        for (at, meter) in meters {
            let frame = line.frame_of(at, &mut events);
            events.push((frame, EventKind::Meter(meter)));
        }
        let end = line.frame_of(self.end, &mut events);
        Schedule { events, end }
    }

    /// Each tempo as the band counts it; a meter may change it where the quarter stays.
    fn steps(&self, bpm: Option<f32>) -> Vec<Step> {
        let mut ticks: Vec<Tick> =
            self.tempos.iter().map(|t| t.0).chain(self.meters.iter().map(|m| m.0)).collect();
        ticks.sort_unstable();
        ticks.dedup();
        let spec = Knob::Tempo.spec();
        let step = |tick| {
            let quarters = last_before(&self.tempos, tick).unwrap_or(120.0);
            let meter = last_before(&self.meters, tick).unwrap_or(Meter::COMMON);
            let felt = quarters * crate::TICKS_PER_QUARTER as f64 / meter.ticks_per_beat() as f64;
            Step { tick, bpm: spec.clamp(bpm.unwrap_or(felt as f32)), meter }
        };
        ticks.into_iter().map(step).collect()
    }
}

/// What holds at a tick.
fn last_before<T: Copy>(changes: &[(Tick, T)], tick: Tick) -> Option<T> {
    changes.iter().take_while(|(at, _)| *at <= tick).last().map(|(_, value)| *value)
}

/// Beats and bars at a tick.
fn grid_at(meters: &[(Tick, Meter)], tick: Tick) -> Grid {
    let mut grid = Grid::new(meters.first().map_or(Meter::COMMON, |(_, meter)| *meter));
    for &(at, meter) in meters.iter().skip(1).take_while(|(at, _)| *at <= tick) {
        grid = grid.change(meter, grid.beat_at(at));
    }
    grid
}

/// When a meter that begins at a bar line is told: a beat before, and the first one at once.
fn notice(meters: &[(Tick, Meter)], line: Tick) -> Tick {
    if line == 0 {
        return 0;
    }
    line - grid_at(meters, line - 1).meter.ticks_per_beat()
}
