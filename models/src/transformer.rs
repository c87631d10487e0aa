//! The trained model in the accompanist's chair.

pub(crate) mod sketches;
