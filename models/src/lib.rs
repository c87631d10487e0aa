//! Hears the performer and continues the accompaniment: the contract, the rig, and `Groove`, which plays its patterns.
#![forbid(unsafe_code)]

mod accompanist;
mod pattern;
mod rig;
mod worker;

pub use accompanist::{Accompanist, ModelError};
pub use pattern::{DRUMS, Dynamic, LaneKind, Pattern, PatternError, Step, Stroke, drum_key};
pub use worker::{Chair, Horizon, Worker};
pub use rig::{BassStyle, Clave, Feel, Lane, PartSource, PartSpec, Piece, Rig};
