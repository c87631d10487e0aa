//! The system's own MIDI: ALSA, CoreMIDI or WinMM. The only file that names midir.

use engine::Frame;
use midir::{Ignore, MidiIO, MidiInput, MidiOutput, MidiOutputConnection};

use super::ports::{Backend, Connection, MidiError, Output, Port};
use super::receiver::Shared;

/// What other programs see.
const CLIENT: &str = "sideman";

/// ALSA's loop, into which a program's own output would come back.
const LOOP: &str = "Midi Through";

/// The system's MIDI. Two clients live on only to list ports; each connection has one of its own.
pub struct System {
    inputs: MidiInput,
    outputs: MidiOutput,
}

impl System {
    /// Connects to the system.
    ///
    /// # Errors
    /// If it has no MIDI.
    pub fn new() -> Result<System, MidiError> {
        let fail = |error: midir::InitError| MidiError::NoSystem(error.to_string().to_lowercase());
        let inputs = MidiInput::new(CLIENT).map_err(fail)?;
        Ok(System { inputs, outputs: MidiOutput::new(CLIENT).map_err(fail)? })
    }
}

impl Backend for System {
    fn name(&self) -> &'static str {
        match () {
            _ if cfg!(target_os = "linux") => "alsa",
            _ if cfg!(target_os = "macos") => "coremidi",
            _ => "winmm",
        }
    }

    fn refresh(&mut self) -> bool {
        true
    }

    fn inputs(&mut self) -> Vec<Port> {
        list(&self.inputs, |port| port.id())
    }

    fn outputs(&mut self) -> Vec<Port> {
        list(&self.outputs, |port| port.id())
    }

    fn open_input(&mut self, port: &Port, receiver: Shared) -> Result<Connection, MidiError> {
        let mut client = MidiInput::new(CLIENT).map_err(|error| fail(port, error))?;
        client.ignore(Ignore::None);
        let found = client.find_port_by_id(&port.id).ok_or_else(|| fail(port, "it has gone"))?;
        let connection =
            client.connect(&found, "in", |_, bytes, receiver: &mut Shared| receiver.receive(bytes), receiver);
        Ok(Box::new(connection.map_err(|error| fail(port, error.kind()))?))
    }

    fn open_output(&mut self, port: &Port) -> Result<Box<dyn Output>, MidiError> {
        let client = MidiOutput::new(CLIENT).map_err(|error| fail(port, error))?;
        let found = client.find_port_by_id(&port.id).ok_or_else(|| fail(port, "it has gone"))?;
        let connection = client.connect(&found, "out").map_err(|error| fail(port, error.kind()))?;
        Ok(Box::new(Wire(connection)))
    }

    #[cfg(unix)]
    fn virtual_input(&mut self, receiver: Shared) -> Result<Connection, MidiError> {
        use midir::os::unix::VirtualInput;
        let mut client = MidiInput::new(CLIENT).map_err(|error| MidiError::NoSystem(error.to_string()))?;
        client.ignore(Ignore::None);
        let hear = |_: u64, bytes: &[u8], receiver: &mut Shared| receiver.receive(bytes);
        let connection = client.create_virtual("midi_in", hear, receiver);
        Ok(Box::new(connection.map_err(|error| no_virtual(error.kind()))?))
    }

    #[cfg(unix)]
    fn virtual_output(&mut self) -> Result<Box<dyn Output>, MidiError> {
        use midir::os::unix::VirtualOutput;
        let client = MidiOutput::new(CLIENT).map_err(|error| MidiError::NoSystem(error.to_string()))?;
        let connection = client.create_virtual("midi_out").map_err(|error| no_virtual(error.kind()))?;
        Ok(Box::new(Wire(connection)))
    }

    #[cfg(not(unix))]
    fn virtual_input(&mut self, _: Shared) -> Result<Connection, MidiError> {
        Err(no_virtual("the system has no virtual ports"))
    }

    #[cfg(not(unix))]
    fn virtual_output(&mut self) -> Result<Box<dyn Output>, MidiError> {
        Err(no_virtual("the system has no virtual ports"))
    }
}

fn list<T: MidiIO>(client: &T, id: impl Fn(&T::Port) -> String) -> Vec<Port> {
    let named =
        client.ports().into_iter().filter_map(|port| Some((id(&port), client.port_name(&port).ok()?)));
    let others = named.filter(|(_, name)| !name.starts_with(&format!("{CLIENT}:")));
    others
        .map(|(id, name)| Port {
            id,
            device: name.split_once(':').map(|(device, _)| device.to_owned()),
            is_default: !name.starts_with(LOOP),
            name,
        })
        .collect()
}

fn fail(port: &Port, why: impl ToString) -> MidiError {
    MidiError::Open { port: port.stem().into(), why: why.to_string() }
}

fn no_virtual(why: impl ToString) -> MidiError {
    MidiError::Open { port: format!("{CLIENT} (virtual)"), why: why.to_string() }
}

/// An open output port; messages leave at once.
struct Wire(MidiOutputConnection);

impl Output for Wire {
    fn send(&mut self, _due: Frame, message: &[u8]) {
        if let Err(error) = self.0.send(message) {
            tracing::debug!("midi out: {error}");
        }
    }
}
