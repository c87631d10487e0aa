//! A cycle of JACK's in frames of the band's clock. Runs on JACK's thread.

use std::time::{Duration, Instant};

use engine::{Frame, FrameClock};

/// Where a cycle lies, and how long it is in either time.
#[derive(Clone, Copy, Debug)]
pub struct Cycle {
    start: Frame,
    /// Frames of the band; not those of JACK where the band plays on another device.
    span: Frame,
    /// Frames of JACK.
    length: Frame,
}

impl Cycle {
    /// The cycle that began `age` ago and has `length` frames at `rate`.
    ///
    /// Thread: JACK's. Real-time: yes.
    pub fn new(clock: &FrameClock, age: Duration, length: u32, rate: u32) -> Cycle {
        let now = Instant::now();
        let start = clock.at(now.checked_sub(age).unwrap_or(now));
        let seconds = f64::from(length) / f64::from(rate.max(1));
        let span = (seconds * f64::from(clock.rate())).round() as Frame;
        Cycle { start, span, length: Frame::from(length) }
    }

    /// The frame of an offset.
    pub fn frame(&self, offset: u32) -> Frame {
        self.start + Frame::from(offset) * self.span / self.length.max(1)
    }

    /// The offset of a frame: what is overdue goes first, what lies beyond the cycle has none.
    pub fn offset(&self, due: Frame) -> Option<u32> {
        let offset = due.saturating_sub(self.start) * self.length / self.span.max(1);
        (offset < self.length).then_some(offset as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_comes_back_from_its_frame() {
        for span in [256, 512] {
            let cycle = Cycle { start: 10_000, span, length: 256 };
            assert!((0..256).all(|offset| cycle.offset(cycle.frame(offset)) == Some(offset)));
            assert_eq!(cycle.offset(9_000), Some(0));
            assert_eq!(cycle.offset(10_000 + span), None);
        }
    }

    #[test]
    fn a_cycle_at_another_rate_spans_as_many_seconds() {
        let cycle = Cycle::new(&FrameClock::new(48_000), Duration::ZERO, 441, 44_100);
        assert_eq!(cycle.frame(441) - cycle.frame(0), 480);
    }
}
