//! Messages on their way to JACK's thread.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use engine::Frame;
use rtrb::{Consumer, Producer, RingBuffer};

use super::super::ports::Output;

/// Messages that may wait for JACK's thread.
const CAPACITY: usize = 1024;

/// How long a flush may take, and how often it looks.
const FLUSH: (Duration, u32) = (Duration::from_millis(2), 50);

/// Where messages go in. JACK's thread has the other end and never locks.
pub type Queue = Arc<Mutex<Producer<Outgoing>>>;

/// A message, and when it is due.
#[derive(Clone, Copy, Debug)]
pub struct Outgoing {
    /// The frame.
    pub due: Frame,
    bytes: [u8; 3],
    length: usize,
}

impl Outgoing {
    /// The message.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

/// Both ends of the queue.
pub fn queue() -> (Queue, Consumer<Outgoing>) {
    let (out, outgoing) = RingBuffer::new(CAPACITY);
    (Arc::new(Mutex::new(out)), outgoing)
}

/// An output whose messages leave at their sample.
#[derive(Debug)]
pub struct Feed {
    out: Queue,
    lookahead: Frame,
}

impl Feed {
    /// An output that wants its messages `lookahead` frames early.
    pub fn new(out: Queue, lookahead: Frame) -> Feed {
        Feed { out, lookahead }
    }

    fn room(&self) -> usize {
        self.out.lock().unwrap_or_else(PoisonError::into_inner).slots()
    }
}

impl Output for Feed {
    fn lookahead(&self) -> Frame {
        self.lookahead
    }

    fn send(&mut self, due: Frame, message: &[u8]) {
        let mut outgoing = Outgoing { due, bytes: [0; 3], length: message.len().min(3) };
        outgoing.bytes[..outgoing.length].copy_from_slice(&message[..outgoing.length]);
        if self.out.lock().unwrap_or_else(PoisonError::into_inner).push(outgoing).is_err() {
            tracing::debug!("midi out: jack does not fetch its messages");
        }
    }

    fn flush(&mut self) {
        let (rest, times) = FLUSH;
        let mut left = times;
        while self.room() < CAPACITY && left > 0 {
            std::thread::sleep(rest);
            left -= 1;
        }
    }
}
