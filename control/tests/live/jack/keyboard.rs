//! Another client of JACK's: it plays keys, and hears what the band sends to its ears.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};

use jack::{AsyncClient, AudioIn, Client, ClientOptions, Control, MidiOut, Port, ProcessHandler};
use jack::{ProcessScope, RawMidi};
use rtrb::{Consumer, Producer, RingBuffer};

use crate::wait_for;

/// A player's client; it leaves without a word when it is dropped.
pub struct Keyboard {
    _client: AsyncClient<(), Process>,
    messages: Producer<[u8; 3]>,
    heard: Arc<Heard>,
}

/// What comes to the ears.
#[derive(Default)]
struct Heard {
    /// The loudest sample since it was last asked for, as bits, which are in the order of what they stand for.
    peak: AtomicU32,
    cycles: AtomicU64,
}

struct Process {
    out: Port<MidiOut>,
    ears: [Port<AudioIn>; 2],
    messages: Consumer<[u8; 3]>,
    heard: Arc<Heard>,
}

impl ProcessHandler for Process {
    fn process(&mut self, _: &Client, scope: &ProcessScope) -> Control {
        let mut writer = self.out.writer(scope);
        while let Ok(message) = self.messages.pop() {
            writer.write(&RawMidi { time: 0, bytes: &message }).unwrap();
        }
        let loudest =
            |ear: &Port<AudioIn>| ear.as_slice(scope).iter().fold(0.0_f32, |peak, x| peak.max(x.abs()));
        let peak = self.ears.iter().map(loudest).fold(0.0, f32::max);
        self.heard.peak.fetch_max(peak.to_bits(), Relaxed);
        self.heard.cycles.fetch_add(1, Relaxed);
        Control::Continue
    }
}

impl Keyboard {
    /// A client `keys` with the ports `out`, `left` and `right`.
    pub fn new() -> Keyboard {
        let (client, _) = Client::new("keys", ClientOptions::NO_START_SERVER).unwrap();
        let ear = |name| client.register_port(name, AudioIn::default()).unwrap();
        let ears = [ear("left"), ear("right")];
        let out = client.register_port("out", MidiOut::default()).unwrap();
        let (messages, queue) = RingBuffer::new(64);
        let heard = Arc::<Heard>::default();
        let process = Process { out, ears, messages: queue, heard: heard.clone() };
        Keyboard { _client: client.activate_async((), process).unwrap(), messages, heard }
    }

    /// Presses these keys at once.
    pub fn press(&mut self, keys: &[u8]) {
        keys.iter().for_each(|key| self.messages.push([0x90, *key, 90]).unwrap());
    }

    /// Lets these keys go at once.
    pub fn release(&mut self, keys: &[u8]) {
        keys.iter().for_each(|key| self.messages.push([0x80, *key, 0]).unwrap());
    }

    /// The loudest sample of the next `cycles` cycles.
    pub fn listen(&self, cycles: u64) -> f32 {
        self.heard.peak.store(0, Relaxed);
        let end = self.heard.cycles.load(Relaxed) + cycles;
        wait_for("cycles", || (self.heard.cycles.load(Relaxed) >= end).then_some(()));
        f32::from_bits(self.heard.peak.load(Relaxed))
    }
}
