//! The performer's own phrase, continued in many ways by the trained model. Any thread but audio.
//!
//! The model hears the phrase with the rig's band around it, and then goes on as the performer: the same chords, a new
//! melody. It draws only the performer's words, under the grammar; chords, heads and the chord hand are given, and the
//! band rests. All variations share what stands before them, and are drawn side by side.
//!
//! | file | what |
//! |---|---|
//! | `phrase` | what the performer played |
//! | `sheet` | what all variations go on from, and what is given of their lines |
//! | `row` | one variation, word by word |
//! | `desk` | many of them side by side |
//! | `melody` | from words to notes |
//! | `search` | until as many different melodies are found as are wanted |
//! | `rank` | how far melodies lie apart, and which comes first |

mod desk;
mod melody;
mod phrase;
mod rank;
mod row;
mod search;
mod sheet;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use engine::Tick;

use crate::accompanist::ModelError;
use crate::net::{Cache, Net, Sampler};
use crate::rig::Rig;
use crate::tokens::Word;
use crate::transformer::pen;
use desk::Desk;
use melody::Manner;
pub use phrase::Phrase;
use search::Search;
use sheet::Sheet;

/// A note that is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Note {
    /// Ticks from the first bar line.
    pub on: Tick,
    /// Ticks from the first bar line; later than `on`.
    pub off: Tick,
    /// MIDI key.
    pub key: u8,
    /// 1 to 127.
    pub velocity: u8,
}

impl Note {
    fn moved(self, by: Tick) -> Note {
        Note { on: self.on + by, off: self.off + by, ..self }
    }
}

/// What is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    /// How many variations.
    pub count: usize,
    /// Bars of each.
    pub bars: u32,
    /// Everything that is drawn depends on it.
    pub seed: u64,
    /// How boldly words are drawn, 0 to 1.
    pub variety: f32,
    /// Rows of a batch; changes nothing but time and memory.
    pub rows: usize,
}

/// One way in which the phrase may go on.
#[derive(Clone, Debug, PartialEq)]
pub struct Variation {
    /// The melody, in the order of its onsets.
    pub notes: Vec<Note>,
    /// The mean natural logarithm of the probability of a word that was drawn.
    pub log_likelihood: f64,
    /// How far it lies from the nearest variation of a better rank, 0 to 1; none for the first.
    pub nearest: Option<f32>,
    /// How far it lies from the phrase, 0 to 1.
    pub original: f32,
}

/// What was found.
#[derive(Clone, Debug)]
pub struct Variations {
    /// No two have the same melody, and none has that of the phrase. The best first.
    pub ranked: Vec<Variation>,
    /// Variations that were drawn, those among them that were there already.
    pub drawn: u64,
    /// Tokens that the network has read, drawn and given.
    pub tokens: u64,
}

/// There are no variations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VariationsError {
    /// So many bars do not fit into the model's context.
    TooLong(u32),
    /// The model fails.
    Model(ModelError),
}

impl fmt::Display for VariationsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            VariationsError::TooLong(bars) => write!(f, "{bars} bars do not fit into the model's context"),
            VariationsError::Model(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for VariationsError {}

impl<E: Into<ModelError>> From<E> for VariationsError {
    fn from(error: E) -> VariationsError {
        VariationsError::Model(error.into())
    }
}

/// Draws and ranks variations of a phrase. The same wish finds the same, whatever its rows and the cores of the machine.
///
/// Fewer than wanted are found where the same melodies are drawn again and again.
///
/// # Errors
/// If the variations are too long for the model, it was trained with another vocabulary, or its arithmetic fails.
pub fn vary(
    rig: &Arc<Rig>,
    net: &Arc<Net>,
    phrase: &Phrase,
    wish: &Wish,
) -> Result<Variations, VariationsError> {
    if net.config().tokens != Word::fingerprint() {
        let name = &net.config().name;
        return Err(ModelError::Inference(format!("{name} was trained with another vocabulary")).into());
    }
    let sheet = Sheet::new(rig, phrase, wish.bars, wish.seed, net.config())?;
    let mut cache = Cache::new(net)?;
    cache.append(&pen::ids(&sheet.prefix))?;
    let (sampler, rows) = (sampler(wish.variety), wish.rows.max(1));
    let desk = Desk { sheet: &sheet, cache: &cache, sampler, seed: wish.seed, rows };
    let mut search = Search::new(&sheet, Manner::of(rig, phrase));
    while let Some(missing) = search.missing(wish.count as u64) {
        search.take(desk.draw(missing)?, wish.count);
    }
    Ok(search.ranked())
}

/// Nearly the likeliest words without variety, all that are not unlikely with all of it.
fn sampler(variety: f32) -> Sampler {
    let variety = variety.clamp(0.0, 1.0);
    Sampler { temperature: (1.1 * variety.powf(0.3)).max(0.1), top_p: 0.85 + 0.13 * variety, repetition: 0.0 }
}
