//! Why no device could be opened.

use std::fmt;

/// No device could be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeviceError {
    /// There is neither a JACK server nor a sound card.
    Nothing,
    /// No host has this name.
    NoHost {
        /// What was asked for.
        name: String,
        /// The hosts that there are.
        known: Vec<String>,
    },
    /// The host has no output of this name, or none at all.
    NoDevice {
        /// The host.
        host: String,
        /// What was asked for; empty where it was any.
        name: String,
        /// The outputs that there are.
        known: Vec<String>,
    },
    /// More than one output has this in its name.
    Ambiguous {
        /// What was asked for.
        name: String,
        /// The outputs that might be meant.
        candidates: Vec<String>,
    },
    /// The device does not run at this rate.
    Rate {
        /// What was asked for, in frames per second.
        wanted: u32,
        /// The device's own.
        native: u32,
    },
    /// What the system said.
    System(String),
}

impl fmt::Display for DeviceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DeviceError::Nothing => write!(f, "there is no JACK server and no sound card"),
            DeviceError::NoHost { name, known } => {
                write!(f, "no audio host `{name}`; there are: {}", known.join(", "))
            }
            DeviceError::NoDevice { host, name, known } if name.is_empty() || known.is_empty() => {
                let hint = if host == "jack" { " (is a JACK server running?)" } else { "" };
                write!(f, "audio host `{host}` has no output{hint}")
            }
            DeviceError::NoDevice { host, name, known } => {
                write!(f, "audio host `{host}` has no output `{name}`; there are: {}", known.join(", "))
            }
            DeviceError::Ambiguous { name, candidates } => {
                write!(f, "more than one output is called `{name}`: {}", candidates.join(", "))
            }
            DeviceError::Rate { wanted, native } => {
                write!(f, "the device does not run at {wanted} Hz; its own rate is {native} Hz")
            }
            DeviceError::System(what) => write!(f, "{what}"),
        }
    }
}

impl std::error::Error for DeviceError {}
