//! Why a command ended early, and the exit code that says so.

use std::fmt;
use std::io;
use std::path::Path;

/// Exit codes, as documented in the README.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Something failed while it ran.
    Runtime = 1,
    /// The command line makes no sense.
    Usage = 2,
    /// A rig is invalid.
    Rig = 3,
    /// The audio device.
    Audio = 4,
    /// A MIDI device.
    Midi = 5,
    /// A network port.
    Port = 6,
    /// A sound is missing or unreadable.
    Sound = 7,
}

/// A message for the player, and the exit code.
#[derive(Debug)]
pub struct Failure {
    /// What the shell gets.
    pub exit: Exit,
    message: String,
}

impl Failure {
    /// A failure with a message.
    pub fn new(exit: Exit, message: impl fmt::Display) -> Failure {
        Failure { exit, message: message.to_string() }
    }

    /// A file that cannot be read or written.
    pub fn file(path: &Path, error: &io::Error) -> Failure {
        Failure::new(Exit::Runtime, format_args!("{}: {error}", path.display()))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.message)
    }
}

impl std::error::Error for Failure {}

impl From<crate::sounds::SoundsError> for Failure {
    fn from(error: crate::sounds::SoundsError) -> Failure {
        Failure::new(Exit::Sound, error)
    }
}

impl From<crate::rig::RigError> for Failure {
    fn from(error: crate::rig::RigError) -> Failure {
        Failure::new(Exit::Rig, error)
    }
}

impl From<engine::device::DeviceError> for Failure {
    fn from(error: engine::device::DeviceError) -> Failure {
        Failure::new(Exit::Audio, error)
    }
}
