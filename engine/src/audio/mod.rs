//! Everything that runs on the audio thread, and nothing else.
//!
//! [`Renderer::render`] is its one entry. It hears what performers did, harmonises, takes in what the model wrote,
//! plays and mixes; all of it in quanta of 16 frames, so that the size of a block changes nothing that is heard.

mod agenda;
mod band;
pub mod bind;
mod change;
mod channel;
mod conduct;
mod expect;
pub mod feel;
mod form;
mod hand;
mod harmonise;
pub mod harmony;
mod hear;
mod kit;
mod lead;
mod limiter;
mod local_key;
pub mod melody;
mod mixer;
mod peak;
mod push;
pub mod recogniser;
mod renderer;
mod reverb;
mod running;
mod smooth;
mod timeline;
pub(crate) mod transport;
mod view;
pub mod voicing;
mod watch;
mod witness;

pub use limiter::CEILING;
pub use renderer::{Renderer, Setup};
pub use view::{Colour, View};
