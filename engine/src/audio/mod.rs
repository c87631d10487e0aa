//! Everything that runs on the audio thread, and nothing else.

mod view;

pub use view::{Colour, View};
