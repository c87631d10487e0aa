//! Hears the performer and continues the accompaniment: the contract, the rig, and `Groove`, which plays its patterns.
#![forbid(unsafe_code)]

mod accompanist;
mod groove;
mod lockstep;
mod pattern;
mod rig;
mod worker;

pub use accompanist::{Accompanist, ModelError};
pub use groove::{Groove, loops};
pub use lockstep::{Cause, Lockstep};
pub use pattern::{DRUMS, Dynamic, LaneKind, Pattern, PatternError, Step, Stroke, drum_key};
pub use rig::{BassStyle, Clave, Feel, Lane, PartSource, PartSpec, Piece, Rig};
pub use worker::{Chair, Horizon, Worker};
