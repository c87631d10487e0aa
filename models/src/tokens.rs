//! The one stream that the model reads and writes: a line of tokens for each beat.
//!
//! ```text
//! BEAT · [PHRASE METER GROOVE SECTION STYLE ENERGY KEY SEAT×4 [(PAST TRACE)×8]]   the head, at a bar line or a cue
//!      · [EXPECTED] HOLD | NO_CHORD | CHANGE ALTERATION* [SLASH] · [NEXT CHANGE …]   the chord
//!      · UNHEARD | ABSENT | REST | PLAY (LEAD (DEGREE [ACCENT])+)* (HAND [ACCENT])*  the performer, in the beat before
//!      · drums: (POSITION (DRUM [ORNAMENT])+)*
//!      · bass, comp, pads: [TIE] (POSITION [PUSH] ([TOUCH] BASS | CHORDAL)+)*
//! ```
//! A part ends where a later part, or the next beat, begins. Training data and live playing are written by this code, so
//! that they cannot drift apart. All pitches are roles over the chord of the beat; there is no absolute key.

mod chord;
mod decode;
mod encode;
mod grammar;
mod line;
mod role;
#[cfg(test)]
mod tests;
mod word;

pub use decode::{ReadError, read};
pub use encode::{Writer, write};
pub use grammar::Grammar;
pub use line::{
    ChordWord, Energy, Head, Hit, Length, Line, Ornament, PastBar, Performer, SEATS, Seat, SectionWord, Side,
    Style, Tone, Touch, Trend, sort, velocity_bin, velocity_of,
};
pub use role::{role, sayable};
pub use word::{Class, VOCABULARY, Word};
