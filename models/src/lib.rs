//! Hears the performer and continues the accompaniment: the contract, the rig, and `Groove`, which plays its patterns.
#![deny(unsafe_code)] // allowed in net/kernels.rs alone

mod accompanist;
#[cfg(feature = "corpus")]
pub mod corpus;
mod groove;
mod lockstep;
#[cfg(feature = "corpus")]
pub mod melody;
pub mod net;
mod pattern;
mod rig;
mod scribe;
pub mod tokens;
mod transformer;
mod unswing;
pub mod variations;
mod worker;

pub use accompanist::{Accompanist, ModelError};
pub use groove::{Groove, loops};
pub use lockstep::{Cause, Lockstep};
pub use pattern::{DRUMS, Dynamic, LaneKind, Pattern, PatternError, Step, Stroke, drum_key};
pub use rig::{BassStyle, Clave, Feel, Lane, PartSource, PartSpec, Piece, Rig};
pub use scribe::{Scribe, Stream, density_bin, melodies, style_of, swing_bin};
pub use transformer::{Expectation, Transformer};
pub use unswing::Timing;
pub use worker::{Chair, Horizon, Worker};

/// The weights that ship: a safetensors file. What they are made of, `MODEL_CARD.md` says.
pub static WEIGHTS: &[u8] = include_bytes!("../weights/sideman.safetensors");
