//! Watches which ports there are: opens what is wanted, releases what has gone, and takes it back. A thread of
//! its own looks every second, because no system tells of a port that vanishes.

use std::collections::HashMap;
use std::sync::mpsc::Sender;
use std::time::Instant;

use super::out::Order;
use super::ports::{Backend, Connection, MidiError, Port, find};
use super::receiver::Shared;

/// Which ports are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Inputs {
    /// All real devices.
    #[default]
    All,
    /// These, by name.
    Named(Vec<String>),
}

/// Which port MIDI out goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutPort {
    /// One that other programs connect to.
    Virtual,
    /// This one, by name.
    Named(String),
}

/// Where MIDI out goes to, and how the thread that plays it is told.
pub struct OutLink {
    /// What is wanted.
    pub port: OutPort,
    /// Orders to the thread that plays it.
    pub orders: Sender<Order>,
}

/// What is open, and what it is open on.
struct Open {
    backend: usize,
    /// `None` for the virtual input.
    port: Option<Port>,
    receiver: Shared,
    _connection: Connection,
}

/// Holds the back ends and everything that is open on them.
pub struct Supervisor {
    backends: Vec<Box<dyn Backend>>,
    wanted: Inputs,
    pool: Vec<Shared>,
    open: Vec<Open>,
    out: Option<OutLink>,
    /// The back end and the port of MIDI out.
    out_open: Option<(usize, Option<Port>)>,
    /// What was said of a port, so that nothing is said twice.
    said: HashMap<String, String>,
}

impl Supervisor {
    /// Takes over the back ends, an input for each port that may be open at once, and MIDI out.
    pub fn new(backends: Vec<Box<dyn Backend>>, wanted: Inputs, pool: Vec<Shared>, out: Option<OutLink>) -> Supervisor {
        Supervisor { backends, wanted, pool, open: Vec::new(), out, out_open: None, said: HashMap::new() }
    }

    /// Opens what is wanted for the first time.
    ///
    /// # Errors
    /// If a port that was asked for by name is not there, or more than one fits.
    pub fn start(&mut self) -> Result<(), MidiError> {
        let ports = self.inputs();
        if let Inputs::Named(names) = &self.wanted {
            let all: Vec<Port> = ports.iter().map(|(_, port)| port.clone()).collect();
            find_all(&all, names).into_iter().collect::<Result<Vec<_>, _>>()?;
        }
        if let Some(OutLink { port: OutPort::Named(name), .. }) = &self.out {
            let all: Vec<Port> = self.backends.iter_mut().flat_map(|backend| backend.outputs()).collect();
            find(&all, name, &[])?;
        }
        self.look();
        Ok(())
    }

    /// Compares what is open with what there is. Once a second.
    pub fn look(&mut self) {
        for index in 0..self.backends.len() {
            if !self.backends[index].refresh() {
                tracing::warn!("{} has gone; waiting for it", self.backends[index].name());
                self.close(|open| open.backend == index);
                self.out_open = self.out_open.take().filter(|(backend, _)| *backend != index);
            }
        }
        let there = self.inputs();
        self.close_vanished(&there);
        self.open_virtual();
        self.open_wanted(&there);
        self.attach_out();
    }

    /// Looks for devices that fell silent against their promise.
    pub fn check(&self, now: Instant) {
        self.open.iter().for_each(|open| open.receiver.check(now));
    }

    /// The names of the open ports; the virtual ones are not among them.
    pub fn names(&self) -> Vec<String> {
        self.open.iter().filter_map(|open| Some(open.port.as_ref()?.stem().to_owned())).collect()
    }

    /// Every input of every back end, with its index. The system's own ports are no default where JACK has
    /// real devices too, since they would be the same ones.
    fn inputs(&mut self) -> Vec<(usize, Port)> {
        let mut ports: Vec<(usize, Port)> = Vec::new();
        for (index, backend) in self.backends.iter_mut().enumerate() {
            let is_second = ports.iter().any(|(_, port)| port.is_default);
            let listed = backend.inputs().into_iter();
            ports.extend(listed.map(|port| (index, Port { is_default: port.is_default && !is_second, ..port })));
        }
        ports
    }

    fn close(&mut self, is_gone: impl Fn(&Open) -> bool) {
        while let Some(index) = self.open.iter().position(&is_gone) {
            let Open { receiver, port, .. } = self.open.swap_remove(index);
            if let Some(port) = port {
                tracing::warn!("midi in: {} has gone; its keys are released", port.stem());
            }
            receiver.release();
            self.pool.push(receiver);
        }
    }

