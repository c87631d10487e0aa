//! Keeps MIDI out connected to its port. Runs on the supervisor's thread.

use std::sync::mpsc::Sender;

use super::names::find;
use super::out::Order;
use super::ports::{Backend, MidiError, Port};

/// Which port MIDI out goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutPort {
    /// One that other programs connect to.
    Virtual,
    /// This one, by name.
    Named(String),
}

/// What is open for MIDI out.
#[derive(Debug)]
struct Open {
    backend: usize,
    /// `None` for the virtual one.
    port: Option<Port>,
}

/// Where MIDI out goes to, and how the thread that plays it is told.
#[derive(Debug)]
pub struct OutLink {
    wanted: OutPort,
    orders: Sender<Order>,
    open: Option<Open>,
}

impl OutLink {
    /// A link that is not open yet.
    pub fn new(wanted: OutPort, orders: Sender<Order>) -> OutLink {
        OutLink { wanted, orders, open: None }
    }

    /// Whether the port is there.
    ///
    /// # Errors
    /// If it is not, or the name is ambiguous.
    pub fn check(&self, backends: &mut [Box<dyn Backend>]) -> Result<(), MidiError> {
        let OutPort::Named(name) = &self.wanted else { return Ok(()) };
        let all: Vec<Port> = backends.iter_mut().flat_map(|backend| backend.outputs()).collect();
        find(&all, name, &[]).map(|_| ())
    }

    /// The back end has gone, with what was open on it.
    pub fn lose(&mut self, backend: usize) {
        if self.open.as_ref().is_some_and(|open| open.backend == backend) {
            self.detach();
        }
    }

    /// Lets go of a port that has vanished, and opens the port if it is there.
    pub fn look(&mut self, backends: &mut [Box<dyn Backend>]) {
        if let Some(Open { backend, port: Some(port) }) = &self.open
            && !backends[*backend].outputs().iter().any(|there| there.id == port.id)
        {
            tracing::warn!("midi out: {} has gone; waiting for it", port.stem());
            self.detach();
        }
        if self.open.is_none() {
            self.open = (0..backends.len()).find_map(|index| self.attach(index, backends[index].as_mut()));
        }
    }

    fn attach(&self, index: usize, backend: &mut dyn Backend) -> Option<Open> {
        let (port, output) = match &self.wanted {
            OutPort::Virtual => (None, backend.virtual_output()),
            OutPort::Named(name) => {
                let port = find(&backend.outputs(), name, &[]).ok()?.clone();
                let output = backend.open_output(&port);
                (Some(port), output)
            }
        };
        let name = port.as_ref().map_or("virtual port", Port::stem);
        match output {
            Ok(output) => {
                tracing::info!("midi out: {name}");
                self.orders.send(Order::Attach(output)).ok()?;
                Some(Open { backend: index, port })
            }
            Err(error) => {
                tracing::debug!("midi out: {error}");
                None
            }
        }
    }

    fn detach(&mut self) {
        self.open = None;
        if self.orders.send(Order::Detach).is_err() {
            tracing::debug!("the thread of MIDI out has ended");
        }
    }
}
