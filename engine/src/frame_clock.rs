//! The time of the audio thread as other threads see it: from the monotonic clock to frames, without a lock.

use std::f64::consts::{SQRT_2, TAU};
use std::sync::atomic::{AtomicU64, Ordering, fence};
use std::time::Instant;

use crate::Frame;

/// Bandwidth of the loop, in hertz: jitter that is faster than this is smoothed away.
const BANDWIDTH: f64 = 0.5;

/// How far the measured rate may lie from the nominal one.
const RATE_SLACK: f64 = 0.01;

/// A call that is further off than this many blocks and [`GAP_SECONDS`] is a gap in time, not jitter.
const GAP_BLOCKS: f64 = 4.0;

/// See [`GAP_BLOCKS`].
const GAP_SECONDS: f64 = 0.005;

/// Tells which frame is now.
///
/// The audio thread publishes at the start of each block; any other thread asks. In between, the estimate runs
/// on at the measured rate, but never more than two blocks beyond the last call, so that it stands still while
/// no device plays. The filter is the delay-locked loop of F. Adriaensen, "Using a DLL to filter time" (2005).
#[derive(Debug)]
pub struct FrameClock {
    epoch: Instant,
    nominal: u32,
    /// Counts calls; the parity says which anchor is the newest one.
    turn: AtomicU64,
    anchors: [Slot; 2],
    latest: AtomicU64,
}

/// A point in time where the frame is known, and how time goes on from there.
#[derive(Clone, Copy, Debug)]
struct Anchor {
    /// Seconds since the epoch.
    time: f64,
    frame: f64,
    /// Frames per second; 0 before the first call.
    rate: f64,
    /// Frames of the last block.
    block: f64,
}

/// An anchor as others read it while it may be written.
#[derive(Debug, Default)]
struct Slot([AtomicU64; 4]);

impl Slot {
    fn load(&self) -> Anchor {
        let [time, frame, rate, block] = self.0.each_ref().map(|x| f64::from_bits(x.load(Ordering::Relaxed)));
        Anchor { time, frame, rate, block }
    }

    fn store(&self, anchor: Anchor) {
        let Anchor { time, frame, rate, block } = anchor;
        for (place, value) in self.0.iter().zip([time, frame, rate, block]) {
            place.store(value.to_bits(), Ordering::Relaxed);
        }
    }
}

impl FrameClock {
    /// A clock that stands at frame 0 until the first call of [`FrameClock::publish`]; `rate` is the nominal
    /// one, in frames per second.
    pub fn new(rate: u32) -> FrameClock {
        FrameClock {
            epoch: Instant::now(),
            nominal: rate,
            turn: AtomicU64::new(0),
            anchors: Default::default(),
            latest: AtomicU64::new(0),
        }
    }

    /// Says that the block that begins with `frame` is being made at `now`.
    ///
    /// Only one thread may call it at a time; a second one would only blur the estimate.
    ///
    /// Thread: audio. Real-time: yes.
    pub fn publish(&self, frame: Frame, now: Instant) {
        let turn = self.turn.load(Ordering::Relaxed);
        let last = self.anchors[(turn & 1) as usize].load();
        let next = self.advance(last, frame as f64, self.seconds(now));
        // Readers look at the other slot, so that one who interrupts this thread never waits for it.
        fence(Ordering::Release);
        self.anchors[((turn + 1) & 1) as usize].store(next);
        self.turn.store(turn + 1, Ordering::Release);
    }

    /// The frame of this moment; never less than what was told before.
    ///
    /// Thread: any. Real-time: yes.
    pub fn now(&self) -> Frame {
        let frame = self.at(Instant::now());
        self.latest.fetch_max(frame, Ordering::Relaxed).max(frame)
    }

    /// The frame of another moment, near this one.
    ///
    /// Thread: any. Real-time: yes.
    pub fn at(&self, moment: Instant) -> Frame {
        let Anchor { time, frame, rate, block } = self.anchor();
        let ahead = ((self.seconds(moment) - time) * rate).min(2.0 * block);
        (frame + ahead).max(0.0) as Frame
    }

    /// The nominal rate, in frames per second.
    pub fn rate(&self) -> u32 {
        self.nominal
    }

    /// The measured rate, in frames per second.
    pub fn measured_rate(&self) -> f64 {
        let rate = self.anchor().rate;
        if rate > 0.0 { rate } else { f64::from(self.nominal) }
    }

    /// One step of the loop: where the anchor lies after a call that came for `frame` at `time`.
    fn advance(&self, last: Anchor, frame: f64, time: f64) -> Anchor {
        let nominal = f64::from(self.nominal);
        let fresh = |block| Anchor { time, frame, rate: nominal, block };
        if last.rate == 0.0 {
            return fresh(0.0);
        }
        let block = frame - last.frame;
        if block <= 0.0 {
            return fresh(last.block);
        }
        let period = block / last.rate;
        let error = time - (last.time + period);
        if error.abs() > GAP_BLOCKS * period + GAP_SECONDS {
            return Anchor { rate: last.rate, ..fresh(block) };
        }
        let omega = (TAU * BANDWIDTH * period).min(0.5);
        let rate = block / (period + omega * omega * error);
        let slack = RATE_SLACK * nominal;
        Anchor {
            time: last.time + period + SQRT_2 * omega * error,
            frame,
            rate: rate.clamp(nominal - slack, nominal + slack),
            block,
        }
    }

