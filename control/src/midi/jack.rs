//! MIDI over JACK, with sample offsets: the only file of this crate that names the jack crate.
//!
//! `midi_in` and `midi_out` are for other programs to connect to; each source that is opened gets a port of its
//! own, `midi_in_1` and so on. JACK's thread runs [`Process`], everything else the supervisor.

mod cycle;
mod feed;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use engine::device::JackClient;
use engine::wires::INPUTS;
use engine::{Frame, FrameClock};
use jack::{
    AsyncClient, Client, ClientOptions, Control, MidiIn, MidiOut, PortFlags, ProcessHandler, ProcessScope,
    RawMidi,
};
use rtrb::{Consumer, Producer, RingBuffer};

use self::cycle::Cycle;
use self::feed::{Feed, Outgoing, Queue};
use super::ports::{Backend, Connection, MidiError, Output, Port};
use super::receiver::Shared;

const CLIENT: &str = "sideman";
const MIDI_IN: &str = "midi_in";
const MIDI_OUT: &str = "midi_out";
const MIDI_TYPE: &str = "midi";

/// Where no cycle has come for so long, the server has gone: its longest cycle is far shorter.
const SILENCE: Duration = Duration::from_millis(500);

/// A client of a JACK server, made anew when the server comes back.
pub struct Jack {
    clock: Arc<FrameClock>,
    live: Option<Live>,
}

struct Live {
    client: AsyncClient<(), Process>,
    cycles: Arc<AtomicU64>,
    seen: (u64, Instant),
    opened: Producer<Lane>,
    closed: Consumer<Lane>,
    out: Queue,
    /// Stands after the client, which is closed first.
    membership: JackClient,
}

/// One input port and where its events go.
struct Lane {
    port: jack::Port<MidiIn>,
    receiver: Shared,
    /// How many other ports were connected in the last cycle.
    connected: usize,
    is_closed: Arc<AtomicBool>,
}

impl Jack {
    /// Connects to the running server; starts none.
    ///
    /// # Errors
    /// If no server runs, or libjack is not installed.
    pub fn new(clock: Arc<FrameClock>) -> Result<Jack, MidiError> {
        Ok(Jack { live: Some(Live::new(clock.clone())?), clock })
    }

    fn live(&mut self) -> Result<&mut Live, MidiError> {
        self.live.as_mut().ok_or_else(|| MidiError::NoSystem("the jack server has gone".into()))
    }
}

impl Live {
    fn new(clock: Arc<FrameClock>) -> Result<Live, MidiError> {
        let fail = |error: jack::Error| match error {
            jack::Error::LibraryError(_) => MidiError::NoSystem("libjack is not installed".into()),
            _ => MidiError::NoSystem("no jack server runs".into()),
        };
        let membership = JackClient::enter();
        let (client, _) = Client::new(CLIENT, ClientOptions::NO_START_SERVER).map_err(fail)?;
        let port = client.register_port(MIDI_OUT, MidiOut::default()).map_err(fail)?;
        let (opened, new) = RingBuffer::new(INPUTS);
        let (old, closed) = RingBuffer::new(INPUTS);
        let (out, outgoing) = feed::queue();
        let cycles = Arc::new(AtomicU64::new(0));
        let lanes = Vec::with_capacity(INPUTS);
        let process = Process { clock, cycles: cycles.clone(), lanes, new, old, port, outgoing };
        let client = client.activate_async((), process).map_err(fail)?;
        let seen = (0, Instant::now());
        Ok(Live { client, cycles, seen, opened, closed, out, membership })
    }

    /// Whether cycles still come, and the device has not missed the server. A handler that JACK would call at its end is `unsafe`, so they are counted.
    fn is_alive(&mut self) -> bool {
        let (cycles, now) = (self.cycles.load(Relaxed), Instant::now());
        if cycles != self.seen.0 {
            self.seen = (cycles, now);
        }
        now.saturating_duration_since(self.seen.1) < SILENCE && !self.membership.must_leave()
    }

    /// Unregisters the ports whose connections were dropped.
    fn reap(&mut self) {
        while let Ok(lane) = self.closed.pop() {
            if let Err(error) = self.client.as_client().unregister_port(lane.port) {
                tracing::debug!("jack: {error}");
            }
        }
    }

    /// Registers an input port under the first of `names` that is free, and hands it to JACK's thread.
    fn open(
        &mut self,
        names: impl IntoIterator<Item = String>,
        receiver: Shared,
    ) -> Result<(String, Gate), MidiError> {
        let client = self.client.as_client();
        let port = names.into_iter().find_map(|name| client.register_port(&name, MidiIn::default()).ok());
        let port = port.ok_or_else(|| fail(CLIENT, "no port can be registered"))?;
        let name = port.name().map_err(|error| fail(CLIENT, error))?;
        let is_closed = Arc::new(AtomicBool::new(false));
        let gate = Gate(is_closed.clone());
        let lane = Lane { port, receiver, connected: 0, is_closed };
        self.opened.push(lane).map_err(|_| fail(&name, "too many ports"))?;
        Ok((name, gate))
    }

    fn ports(&self, direction: PortFlags) -> Vec<Port> {
        let client = self.client.as_client();
        let own = format!("{}:", client.name());
        let ids = client.ports(None, Some(MIDI_TYPE), direction);
        ids.into_iter().filter(|id| !id.starts_with(&own)).map(|id| describe(client, id)).collect()
    }

    fn feed(&self) -> Box<dyn Output> {
        let lookahead = 2 * Frame::from(self.client.as_client().buffer_size());
        Box::new(Feed::new(self.out.clone(), lookahead))
    }
}

