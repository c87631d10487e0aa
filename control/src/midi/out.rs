//! MIDI out: sends what sounded when it is due, on a thread of its own, never from the audio block.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use engine::{Frame, FrameClock, Sounded};
use rtrb::Consumer;

use super::owed::{Owed, bytes};
use super::ports::Output;

/// How often the thread looks for something new.
const REST: Duration = Duration::from_millis(1);

/// What the thread is told.
pub enum Order {
    /// Play this output from now on.
    Attach(Box<dyn Output>),
    /// The output has gone.
    Detach,
    /// Release what sounds, and end.
    End,
}

impl fmt::Debug for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Order::Attach(_) => "Attach",
            Order::Detach => "Detach",
            Order::End => "End",
        })
    }
}

/// The thread of MIDI out. It releases what sounds and ends when it is dropped.
#[derive(Debug)]
pub struct OutThread {
    orders: Sender<Order>,
    thread: Option<JoinHandle<()>>,
}

impl OutThread {
    /// Starts it without an output. Each message is due `delay` frames after it sounded.
    ///
    /// # Errors
    /// If the system gives no thread.
    pub fn start(sounded: Consumer<Sounded>, clock: Arc<FrameClock>, delay: Frame) -> io::Result<OutThread> {
        let (orders, received) = channel();
        let player = Player { sounded, delay, owed: Owed::default(), output: None };
        let run = move || player.run(&received, &clock);
        let thread = std::thread::Builder::new().name("midi-out".into()).spawn(run)?;
        Ok(OutThread { orders, thread: Some(thread) })
    }

    /// Where orders go.
    pub fn orders(&self) -> Sender<Order> {
        self.orders.clone()
    }
}

impl Drop for OutThread {
    fn drop(&mut self) {
        let _ = self.orders.send(Order::End);
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the thread of MIDI out has panicked");
        }
    }
}

struct Player {
    sounded: Consumer<Sounded>,
    delay: Frame,
    owed: Owed,
    output: Option<Box<dyn Output>>,
}

impl Player {
    fn run(mut self, orders: &Receiver<Order>, clock: &FrameClock) {
        loop {
            let now = clock.now();
            let wait = self.play(now).map_or(REST, |due| {
                Duration::from_secs_f64(due.saturating_sub(now) as f64 / clock.measured_rate()).min(REST)
            });
            match orders.recv_timeout(wait) {
                Ok(Order::Attach(output)) => self.attach(output, clock.now()),
                Ok(Order::Detach) => self.output = None,
                Err(RecvTimeoutError::Timeout) => {}
                Ok(Order::End) | Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        self.end(clock.now());
    }

    fn attach(&mut self, mut output: Box<dyn Output>, now: Frame) {
        self.owed = Owed::default();
        Owed::begin(|message| output.send(now, bytes(&message)));
        self.output = Some(output);
    }

    /// Sends what is due; returns the frame at which the next message is to be sent, if there is one.
    fn play(&mut self, now: Frame) -> Option<Frame> {
        let lookahead = self.output.as_ref().map_or(0, |output| output.lookahead());
        while let Ok(sounded) = self.sounded.peek().copied() {
            let due = sounded.frame + self.delay;
            if due > now + lookahead {
                return Some(due - lookahead);
            }
            let _ = self.sounded.pop();
            if let Some(output) = &mut self.output {
                self.owed.play(sounded.kind, |message| output.send(due, bytes(&message)));
            }
        }
        None
    }

    fn end(&mut self, now: Frame) {
        if let Some(output) = &mut self.output {
            self.owed.stop(|message| output.send(now, bytes(&message)));
            output.flush();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use engine::{Part, SoundedKind};

    type Sent = Arc<Mutex<Vec<(Frame, Vec<u8>)>>>;

    struct Tape {
        sent: Sent,
        lookahead: Frame,
    }

    impl Output for Tape {
        fn lookahead(&self) -> Frame {
            self.lookahead
        }

        fn send(&mut self, due: Frame, message: &[u8]) {
            self.sent.lock().unwrap().push((due, message.to_vec()));
        }
    }

    fn player(notes: &[Frame], lookahead: Frame) -> (Player, Sent) {
        let (mut queue, sounded) = rtrb::RingBuffer::new(64);
        for &frame in notes {
            let kind = SoundedKind::On { part: Part::Bass, key: 40, velocity: 90, moved: false };
            queue.push(Sounded { frame, tick: 0, kind }).unwrap();
        }
        let sent = Sent::default();
        let output: Option<Box<dyn Output>> = Some(Box::new(Tape { sent: sent.clone(), lookahead }));
        (Player { sounded, delay: 100, owed: Owed::default(), output }, sent)
    }

    #[test]
    fn a_note_waits_until_it_is_due() {
        let (mut player, sent) = player(&[1000, 2000], 0);
        assert_eq!(player.play(1099), Some(1100));
        assert!(sent.lock().unwrap().is_empty());
        assert_eq!(player.play(1100), Some(2100));
        assert_eq!(sent.lock().unwrap()[..], [(1100, vec![0x9A, 40, 90])]);
        assert_eq!(player.play(5000), None);
    }

    #[test]
    fn an_output_that_times_its_messages_gets_them_early() {
        let (mut player, sent) = player(&[1000], 512);
        player.play(1100 - 512);
        assert_eq!(sent.lock().unwrap()[0].0, 1100);
    }

    #[test]
    fn the_end_releases_what_sounds() {
        let (mut player, sent) = player(&[0], 0);
        player.play(1000);
        player.end(1000);
        assert!(sent.lock().unwrap().contains(&(1000, vec![0x8A, 40, 0])));
    }

    #[test]
    fn without_an_output_nothing_piles_up() {
        let (mut player, _) = player(&[1, 2, 3], 0);
        player.output = None;
        player.play(10_000);
        assert!(player.sounded.is_empty());
    }

    #[test]
    fn a_new_output_begins_with_a_reset() {
        let (mut player, _) = player(&[], 0);
        let sent = Sent::default();
        player.attach(Box::new(Tape { sent: sent.clone(), lookahead: 0 }), 5);
        assert!(sent.lock().unwrap().contains(&(5, vec![0xB9, 121, 0])));
    }
}
