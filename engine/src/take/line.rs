//! From tick to frame along the tempos of a take, by the arithmetic of the transport.

use crate::{Clock, EventKind, Frame, Knob, Meter, Param, Tick};

/// A tempo from a tick on, as the band counts it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    pub(super) tick: Tick,
    pub(super) bpm: f32,
    pub(super) meter: Meter,
}

/// Goes along the take from tick to frame, as the transport will.
pub(super) struct Line<'a> {
    rate: u32,
    clock: Clock,
    now: Step,
    /// The frame at which it began.
    since: Frame,
    ahead: &'a [Step],
}

impl Line<'_> {
    pub(super) fn new(rate: u32, steps: &[Step]) -> Line<'_> {
        let start = Step { tick: 0, bpm: Knob::Tempo.spec().default, meter: Meter::COMMON };
        let now = steps.first().copied().unwrap_or(start);
        let clock = Clock::new(0, 0, rate, f64::from(now.bpm), now.meter.ticks_per_beat());
        Line { rate, clock, now: Step { tick: -1, ..now }, since: 0, ahead: steps }
    }

    /// The first frame at which a tick has begun. Ticks must not go back; each tempo on the way is sent.
    pub(super) fn frame_of(&mut self, tick: Tick, events: &mut Vec<(Frame, EventKind)>) -> Frame {
        while let Some((step, rest)) = self.ahead.split_first().filter(|(step, _)| step.tick <= tick) {
            self.ahead = rest;
            self.enter(*step, events);
        }
        self.first_frame(tick)
    }

    fn enter(&mut self, step: Step, events: &mut Vec<(Frame, EventKind)>) {
        let frame = self.first_frame(step.tick);
        let pulse = step.meter.ticks_per_beat();
        if pulse != self.now.meter.ticks_per_beat() {
            // The transport keeps counting felt pulses over the bar line, until it is told otherwise.
            let line = self.clock.frame_of(step.tick) as Frame;
            self.clock = self.clock.retimed(line, self.rate, f64::from(self.now.bpm), pulse);
        }
        let is_first = self.now.tick < 0;
        if step.bpm != self.now.bpm || is_first {
            let set = EventKind::Set { param: Param::of(Knob::Tempo), value: step.bpm };
            events.push((frame, set));
            self.clock = self.clock.retimed(frame, self.rate, f64::from(step.bpm), pulse);
        }
        (self.now, self.since) = (step, frame);
    }

    fn first_frame(&self, tick: Tick) -> Frame {
        // A tempo begins with a whole frame, a little late; a much slower one makes much of that little.
        (self.clock.frame_of(tick).ceil().max(0.0) as Frame).max(self.since)
    }
}