/// A port with the name of the device behind it, which JACK keeps as an alias.
fn describe(client: &Client, id: String) -> Port {
    let port = client.port_by_name(&id);
    let alias = port.as_ref().and_then(|port| port.aliases().ok()?.pop());
    let is_default = port.is_some_and(|port| port.flags().contains(PortFlags::IS_PHYSICAL));
    let name = alias.map_or_else(|| id.clone(), |alias| format!("{id} ({alias})"));
    Port { id, name, device: None, is_default }
}

fn fail(port: &str, why: impl ToString) -> MidiError {
    MidiError::Open { port: port.into(), why: why.to_string() }
}

impl Backend for Jack {
    fn name(&self) -> &'static str {
        "jack"
    }

    fn watches_silence(&self) -> bool {
        true
    }

    fn refresh(&mut self) -> bool {
        let Some(live) = &mut self.live else {
            self.live = Live::new(self.clock.clone()).ok();
            return true;
        };
        live.reap();
        let is_alive = live.is_alive();
        if !is_alive {
            self.live = None;
        }
        is_alive
    }

    fn inputs(&mut self) -> Vec<Port> {
        self.live.as_ref().map(|live| live.ports(PortFlags::IS_OUTPUT)).unwrap_or_default()
    }

    fn outputs(&mut self) -> Vec<Port> {
        self.live.as_ref().map(|live| live.ports(PortFlags::IS_INPUT)).unwrap_or_default()
    }

    fn open_input(&mut self, port: &Port, receiver: Shared) -> Result<Connection, MidiError> {
        let live = self.live()?;
        let (name, gate) = live.open((1..=INPUTS).map(|n| format!("{MIDI_IN}_{n}")), receiver)?;
        let connected = live.client.as_client().connect_ports_by_name(&port.id, &name);
        connected.map_err(|error| fail(port.stem(), error))?;
        Ok(Box::new(gate))
    }

    fn open_output(&mut self, port: &Port) -> Result<Box<dyn Output>, MidiError> {
        let live = self.live()?;
        let client = live.client.as_client();
        let name = format!("{}:{MIDI_OUT}", client.name());
        match client.connect_ports_by_name(&name, &port.id) {
            Ok(()) | Err(jack::Error::PortAlreadyConnected(..)) => Ok(live.feed()),
            Err(error) => Err(fail(port.stem(), error)),
        }
    }

    fn virtual_input(&mut self, receiver: Shared) -> Result<Connection, MidiError> {
        let (_, gate) = self.live()?.open([MIDI_IN.to_owned()], receiver)?;
        Ok(Box::new(gate))
    }

    fn virtual_output(&mut self) -> Result<Box<dyn Output>, MidiError> {
        Ok(self.live()?.feed())
    }
}

/// Closes a lane when it is dropped.
struct Gate(Arc<AtomicBool>);

impl Drop for Gate {
    fn drop(&mut self) {
        self.0.store(true, Relaxed);
    }
}

/// What runs on JACK's thread: nothing here waits or allocates.
struct Process {
    clock: Arc<FrameClock>,
    cycles: Arc<AtomicU64>,
    lanes: Vec<Lane>,
    new: Consumer<Lane>,
    old: Producer<Lane>,
    port: jack::Port<MidiOut>,
    outgoing: Consumer<Outgoing>,
}

impl ProcessHandler for Process {
    fn process(&mut self, client: &Client, scope: &ProcessScope) -> Control {
        self.cycles.fetch_add(1, Relaxed);
        let cycle = self.cycle(client, scope);
        self.change_lanes();
        for lane in &mut self.lanes {
            lane.miss_who_left();
            let messages = lane.port.iter(scope).map(|event| (cycle.frame(event.time), event.bytes));
            lane.receiver.receive_timed(messages);
        }
        self.play(cycle, scope);
        Control::Continue
    }
}

impl Lane {
    /// Releases all keys where another program has gone, or was disconnected.
    fn miss_who_left(&mut self) {
        let connected = self.port.connected_count().unwrap_or(0);
        if connected < self.connected {
            self.receiver.release_timed();
        }
        self.connected = connected;
    }
}

impl Process {
    fn cycle(&self, client: &Client, scope: &ProcessScope) -> Cycle {
        let times = scope.cycle_times().ok();
        let age = times.map_or(0, |times| client.time().saturating_sub(times.current_usecs));
        Cycle::new(&self.clock, Duration::from_micros(age), scope.n_frames(), client.sample_rate())
    }

    fn change_lanes(&mut self) {
        while self.lanes.len() < INPUTS
            && let Ok(lane) = self.new.pop()
        {
            self.lanes.push(lane);
        }
        let closed = self.lanes.iter().position(|lane| lane.is_closed.load(Relaxed));
        if let Some(index) = closed.filter(|_| !self.old.is_full()) {
            // A lane that did not fit would be freed here; the queue was seen to have room.
            let _ = self.old.push(self.lanes.swap_remove(index));
        }
    }

    fn play(&mut self, cycle: Cycle, scope: &ProcessScope) {
        let mut writer = self.port.writer(scope);
        let mut earliest = 0;
        while let Ok(message) = self.outgoing.peek().copied()
            && let Some(offset) = cycle.offset(message.due)
        {
            earliest = offset.max(earliest);
            let raw = RawMidi { time: earliest, bytes: message.bytes() };
            if writer.write(&raw).is_err() {
                break;
            }
            let _ = self.outgoing.pop();
        }
    }
}
