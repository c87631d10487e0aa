//! What can be wrong with a file of weights, and with what is asked of the network.

use std::fmt;
use std::path::PathBuf;

/// The network cannot be made, or cannot go on.
#[derive(Debug)]
pub enum NetError {
    /// The file cannot be read.
    Unreadable {
        /// The file of weights, as in every error that has one.
        file: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// It is not a safetensors file, or is cut short.
    Header {
        /// The file of weights.
        file: PathBuf,
        /// What the reader of the format says.
        source: safetensors::SafeTensorError,
    },
    /// Its description of the network is absent or makes no sense.
    Config {
        /// The file of weights.
        file: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// A tensor is absent, or not what the description says.
    Tensor {
        /// The file of weights.
        file: PathBuf,
        /// The tensor's name.
        tensor: String,
        /// What is wrong with it.
        fault: Fault,
    },
    /// There is no room for so many tokens. Nothing has been written.
    Full {
        /// How many tokens were given.
        given: usize,
        /// How many would have fitted.
        room: usize,
    },
    /// A token or a row that there is not. Nothing has been written.
    Unknown {
        /// What it is: a token or a row.
        what: &'static str,
        /// Which was given.
        given: usize,
        /// How many there are.
        count: usize,
    },
    /// The arithmetic failed. What has been written since is undefined.
    Arithmetic(candle_core::Error),
}

/// What is wrong with a tensor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// There is none of that name.
    Missing,
    /// It has other dimensions.
    Shape {
        /// What the description says.
        expected: Vec<usize>,
        /// What the file has.
        found: Vec<usize>,
    },
    /// Its numbers are neither f32 nor bf16.
    Type {
        /// What they are.
        found: String,
    },
    /// A number is infinite or none at all.
    NotFinite {
        /// Its place in the tensor.
        index: usize,
    },
}

impl fmt::Display for NetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NetError::Unreadable { file, source } => write!(f, "{}: {source}", file.display()),
            NetError::Header { file, source } => {
                write!(f, "{}: no safetensors file: {source}", file.display())
            }
            NetError::Config { file, what } => write!(f, "{}: config: {what}", file.display()),
            NetError::Tensor { file, tensor, fault } => write!(f, "{}: {tensor}: {fault}", file.display()),
            NetError::Full { given, room } => write!(f, "{given} tokens, but room for {room}"),
            NetError::Unknown { what, given, count } => write!(f, "{what} {given} of {count}"),
            NetError::Arithmetic(source) => write!(f, "arithmetic: {source}"),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Missing => write!(f, "missing"),
            Fault::Shape { expected, found } => write!(f, "shape {found:?}, expected {expected:?}"),
            Fault::Type { found } => write!(f, "numbers of type {found}, expected f32 or bf16"),
            Fault::NotFinite { index } => write!(f, "number {index} is not finite"),
        }
    }
}

impl std::error::Error for NetError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            NetError::Unreadable { source, .. } => Some(source),
            NetError::Header { source, .. } => Some(source),
            NetError::Arithmetic(source) => Some(source),
            _ => None,
        }
    }
}

impl From<candle_core::Error> for NetError {
    fn from(source: candle_core::Error) -> Self {
        NetError::Arithmetic(source)
    }
}