    fn close_vanished(&mut self, there: &[(usize, Port)]) {
        let is_there = |backend, id: &str| there.iter().any(|(index, port)| *index == backend && port.id == id);
        self.close(|open| open.port.as_ref().is_some_and(|port| !is_there(open.backend, &port.id)));
    }

    fn open_virtual(&mut self) {
        for backend in 0..self.backends.len() {
            let is_open = self.open.iter().any(|open| open.backend == backend && open.port.is_none());
            if !is_open {
                self.open_port(backend, None);
            }
        }
    }

    fn open_wanted(&mut self, there: &[(usize, Port)]) {
        let all: Vec<Port> = there.iter().map(|(_, port)| port.clone()).collect();
        let wanted: Vec<Port> = match &self.wanted {
            Inputs::All => all.iter().filter(|port| port.is_default).cloned().collect(),
            Inputs::Named(names) => find_all(&all, names).into_iter().flatten().collect(),
        };
        for (backend, port) in there.iter().filter(|(_, port)| wanted.contains(port)) {
            let is_open = |open: &Open| open.backend == *backend && open.port.as_ref() == Some(port);
            if !self.open.iter().any(is_open) {
                self.open_port(*backend, Some(port));
            }
        }
    }

    fn open_port(&mut self, backend: usize, port: Option<&Port>) {
        let name = port.map_or("virtual", Port::stem).to_owned();
        let Some(receiver) = self.pool.pop() else {
            self.say(&name, "all inputs are in use".into());
            return;
        };
        let opened = match port {
            Some(port) => self.backends[backend].open_input(port, receiver.clone()),
            None => self.backends[backend].virtual_input(receiver.clone()),
        };
        match opened {
            Ok(connection) => {
                if port.is_some() {
                    tracing::info!("midi in: {name}");
                    self.warn_of_double(backend, port.and_then(|port| port.device.as_deref()));
                }
                self.said.remove(&name);
                self.open.push(Open { backend, port: port.cloned(), receiver, _connection: connection });
            }
            Err(error) => {
                self.pool.push(receiver);
                self.say(&name, error.to_string());
            }
        }
    }

    /// Keyboards with a "MIDI" and a "DAW" port often send each note on both.
    fn warn_of_double(&self, backend: usize, device: Option<&str>) {
        let Some(device) = device else { return };
        let is_same = |open: &&Open| {
            open.backend == backend && open.port.as_ref().is_some_and(|port| port.device.as_deref() == Some(device))
        };
        if self.open.iter().any(|open| is_same(&open)) {
            tracing::warn!("midi in: {device} has several ports; if notes sound twice, choose one by --midi-in");
        }
    }

    fn say(&mut self, name: &str, what: String) {
        if self.said.get(name) != Some(&what) {
            tracing::warn!("midi in: {name}: {what}");
            self.said.insert(name.to_owned(), what);
        }
    }

    fn attach_out(&mut self) {
        let Some(OutLink { port: wanted, orders }) = &self.out else { return };
        if let Some((backend, Some(port))) = &self.out_open {
            if self.backends[*backend].outputs().iter().any(|there| there.id == port.id) {
                return;
            }
            tracing::warn!("midi out: {} has gone; waiting for it", port.stem());
            self.out_open = None;
        }
        if self.out_open.is_some() {
            return;
        }
        for (index, backend) in self.backends.iter_mut().enumerate() {
            let (port, opened) = match wanted {
                OutPort::Virtual => (None, backend.virtual_output()),
                OutPort::Named(name) => match find(&backend.outputs(), name, &[]) {
                    Ok(port) => (Some(port.clone()), backend.open_output(port)),
                    Err(_) => continue,
                },
            };
            if let Ok(output) = opened {
                tracing::info!("midi out: {}", port.as_ref().map_or("virtual port", Port::stem));
                let _ = orders.send(Order::Attach(output));
                self.out_open = Some((index, port));
                return;
            }
        }
    }
}

/// Finds a port for each name; one that was found for a name is not found for the next.
fn find_all(ports: &[Port], names: &[String]) -> Vec<Result<Port, MidiError>> {
    let mut taken: Vec<&Port> = Vec::new();
    let found = names.iter().map(|name| {
        let port = find(ports, name, &taken)?;
        taken.push(port);
        Ok(port.clone())
    });
    found.collect()
}
