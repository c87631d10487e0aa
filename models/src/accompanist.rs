//! The contract of whoever writes the accompaniment. Runs on the model thread.

use std::fmt;

use engine::{Beat, Chunk, Heard};

/// Hears the performer and continues the band.
///
/// The worker calls [`continue_into`](Accompanist::continue_into) for one beat after the other; after
/// [`rewind`](Accompanist::rewind) the next chunk is the beat that it rewound to.
pub trait Accompanist: Send {
    /// Takes in what happened, in the order in which it sounded.
    ///
    /// Thread: model. Real-time: no.
    fn hear(&mut self, heard: Heard);

    /// Forgets what it *wrote* at or after `from`, never what it heard. `from` is never before the playhead.
    ///
    /// Thread: model. Real-time: no.
    fn rewind(&mut self, from: Beat);

    /// Writes the beat `chunk.beat` of revision `chunk.revision`, and sets the section that it was written for.
    ///
    /// Thread: model. Real-time: no.
    ///
    /// # Errors
    /// If nothing could be written. The chunk is then as good as empty, and the band vamps.
    fn continue_into(&mut self, chunk: &mut Chunk) -> Result<(), ModelError>;

    /// What it is called in the report.
    fn name(&self) -> &str;

    /// Tokens that it has written so far; 0 for who writes none.
    fn tokens(&self) -> u64 {
        0
    }
}

/// Nothing could be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModelError {
    /// The weights do not fit, or the arithmetic failed.
    Inference(String),
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ModelError::Inference(what) => write!(f, "the model cannot go on: {what}"),
        }
    }
}

impl std::error::Error for ModelError {}