    /// The newest anchor, read whole.
    fn anchor(&self) -> Anchor {
        loop {
            let turn = self.turn.load(Ordering::Acquire);
            let anchor = self.anchors[(turn & 1) as usize].load();
            fence(Ordering::Acquire);
            // The slot is written again only after the turn has moved on.
            if self.turn.load(Ordering::Relaxed) == turn {
                return anchor;
            }
        }
    }

    fn seconds(&self, moment: Instant) -> f64 {
        match moment.checked_duration_since(self.epoch) {
            Some(since) => since.as_secs_f64(),
            None => -self.epoch.saturating_duration_since(moment).as_secs_f64(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const RATE: u32 = 48_000;

    fn moment(clock: &FrameClock, seconds: f64) -> Instant {
        clock.epoch + Duration::from_secs_f64(seconds)
    }

    /// The estimates of a clock that is called with `late(i)` blocks of delay, and the truth, four times a block.
    fn run(block: u64, blocks: u64, drift: f64, mut late: impl FnMut(u64) -> f64) -> Vec<(f64, f64)> {
        let clock = FrameClock::new(RATE);
        let period = block as f64 / f64::from(RATE) / drift;
        let mut seen = Vec::new();
        for i in 0..blocks {
            let called = (i as f64 + late(i)) * period;
            clock.publish(i * block, moment(&clock, called));
            for quarter in 0..4 {
                let time = (i as f64 + 1.0 + f64::from(quarter) / 4.0) * period;
                if time > called {
                    seen.push((clock.at(moment(&clock, time)) as f64, time / period * block as f64));
                }
            }
        }
        seen
    }

    #[test]
    fn jitter_of_half_a_block_moves_the_estimate_by_an_eighth() {
        let mut random = fastrand::Rng::with_seed(1);
        for block in [64, 256, 1024] {
            let twenty_seconds = 20 * u64::from(RATE) / block;
            let seen = run(block, twenty_seconds, 1.0, |_| random.f64() * 0.5);
            for (frame, truth) in &seen[seen.len() / 2..] {
                // The mean delay of a quarter block is part of what the clock cannot see.
                let error = (frame - truth) / block as f64 + 0.25;
                assert!(error.abs() < 0.125, "{error} of a block of {block}");
            }
        }
    }

    #[test]
    fn under_jitter_the_estimate_falls_by_eight_frames_at_most() {
        let mut random = fastrand::Rng::with_seed(2);
        let seen = run(128, 4000, 1.000_1, |_| random.f64() * 0.4);
        let mut highest: f64 = 0.0;
        for (frame, _) in &seen[4000..] {
            assert!(*frame >= highest - 8.0, "{frame} after {highest}");
            highest = highest.max(*frame);
        }
    }

    #[test]
    fn a_device_that_runs_fast_is_followed() {
        let seen = run(256, 6000, 1.002, |_| 0.0);
        let (frame, truth) = seen[seen.len() - 1];
        assert!((frame - truth).abs() < 16.0, "{frame} against {truth}");
    }

    #[test]
    fn a_gap_stands_still_and_is_forgotten_at_once() {
        let clock = FrameClock::new(RATE);
        let period = 256.0 / f64::from(RATE);
        (0..100).for_each(|i| clock.publish(i * 256, moment(&clock, i as f64 * period)));
        let frozen = clock.at(moment(&clock, 3.0));
        assert_eq!(frozen, 101 * 256);
        (0..3).for_each(|i| clock.publish((100 + i) * 256, moment(&clock, 5.0 + i as f64 * period)));
        let now = clock.at(moment(&clock, 5.0 + 2.5 * period));
        assert!(now.abs_diff(102 * 256 + 128) < 8, "{now}");
    }

    #[test]
    fn now_never_goes_back_and_starts_at_nought() {
        let clock = FrameClock::new(RATE);
        assert_eq!(clock.now(), 0);
        clock.publish(48_000, Instant::now());
        let before = clock.now();
        clock.publish(10, Instant::now());
        assert!(before >= 48_000 && clock.now() >= before);
    }

    #[test]
    fn a_reader_beside_a_writer_sees_whole_anchors_only() {
        let clock = FrameClock::new(RATE);
        std::thread::scope(|scope| {
            let writer = scope.spawn(|| {
                let period = 64.0 / f64::from(RATE);
                (0..200_000).for_each(|i| clock.publish(i * 64, moment(&clock, i as f64 * period)));
            });
            while !writer.is_finished() {
                let Anchor { time, frame, .. } = clock.anchor();
                assert!((frame - time * f64::from(RATE)).abs() < 1.0, "{frame} at {time}");
            }
        });
    }
}
