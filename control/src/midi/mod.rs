//! MIDI in and out: every port that is wanted, whenever it is there.
//!
//! Two back ends serve one trait and are chosen at run time: the system's own MIDI, and on Linux JACK, whose
//! events carry sample offsets. The supervisor opens, closes and reopens ports; the thread of each port turns
//! bytes into events; MIDI out has a thread of its own.

mod alsa;
#[cfg(target_os = "linux")]
mod jack;
mod link;
mod names;
mod out;
mod owed;
mod parser;
mod ports;
mod receiver;
mod supervisor;

use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use engine::wires::Input;
use engine::{Frame, FrameClock, Sounded, Stats};
use rtrb::Consumer;

use self::link::OutLink;
use self::out::OutThread;
use self::ports::Backend;
use self::receiver::Shared;
use self::supervisor::Supervisor;

pub use self::link::OutPort;
pub use self::parser::Parser;
pub use self::ports::MidiError;
pub use self::supervisor::Inputs;

/// How often silent devices are looked for.
const CHECK: Duration = Duration::from_millis(100);

/// How many of these pass between two enumerations: one second.
const CHECKS_PER_LOOK: u32 = 10;

/// Which MIDI system is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Api {
    /// JACK if a server runs, and the system's own.
    #[default]
    Auto,
    /// JACK only.
    Jack,
    /// The system's own only.
    System,
}

/// MIDI out.
#[derive(Debug)]
pub struct Out {
    /// Where it goes to.
    pub port: OutPort,
    /// What sounded.
    pub sounded: Consumer<Sounded>,
    /// Frames from the frame at which something sounded to the message: the latency of the sound card.
    pub delay: Frame,
}

/// What is wanted of MIDI.
#[derive(Debug, Default)]
pub struct MidiConfig {
    /// Which system.
    pub api: Api,
    /// Which ports are heard.
    pub inputs: Inputs,
    /// MIDI out, if it is wanted.
    pub out: Option<Out>,
}

/// A port that could be named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The system that has it: `alsa`, `jack`.
    pub api: &'static str,
    /// Whether it can be heard; else it can be played.
    pub is_input: bool,
    /// Whether it is heard where no port is named; a loop-back port and a program are not.
    pub is_default: bool,
    /// The name to ask for.
    pub name: String,
}

/// MIDI in and out. It releases all keys and ends when it is dropped.
#[derive(Debug)]
pub struct Midi {
    out: Option<OutThread>,
    end: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Midi {
    /// Opens the ports and keeps them open. Each port takes one of `inputs` while it is there; the ports for
    /// other programs take one each as well.
    ///
    /// # Errors
    /// If the MIDI that was asked for by name is not there. A machine without MIDI is no error otherwise.
    pub fn start(
        config: MidiConfig,
        inputs: Vec<Input>,
        clock: Arc<FrameClock>,
        stats: Arc<Stats>,
    ) -> Result<Midi, MidiError> {
        let backends = wanted_backends(&config, &clock)?;
        let (out, link) = match config.out {
            Some(Out { port, sounded, delay }) => {
                let thread = OutThread::start(sounded, clock.clone(), delay).map_err(no_thread)?;
                let link = OutLink::new(port, thread.orders());
                (Some(thread), Some(link))
            }
            None => (None, None),
        };
        let shared = |input| Shared::new(input, clock.clone(), stats.clone());
        let pool = inputs.into_iter().map(shared).collect();
        let mut supervisor = Supervisor::new(backends, config.inputs, pool, link);
        supervisor.start()?;
        let (end, ended) = channel();
        let run = move || watch(supervisor, &ended);
        let thread = std::thread::Builder::new().name("midi".into()).spawn(run).map_err(no_thread)?;
        Ok(Midi { out, end: Some(end), thread: Some(thread) })
    }
}

impl Drop for Midi {
    fn drop(&mut self) {
        // MIDI out says its last words while its port is still open.
        self.out = None;
        self.end = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the thread of MIDI has panicked");
        }
    }
}

/// Every port of every system that is there.
pub fn list() -> Vec<Listed> {
    let clock = Arc::new(FrameClock::new(48_000));
    let mut listed = Vec::new();
    for mut backend in backends(Api::Auto, &clock).unwrap_or_default() {
        for (is_input, ports) in [(true, backend.inputs()), (false, backend.outputs())] {
            let api = backend.name();
            let named = |port: ports::Port| Listed {
                api,
                is_input,
                is_default: port.is_default,
                name: port.stem().to_owned(),
            };
            listed.extend(ports.into_iter().map(named));
        }
    }
    listed
}

/// The back ends for what is wanted; none is no error where nothing was asked for by name.
fn wanted_backends(config: &MidiConfig, clock: &Arc<FrameClock>) -> Result<Vec<Box<dyn Backend>>, MidiError> {
    let is_optional = config.inputs == Inputs::All && config.out.is_none() && config.api != Api::Jack;
    match backends(config.api, clock) {
        Err(error) if is_optional => {
            tracing::warn!("{error}");
            Ok(Vec::new())
        }
        other => other,
    }
}

/// The back ends that are there, JACK first.
fn backends(api: Api, clock: &Arc<FrameClock>) -> Result<Vec<Box<dyn Backend>>, MidiError> {
    let jack = || jack_backend(clock.clone());
    let system = || alsa::System::new().map(|system| Box::new(system) as Box<dyn Backend>);
    match api {
        Api::Jack => Ok(vec![jack()?]),
        Api::System => Ok(vec![system()?]),
        Api::Auto => match (jack(), system()) {
            (Err(_), Err(error)) => Err(error),
            (jack, system) => Ok(jack.into_iter().chain(system).collect()),
        },
    }
}

#[cfg(target_os = "linux")]
fn jack_backend(clock: Arc<FrameClock>) -> Result<Box<dyn Backend>, MidiError> {
    Ok(Box::new(jack::Jack::new(clock)?))
}

#[cfg(not(target_os = "linux"))]
fn jack_backend(_: Arc<FrameClock>) -> Result<Box<dyn Backend>, MidiError> {
    Err(MidiError::NoSystem("jack is used on linux only".into()))
}

fn no_thread(error: std::io::Error) -> MidiError {
    MidiError::NoSystem(error.to_string())
}

fn watch(mut supervisor: Supervisor, ended: &std::sync::mpsc::Receiver<()>) {
    let mut checks = 0;
    while ended.recv_timeout(CHECK) == Err(RecvTimeoutError::Timeout) {
        supervisor.check(Instant::now());
        checks = (checks + 1) % CHECKS_PER_LOOK;
        if checks == 0 {
            supervisor.look();
        }
    }
    supervisor.stop();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_without_midi_is_no_error_unless_a_port_is_named() {
        let start = |inputs| {
            let config = MidiConfig { api: Api::System, inputs, out: None };
            Midi::start(config, Vec::new(), Arc::new(FrameClock::new(48_000)), Arc::default())
        };
        assert!(start(Inputs::All).is_ok());
        assert!(start(Inputs::Named(vec!["no port has this name".into()])).is_err());
    }
}
