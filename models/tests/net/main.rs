//! The network: files, streams, batches, and parity with PyTorch.

mod absurd;
mod batches;
mod files;
mod parity;
mod random;
mod streams;
