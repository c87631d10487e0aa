//! What can be wrong with a rig: said with file, line, column, key, what was expected, and the nearest valid name.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// A rig could not be had.
#[derive(Debug)]
pub enum RigError {
    /// There is no rig of this name.
    Unknown {
        /// The name that was asked for.
        name: String,
        /// The name most like it, if any is near.
        nearest: Option<String>,
    },
    /// The file could not be read.
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// The file says something that no rig can say.
    Mistake {
        /// The file.
        file: PathBuf,
        /// What, and where in it.
        mistake: Box<Mistake>,
    },
}

/// One thing that is wrong in a rig file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
    /// The key with the tables around it, by dots: `main_a.drums.snare`. Empty where the file is no TOML.
    pub key: String,
    /// What was wrong.
    pub problem: String,
    /// What could stand there; empty if that is plain.
    pub expected: String,
    /// The valid name most like the one that stands there, if any is near.
    pub nearest: Option<String>,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.line, self.column)?;
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        f.write_str(&self.problem)?;
        if !self.expected.is_empty() {
            write!(f, "; expected {}", self.expected)?;
        }
        match &self.nearest {
            Some(nearest) => write!(f, "; did you mean `{nearest}`?"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for RigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RigError::Unknown { name, nearest: Some(nearest) } => {
                write!(f, "no rig named `{name}`; did you mean `{nearest}`?")
            }
            RigError::Unknown { name, nearest: None } => {
                write!(f, "no rig named `{name}`; `sideman rigs` lists them")
            }
            RigError::Unreadable { file, cause } => write!(f, "{}: {cause}", file.display()),
            RigError::Mistake { file, mistake } => write!(f, "{}:{mistake}", file.display()),
        }
    }
}

impl std::error::Error for RigError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            RigError::Unreadable { cause, .. } => Some(cause),
            RigError::Unknown { .. } | RigError::Mistake { .. } => None,
        }
    }
}

/// The name most like a mistaken one, if any is near.
pub(super) fn nearest<'a>(name: &str, valid: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = name.to_lowercase();
    let likeness = |word: &&str| strsim::jaro_winkler(&wanted, word);
    let best = valid.into_iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
    (likeness(&best) > 0.7).then_some(best)
}
