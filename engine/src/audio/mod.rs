//! Everything that runs on the audio thread, and nothing else.
//!
//! [`Renderer::render`] is its one entry. It hears what performers did, harmonises, takes in what the model wrote,
//! plays and mixes; all of it in quanta of 16 frames, so that the size of a block changes nothing that is heard.

mod agenda;
mod channel;
mod feel;
mod form;
mod hand;
mod kit;
mod lead;
mod limiter;
mod mixer;
mod reverb;
mod smooth;
mod timeline;
mod transport;
pub mod recogniser;
mod view;
mod witness;

pub use limiter::CEILING;
pub use view::{Colour, View};
