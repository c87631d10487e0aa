//! What can be wrong with a sound, in words that name the file.

use std::fmt;
use std::io;
use std::path::PathBuf;

use engine::sound::SoundError;

/// A sound could not be had. `sideman` exits with 7.
#[derive(Debug)]
pub enum SoundsError {
    /// No sound has this name.
    Unknown {
        /// What was asked for.
        name: String,
        /// A sound of a like name.
        nearest: Option<&'static str>,
    },
    /// The file could not be read at all.
    Unreadable(PathBuf, io::Error),
    /// The file is no SoundFont, or a broken one.
    Broken(PathBuf, SoundError),
    /// No font is installed in the usual places.
    NoSystemFont,
    /// The synth refuses: the sample rate is out of its range.
    Synth(SoundError),
}

impl fmt::Display for SoundsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SoundsError::Unknown { name, nearest: Some(nearest) } => {
                write!(f, "there is no sound `{name}`; did you mean `{nearest}`?")
            }
            SoundsError::Unknown { name, nearest: None } => write!(f, "there is no sound `{name}`"),
            SoundsError::Unreadable(path, error) => write!(f, "{}: {error}", path.display()),
            SoundsError::Broken(path, error) => write!(f, "{}: {error}", path.display()),
            SoundsError::NoSystemFont => write!(f, "no SoundFont is installed in the usual places"),
            SoundsError::Synth(error) => write!(f, "the synth cannot start: {error}"),
        }
    }
}

impl std::error::Error for SoundsError {}
