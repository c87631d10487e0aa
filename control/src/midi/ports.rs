//! What every MIDI back end can do, and how ports are named.

use std::fmt;

use engine::Frame;

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
}

/// One MIDI system.
pub trait Backend: Send {
    /// What it is called on screens.
    fn name(&self) -> &'static str;

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

/// Finds the port that a name means: the whole name, else the name without numbers, else a part of it that no
/// other port has. Two devices of one model are told apart by asking twice: `taken` are not found again.
///
/// # Errors
/// If none or several fit.
pub fn find<'a>(ports: &'a [Port], name: &str, taken: &[&Port]) -> Result<&'a Port, MidiError> {
    let free = || ports.iter().filter(|port| !taken.contains(port));
    let (whole, wanted) = (name.trim().to_lowercase(), stem(name.trim()).to_lowercase());
    let exact = free()
        .find(|port| port.name.to_lowercase() == whole)
        .or_else(|| free().find(|port| port.stem().to_lowercase() == wanted));
    if let Some(port) = exact {
        return Ok(port);
    }
    let candidates: Vec<&Port> = free().filter(|port| port.stem().to_lowercase().contains(&wanted)).collect();
    let names = |ports: &mut dyn Iterator<Item = &Port>| ports.map(|port| port.stem().to_owned()).collect();
    match candidates[..] {
        [port] => Ok(port),
        [] => Err(MidiError::Unknown { name: name.into(), there: names(&mut ports.iter()) }),
        [first, ..] if candidates.iter().all(|port| port.stem() == first.stem()) => Ok(first),
        _ => Err(MidiError::Ambiguous { name: name.into(), candidates: names(&mut candidates.into_iter()) }),
    }
}

/// Cuts off a trailing ` 24:0`.
fn stem(name: &str) -> &str {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match name.rsplit_once(' ') {
        Some((stem, tail)) if tail.split_once(':').is_some_and(|(a, b)| is_number(a) && is_number(b)) => stem,
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ports(names: &[&str]) -> Vec<Port> {
        let port = |name: &&str| Port {
            id: (*name).into(),
            name: (*name).into(),
            device: None,
            is_default: true,
        };
        names.iter().map(port).collect()
    }

    #[test]
    fn a_name_survives_another_plugging() {
        let ports = ports(&["Keystation 49:Keystation 49 MIDI 1 28:0", "nanoKONTROL2:nanoKONTROL2 MIDI 1 24:0"]);
        for name in ["Keystation 49:Keystation 49 MIDI 1 20:0", "keystation 49:keystation 49 midi 1", "keyst"] {
            assert_eq!(find(&ports, name, &[]), Ok(&ports[0]), "{name}");
        }
    }

    #[test]
    fn an_ambiguous_name_tells_its_candidates() {
        let ports = ports(&["Launchkey:MIDI 20:0", "Launchkey:DAW 20:1", "Other 24:0"]);
        let candidates = vec!["Launchkey:MIDI".into(), "Launchkey:DAW".into()];
        let error = MidiError::Ambiguous { name: "launch".into(), candidates };
        assert_eq!(find(&ports, "launch", &[]), Err(error));
        assert!(matches!(find(&ports, "Piano", &[]), Err(MidiError::Unknown { there, .. }) if there.len() == 3));
    }

    #[test]
    fn a_whole_name_beats_a_longer_one_that_contains_it() {
        let ports = ports(&["Piano 2 20:0", "Piano 24:0"]);
        assert_eq!(find(&ports, "piano", &[]), Ok(&ports[1]));
    }

    #[test]
    fn two_devices_of_one_model_are_had_by_asking_twice() {
        let ports = ports(&["Keys:MIDI 20:0", "Keys:MIDI 24:0"]);
        assert_eq!(find(&ports, "keys", &[]), Ok(&ports[0]));
        assert_eq!(find(&ports, "keys", &[&ports[0]]), Ok(&ports[1]));
        assert_eq!(find(&ports, "Keys:MIDI 24:0", &[]), Ok(&ports[1]));
    }

    #[test]
    fn only_alsa_s_numbers_are_cut_off() {
        assert_eq!(stem("a:b 24:0"), "a:b");
        assert_eq!(stem("system:midi_capture_1"), "system:midi_capture_1");
        assert_eq!(stem("Piano 2"), "Piano 2");
        assert_eq!(stem("Take 4:x"), "Take 4:x");
    }
}
