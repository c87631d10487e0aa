//! With a JACK server that has no sound card: other clients play, hear, vanish, and the server itself dies.

mod band;
mod keyboard;
mod midi;
mod server;
