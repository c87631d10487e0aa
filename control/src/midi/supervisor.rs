//! Watches which ports there are: opens what is wanted, releases what has gone, and takes it back. A thread of
//! its own looks every second, because no system tells of a port that vanishes.

use std::collections::HashMap;
use std::time::Instant;

use super::link::OutLink;
use super::names::find_all;
use super::ports::{Backend, Connection, MidiError, Port};
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
    /// What was said of a port, so that nothing is said twice.
    said: HashMap<String, String>,
}

impl Supervisor {
    /// Takes over the back ends, an input for each port that may be open at once, and MIDI out.
    pub fn new(
        backends: Vec<Box<dyn Backend>>,
        wanted: Inputs,
        pool: Vec<Shared>,
        out: Option<OutLink>,
    ) -> Supervisor {
        Supervisor { backends, wanted, pool, open: Vec::new(), out, said: HashMap::new() }
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
        if let Some(out) = &self.out {
            out.check(&mut self.backends)?;
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
                self.out.iter_mut().for_each(|out| out.lose(index));
            }
        }
        let there = self.inputs();
        self.close_vanished(&there);
        self.open_virtual();
        self.open_wanted(&there);
        self.out.iter_mut().for_each(|out| out.look(&mut self.backends));
    }

    /// Looks for devices that fell silent against their promise, where nobody else does.
    pub fn check(&self, now: Instant) {
        let unwatched = self.open.iter().filter(|open| !self.backends[open.backend].watches_silence());
        unwatched.for_each(|open| open.receiver.check(now));
    }

    /// Releases every key, before the ports close.
    pub fn stop(&self) {
        self.open.iter().for_each(|open| open.receiver.shut());
    }

    /// Every input of every back end, with its index. The system's own ports are no default where JACK has
    /// real devices too, since they would be the same ones.
    fn inputs(&mut self) -> Vec<(usize, Port)> {
        let mut ports: Vec<(usize, Port)> = Vec::new();
        for (index, backend) in self.backends.iter_mut().enumerate() {
            let is_second = ports.iter().any(|(_, port)| port.is_default);
            let listed = backend.inputs().into_iter();
            ports.extend(
                listed.map(|port| (index, Port { is_default: port.is_default && !is_second, ..port })),
            );
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
        let is_there =
            |backend, id: &str| there.iter().any(|(index, port)| *index == backend && port.id == id);
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
            open.backend == backend
                && open.port.as_ref().is_some_and(|port| port.device.as_deref() == Some(device))
        };
        if self.open.iter().any(|open| is_same(&open)) {
            tracing::warn!(
                "midi in: {device} has several ports; if notes sound twice, choose one by --midi-in"
            );
        }
    }

    fn say(&mut self, name: &str, what: String) {
        if self.said.get(name) != Some(&what) {
            tracing::warn!("midi in: {name}: {what}");
            self.said.insert(name.to_owned(), what);
        }
    }
}

#[cfg(test)]
mod tests;
