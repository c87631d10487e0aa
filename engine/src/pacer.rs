//! The paced null device: calls for blocks on schedule by the monotonic clock, where no sound card does.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::Histogram;

/// A wake that is later than this many periods is an xrun: the schedule starts anew.
const LOST_PERIODS: u32 = 8;

/// A thread that wakes once a period, at absolute deadlines.
///
/// With work that does nothing it is the control of a measurement: how late this machine wakes a thread.
#[derive(Debug)]
pub struct Pacer {
    stop: Arc<AtomicBool>,
    lateness: Arc<Histogram>,
    thread: Option<JoinHandle<()>>,
}

/// What a wake of the pacer found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wake {
    /// In time, or late by so little that it can be caught up.
    Due,
    /// So late that the periods in between are lost.
    Lost,
}

impl Pacer {
    /// Starts a thread that calls `work` once a `period` until the pacer is dropped, and `on_start` once
    /// before: the place to ask for real-time priority. Each wake is recorded in `lateness`, in milliseconds.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn start(
        period: Duration,
        lateness: Arc<Histogram>,
        on_start: impl FnOnce() + Send + 'static,
        mut work: impl FnMut(Wake) + Send + 'static,
    ) -> io::Result<Pacer> {
        let stop = Arc::new(AtomicBool::new(false));
        let (stopped, late) = (stop.clone(), lateness.clone());
        let thread = thread::Builder::new().name("pacer".into()).spawn(move || {
            on_start();
            let mut schedule = Schedule { next: Instant::now() + period, period };
            while !stopped.load(Ordering::Relaxed) {
                sleep_until(schedule.next);
                let (lateness, wake) = schedule.wake(Instant::now());
                late.record(lateness.as_secs_f64() * 1000.0);
                work(wake);
            }
        })?;
        Ok(Pacer { stop, lateness, thread: Some(thread) })
    }

    /// A distribution for the lateness of wakes: milliseconds, to a hundredth.
    pub fn histogram() -> Arc<Histogram> {
        Arc::new(Histogram::new(0.01))
    }

    /// How late its wakes were, in milliseconds.
    pub fn lateness(&self) -> &Histogram {
        &self.lateness
    }
}

impl Drop for Pacer {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // A panic of the work has been reported by its own thread.
            let _ = thread.join();
        }
    }
}

/// When the next wake is due.
#[derive(Debug)]
struct Schedule {
    next: Instant,
    period: Duration,
}

impl Schedule {
    /// Takes a wake at `now` in, and moves on to the next deadline.
    fn wake(&mut self, now: Instant) -> (Duration, Wake) {
        let late = now.saturating_duration_since(self.next);
        if late > self.period * LOST_PERIODS {
            self.next = now + self.period;
            return (late, Wake::Lost);
        }
        self.next += self.period;
        (late, Wake::Due)
    }
}

#[expect(clippy::disallowed_methods, reason = "this thread stands in for the sound card that would wait")]
fn sleep_until(deadline: Instant) {
    let left = deadline.saturating_duration_since(Instant::now());
    if !left.is_zero() {
        thread::sleep(left);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PERIOD: Duration = Duration::from_millis(4);

    #[test]
    fn small_delays_are_caught_up_and_never_add_up() {
        let start = Instant::now();
        let mut schedule = Schedule { next: start + PERIOD, period: PERIOD };
        for i in 1..100 {
            let late = Duration::from_millis(i % 7);
            assert_eq!(schedule.wake(start + PERIOD * i as u32 + late), (late, Wake::Due));
        }
        assert_eq!(schedule.next, start + PERIOD * 100);
    }

    #[test]
    fn after_a_long_delay_the_schedule_starts_anew() {
        let start = Instant::now();
        let mut schedule = Schedule { next: start, period: PERIOD };
        assert_eq!(schedule.wake(start + PERIOD * 100).1, Wake::Lost);
        assert_eq!(schedule.wake(start + PERIOD * 101), (Duration::ZERO, Wake::Due));
    }

    #[test]
    fn the_work_runs_after_its_hook_and_ends_with_the_pacer() {
        let (calls, heard) = std::sync::mpsc::channel();
        let first = calls.clone();
        let pacer = Pacer::start(
            Duration::from_micros(100),
            Pacer::histogram(),
            move || first.send("hook").unwrap_or_default(),
            move |_| calls.send("work").unwrap_or_default(),
        )
        .unwrap();
        assert_eq!(heard.recv(), Ok("hook"));
        assert_eq!(heard.recv(), Ok("work"));
        drop(pacer);
        assert!(heard.iter().all(|call| call == "work"), "it ends because the sender is gone");
    }
}
