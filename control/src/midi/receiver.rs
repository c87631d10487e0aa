//! Bytes of one port become events of one input. Runs on the thread of the port.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use engine::wires::Input;
use engine::{EventKind, Frame, FrameClock, Stats};

use super::parser::Parser;

/// The sustain pedal.
const SUSTAIN: u8 = 64;

/// A device that sends active sensing and then nothing for so long has gone.
const SENSING_TIMEOUT: Duration = Duration::from_millis(300);

/// One port's way to the audio thread.
///
/// The thread of the port and the supervisor share it; the supervisor holds it only for the moment in which a
/// port goes, so the thread of the port finds it free.
#[derive(Clone, Debug)]
pub struct Shared(Arc<Mutex<Receiver>>);

#[derive(Debug)]
struct Receiver {
    parser: Parser,
    input: Input,
    clock: Arc<FrameClock>,
    stats: Arc<Stats>,
    last_heard: Option<Instant>,
    is_pedal_down: bool,
    is_bent: bool,
    /// Nothing more is taken in.
    is_shut: bool,
}

impl Shared {
    /// A receiver that sends to `input`.
    pub fn new(input: Input, clock: Arc<FrameClock>, stats: Arc<Stats>) -> Shared {
        Shared(Arc::new(Mutex::new(Receiver {
            parser: Parser::default(),
            input,
            clock,
            stats,
            last_heard: None,
            is_pedal_down: false,
            is_bent: false,
            is_shut: false,
        })))
    }

    /// Takes in bytes that arrive now; waits if the supervisor is at it.
    ///
    /// Thread: that of the port. Real-time: no.
    pub fn receive(&self, bytes: &[u8]) {
        let mut receiver = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = receiver.clock.now();
        receiver.receive(now, bytes);
    }

    /// Takes in what `messages` yields, each with its frame; drops it if the supervisor is at it, which means
    /// that the port is being closed.
    ///
    /// Thread: that of the port. Real-time: yes.
    pub fn receive_timed<'a>(&self, messages: impl Iterator<Item = (Frame, &'a [u8])>) {
        if let Ok(mut receiver) = self.0.try_lock() {
            receiver.check(Instant::now());
            messages.for_each(|(arrival, bytes)| receiver.receive(arrival, bytes));
        }
    }

    /// Releases all keys for the last time: what still comes while the port closes is not heard.
    ///
    /// Thread: the supervisor. Real-time: no.
    pub fn shut(&self) {
        let mut receiver = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        receiver.release();
        receiver.is_shut = true;
    }

    /// Releases all keys, the pedal and the wheel; leaves it to the supervisor if that is at it.
    ///
    /// Thread: that of the port. Real-time: yes.
    pub fn release_timed(&self) {
        if let Ok(mut receiver) = self.0.try_lock() {
            receiver.release();
        }
    }

    /// Releases all keys if the device has fallen silent against its promise.
    ///
    /// Thread: the supervisor. Real-time: no.
    pub fn check(&self, now: Instant) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).check(now);
    }

    /// Releases all keys, the pedal and the wheel, and forgets half messages: the port has gone.
    ///
    /// Thread: the supervisor. Real-time: no.
    pub fn release(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).release();
    }
}

impl Receiver {
    fn receive(&mut self, arrival: Frame, bytes: &[u8]) {
        if self.is_shut {
            return;
        }
        self.last_heard = Some(Instant::now());
        let Receiver { parser, input, stats, is_pedal_down, is_bent, .. } = self;
        parser.feed(bytes, |kind| {
            match kind {
                EventKind::Controller { number: SUSTAIN, value } => *is_pedal_down = value >= 64,
                EventKind::PitchBend(bend) => *is_bent = bend != 0,
                _ => {}
            }
            stats.events_midi.add(1);
            input.send(arrival, kind);
        });
    }

    fn check(&mut self, now: Instant) {
        let silence = self.last_heard.map(|last| now.saturating_duration_since(last));
        if self.parser.is_sensing() && silence.is_some_and(|silence| silence > SENSING_TIMEOUT) {
            self.release();
        }
    }

    fn release(&mut self) {
        let now = self.clock.now();
        if std::mem::take(&mut self.is_pedal_down) {
            self.input.send(now, EventKind::Controller { number: SUSTAIN, value: 0 });
        }
        if std::mem::take(&mut self.is_bent) {
            self.input.send(now, EventKind::PitchBend(0));
        }
        self.input.send(now, EventKind::AllNotesOff);
        self.parser.reset();
    }
}
