//! Measures the CPU time of this thread and shows it as a share of one core.

use std::time::Duration;

use cpu_time::ThreadTime;
use criterion::Throughput;
use criterion::measurement::{Measurement, ValueFormatter};

/// CPU time for one second of music, so that what other programs do on this machine does not count.
#[derive(Debug)]
pub struct CoreShare;

impl Measurement for CoreShare {
    type Intermediate = ThreadTime;
    type Value = Duration;

    fn start(&self) -> ThreadTime {
        ThreadTime::now()
    }

    fn end(&self, start: ThreadTime) -> Duration {
        start.elapsed()
    }

    fn add(&self, a: &Duration, b: &Duration) -> Duration {
        *a + *b
    }

    fn zero(&self) -> Duration {
        Duration::ZERO
    }

    fn to_f64(&self, value: &Duration) -> f64 {
        value.as_secs_f64()
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        &Percent
    }
}

/// Seconds of work for a second of music, in per cent.
#[derive(Debug)]
struct Percent;

impl Percent {
    fn scale(values: &mut [f64]) -> &'static str {
        values.iter_mut().for_each(|value| *value *= 100.0);
        "% of a core"
    }
}

impl ValueFormatter for Percent {
    fn scale_values(&self, _typical: f64, values: &mut [f64]) -> &'static str {
        Percent::scale(values)
    }

    fn scale_throughputs(&self, _typical: f64, _per: &Throughput, values: &mut [f64]) -> &'static str {
        Percent::scale(values)
    }

    fn scale_for_machines(&self, values: &mut [f64]) -> &'static str {
        Percent::scale(values)
    }
}
