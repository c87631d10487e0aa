//! What every MIDI back end can do, and how ports are named.

use std::fmt;

use engine::Frame;

use super::names::stem;
use super::receiver::Shared;

/// A port that can be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Port {
    /// What the back end knows it by; changes when the device is plugged in again.
    pub id: String,
    /// The name as the system tells it: `Keystation 49:Keystation 49 MIDI 1 24:0`.
    pub name: String,
    /// The device it belongs to, if the name tells.
    pub device: Option<String>,
    /// Whether it is taken where nobody asked for a port by name: real devices are.
    pub is_default: bool,
}

impl Port {
    /// The name without the numbers that change at each plugging.
    pub fn stem(&self) -> &str {
        stem(&self.name)
    }
}

/// An open port. It closes when it is dropped.
pub type Connection = Box<dyn Send>;

/// An open output. It closes when it is dropped.
pub trait Output: Send {
    /// How many frames before it is due a message may be handed in; 0 where it goes out at once.
    fn lookahead(&self) -> Frame {
        0
    }

    /// Sends one message, which is due at a frame.
    fn send(&mut self, due: Frame, message: &[u8]);

    /// Waits until what was sent has left, for a tenth of a second at most.
    fn flush(&mut self) {}
}

/// One MIDI system.
pub trait Backend: Send {
    /// What it is called on screens.
    fn name(&self) -> &'static str;

    /// Whether its own thread looks for devices that fell silent, so that the supervisor never gets in its way: a
    /// message that finds the supervisor at its port is lost.
    fn watches_silence(&self) -> bool {
        false
    }

    /// Called before each enumeration; `false` if all that was opened before is dead.
    fn refresh(&mut self) -> bool;

    /// The ports that can be heard now; never those of this program.
    fn inputs(&mut self) -> Vec<Port>;

    /// The ports that can be played now; never those of this program.
    fn outputs(&mut self) -> Vec<Port>;

    /// Hears a port.
    ///
    /// # Errors
    /// If it does not open.
    fn open_input(&mut self, port: &Port, receiver: Shared) -> Result<Connection, MidiError>;

    /// Plays a port.
    ///
    /// # Errors
    /// If it does not open.
    fn open_output(&mut self, port: &Port) -> Result<Box<dyn Output>, MidiError>;

    /// Makes an input that other programs connect to.
    ///
    /// # Errors
    /// If the system has no virtual ports.
    fn virtual_input(&mut self, receiver: Shared) -> Result<Connection, MidiError>;

    /// Makes an output that other programs connect to.
    ///
    /// # Errors
    /// If the system has no virtual ports.
    fn virtual_output(&mut self) -> Result<Box<dyn Output>, MidiError>;
}

/// What is wrong with a MIDI device. Exit code 5.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MidiError {
    /// The machine has no MIDI, and it was asked for.
    NoSystem(String),
    /// No port has this name.
    Unknown {
        /// What was asked for.
        name: String,
        /// What there is.
        there: Vec<String>,
    },
    /// Several ports have this in their name.
    Ambiguous {
        /// What was asked for.
        name: String,
        /// The ports that fit.
        candidates: Vec<String>,
    },
    /// The port does not open.
    Open {
        /// The port.
        port: String,
        /// Why.
        why: String,
    },
}

impl fmt::Display for MidiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MidiError::NoSystem(why) => write!(f, "no midi here: {why}"),
            MidiError::Unknown { name, there } if there.is_empty() => {
                write!(f, "no midi port '{name}': there is none at all")
            }
            MidiError::Unknown { name, there } => {
                write!(f, "no midi port '{name}'; there are: {}", there.join(", "))
            }
            MidiError::Ambiguous { name, candidates } => {
                write!(f, "midi port '{name}' may be any of: {}", candidates.join(", "))
            }
            MidiError::Open { port, why } => write!(f, "midi port '{port}' does not open: {why}"),
        }
    }
}

impl std::error::Error for MidiError {}
