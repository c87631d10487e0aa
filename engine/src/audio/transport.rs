//! Where the playhead is: start, stop, count-in, tempo and its ramps. Runs on the audio thread.

use crate::{Beat, Clock, Frame, Grid, Meter, Tick};

/// A ramp of the tempo is piecewise constant over this part of a beat.
const RAMP_STEPS_PER_BEAT: Tick = 24;

/// What the transport does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motion {
    /// The playhead rests.
    Stopped,
    /// The playhead moves; before beat 0 it counts in.
    Running,
}

/// A glide of the tempo.
#[derive(Clone, Copy, Debug)]
struct Ramp {
    from: (Tick, f64),
    to: (Tick, f64),
}

/// The playhead, in frames, ticks, beats and bars.
#[derive(Debug)]
pub struct Transport {
    rate: u32,
    motion: Motion,
    clock: Clock,
    grid: Grid,
    bpm: f64,
    ramp: Option<Ramp>,
    next_meter: Option<Meter>,
    /// The first tick that has not been played.
    next: Tick,
}

impl Transport {
    /// A transport that rests before beat 0.
    pub fn new(rate: u32, bpm: f32, meter: Meter) -> Transport {
        let bpm = f64::from(bpm);
        Transport {
            rate,
            motion: Motion::Stopped,
            clock: Clock::new(0, 0, rate, bpm, meter.ticks_per_beat()),
            grid: Grid::new(meter),
            bpm,
            ramp: None,
            next_meter: None,
            next: 0,
        }
    }

    /// Whether the playhead moves.
    pub fn is_running(&self) -> bool {
        self.motion == Motion::Running
    }

    /// Beats a minute.
    pub fn bpm(&self) -> f32 {
        self.bpm as f32
    }

    /// Beats and bars.
    pub fn grid(&self) -> &Grid {
        &self.grid
    }

    /// The first tick that has not been played yet.
    pub fn playhead(&self) -> Tick {
        self.next
    }

    /// The beat in which the playhead is.
    pub fn beat(&self) -> Beat {
        self.grid.beat_at(self.next)
    }

    /// Frames in a number of ticks at the present tempo.
    pub fn frames_in(&self, ticks: Tick) -> Frame {
        (ticks as f64 * self.clock.frames_per_tick()) as Frame
    }

    /// Frames until the next multiple of a twelfth of a beat; what the offline loop splits at.
    pub fn frames_to_twelfth(&self, frame: Frame) -> Option<Frame> {
        let twelfth = self.grid.meter.ticks_per_beat() / 12;
        let next = self.grid.tick + (self.next - self.grid.tick).div_euclid(twelfth) * twelfth + twelfth;
        self.is_running().then(|| (self.clock.frame_of(next) - frame as f64).max(1.0).ceil() as Frame)
    }

    /// Starts `count_in` bars before beat 0 of bar 0, at `frame`.
    pub fn start(&mut self, frame: Frame, count_in: u8) {
        self.grid = Grid::new(self.next_meter.take().unwrap_or(self.grid.meter));
        self.go(frame, -Tick::from(count_in) * self.grid.meter.ticks_per_bar());
    }

    /// Goes on from where it stopped, at `frame`.
    pub fn resume(&mut self, frame: Frame) {
        self.go(frame, self.next);
    }

    /// Makes `frame` the first beat of the bar after the present one.
    pub fn restart(&mut self, frame: Frame) {
        let next_bar = self.grid.next_bar(self.beat().plus(1));
        self.go(frame, self.grid.tick_of(next_bar));
    }

    /// Rests where it is.
    pub fn stop(&mut self) {
        self.motion = Motion::Stopped;
        self.ramp = None;
    }

    /// Puts a resting playhead back to the first bar.
    pub fn rewind(&mut self) {
        self.grid = Grid::new(self.grid.meter);
        self.next = 0;
    }

    fn go(&mut self, frame: Frame, tick: Tick) {
        self.clock = Clock::new(frame, tick, self.rate, self.bpm, self.grid.meter.ticks_per_beat());
        self.next = tick;
        self.motion = Motion::Running;
    }

    /// Another tempo from `frame` on.
    pub fn set_tempo(&mut self, frame: Frame, bpm: f32) {
        self.ramp = None;
        self.retime(frame, f64::from(bpm));
    }

    fn retime(&mut self, frame: Frame, bpm: f64) {
        self.bpm = bpm;
        self.clock = self.clock.retimed(frame, self.rate, bpm, self.grid.meter.ticks_per_beat());
    }

