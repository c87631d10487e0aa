//! The engine of Sideman: the words of the system, its queues, and everything that runs on the audio thread.
//!
//! ```text
//!               Event                       Heard
//!   midi ─┐                ┌─────────────┐            ┌─────────────┐
//!   osc  ─┼──────────────▶ │    audio    │ ─────────▶ │    model    │
//!   main ─┘                │   thread    │ ◀───────── │   thread    │
//!                          └─────────────┘   Chunk    └─────────────┘
//!                                 │ sound, MIDI out, tape, status
//!                                 ▼
//! ```
//!
//! The audio thread is the clock and the only witness: what a performer does reaches it first, sounds at once,
//! and is passed on to the model with the tick at which it sounded. Everything that runs on it lives in
//! [`audio`]; the other modules are plain data that any thread may touch, and what surrounds the renderer.
#![forbid(unsafe_code)]
#![warn(clippy::print_stdout, clippy::print_stderr)]

pub mod audio;
mod chord;
mod chunk;
pub mod device;
mod event;
mod frame_clock;
mod guess;
mod heard;
mod pacer;
mod param;
mod part;
mod patch;
mod section;
pub mod sound;
mod sounded;
mod stats;
pub mod take;
pub mod tape;
mod time;
pub mod wires;

pub use chord::{Chord, ChordError, Quality, Scale};
pub use chunk::{Anchor, Approach, Chunk, Family, Note, Planned, Role};
pub use event::{Event, EventKind, Source};
pub use frame_clock::FrameClock;
pub use guess::{Guess, Guesses};
pub use heard::{Heard, HeardKind, LocalKey, Mode};
pub use pacer::{Pacer, Wake};
pub use param::{KNOBS, Knob, Listener, Param, Settings, Spec, fader_gain};
pub use part::Part;
pub use patch::{Loops, Moves, Patch, RigName, Voice};
pub use section::{Cue, Level, Section};
pub use sounded::{Sounded, SoundedKind};
pub use stats::{Count, Histogram, Now, Stats};
pub use time::{Beat, Clock, Frame, Grid, Meter, POSITIONS, TICKS_PER_QUARTER, Tick};
