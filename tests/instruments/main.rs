//! The instruments of the tests are tested themselves, on signals and scores whose answer is known.

#[path = "../support/mod.rs"]
mod support;

mod font;
mod groove;
mod harmony;
mod hearing;
mod listen;
mod recording;
mod score;
mod take;