    /// Glides to another tempo over a number of bars.
    pub fn glide(&mut self, frame: Frame, bpm: f32, bars: f32) {
        let ticks = (f64::from(bars.max(0.0)) * self.grid.meter.ticks_per_bar() as f64) as Tick;
        if ticks == 0 || !self.is_running() {
            return self.set_tempo(frame, bpm);
        }
        self.ramp = Some(Ramp { from: (self.next, self.bpm), to: (self.next + ticks, f64::from(bpm)) });
    }

    /// Another meter from the next bar on.
    pub fn set_meter(&mut self, frame: Frame, meter: Meter) {
        self.next_meter = (meter != self.grid.meter).then_some(meter);
        if !self.is_running() {
            self.grid = Grid::new(meter);
            self.next_meter = None;
            self.next = 0;
            self.retime(frame, self.bpm);
        }
    }

    /// The ticks that begin in the frames up to `end`; none while the playhead rests.
    pub fn coming(&self, end: Frame) -> std::ops::Range<Tick> {
        if !self.is_running() || end == 0 {
            return self.next..self.next;
        }
        self.next..(self.clock.tick_at(end - 1) + 1).max(self.next)
    }

    /// The ticks that begin in the frames up to `end`, and moves the playhead past them.
    pub fn advance(&mut self, end: Frame) -> std::ops::Range<Tick> {
        let ticks = self.coming(end);
        self.next = ticks.end;
        self.step_ramp();
        ticks
    }

    /// Takes a pending meter in if `beat` is on a bar line; returns whether the grid changed.
    pub fn enter(&mut self, beat: Beat) -> bool {
        if self.grid.place(beat).1 != 0 {
            return false;
        }
        let Some(meter) = self.next_meter.take() else { return false };
        let line = self.clock.frame_of(self.grid.tick_of(beat));
        self.grid = self.grid.change(meter, beat);
        // The tempo counts felt pulses, so ticks may pass at another speed from the bar line on.
        self.retime(line.max(0.0) as Frame, self.bpm);
        true
    }

    fn step_ramp(&mut self) {
        let Some(Ramp { from, to }) = self.ramp else { return };
        let step = self.grid.meter.ticks_per_beat() / RAMP_STEPS_PER_BEAT;
        let at = self.next.div_euclid(step) * step;
        let done = ((at - from.0) as f64 / (to.0 - from.0) as f64).clamp(0.0, 1.0);
        let bpm = from.1 + (to.1 - from.1) * done;
        if bpm != self.bpm {
            self.retime(self.clock.frame_of(at).max(0.0).round() as Frame, bpm);
        }
        if done >= 1.0 {
            self.ramp = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticks_after(transport: &mut Transport, frames: Frame, block: usize) -> Tick {
        let mut last = 0;
        for end in (block as Frame..=frames).step_by(block) {
            last = transport.advance(end).end;
        }
        last
    }

    #[test]
    fn every_tick_begins_in_exactly_one_block() {
        let mut transport = Transport::new(48_000, 133.7, Meter::COMMON);
        transport.start(5, 0);
        let mut next = 0;
        for end in (16..480_000).step_by(16) {
            let ticks = transport.advance(end);
            assert_eq!(ticks.start, next);
            next = ticks.end;
        }
        assert_eq!(next, (479_984.0_f64 / 48_000.0 * 133.7 / 60.0 * 960.0).ceil() as Tick);
    }

    #[test]
    fn a_ramp_arrives_at_its_tempo_after_its_bars() {
        let mut transport = Transport::new(48_000, 120.0, Meter::COMMON);
        transport.start(0, 0);
        transport.glide(0, 60.0, 2.0);
        let bars = ticks_after(&mut transport, 48_000 * 20, 16) / 3840;
        assert_eq!(transport.bpm(), 60.0);
        assert!(bars >= 4, "{bars}");
    }

    #[test]
    fn a_meter_waits_for_the_bar_line() {
        let mut transport = Transport::new(48_000, 120.0, Meter::COMMON);
        transport.start(0, 0);
        transport.advance(16);
        transport.set_meter(16, Meter::new(3, 4).unwrap());
        assert!(!transport.enter(Beat(3)));
        assert!(transport.enter(Beat(4)));
        assert_eq!(transport.grid().place(Beat(7)), (2, 0));
    }

    #[test]
    fn the_count_in_comes_before_beat_nought() {
        let mut transport = Transport::new(48_000, 120.0, Meter::COMMON);
        transport.start(0, 1);
        assert_eq!(transport.playhead(), -3840);
        ticks_after(&mut transport, 96_000, 16);
        assert!((0..=1).contains(&transport.playhead()));
    }
}
