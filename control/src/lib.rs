//! To come.
pub mod sounds;
