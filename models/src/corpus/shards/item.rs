//! An item as tokens, and what each token counts in the loss.

use engine::Part;

use crate::corpus::mix::Item;
use crate::tokens::{Class, Line, SEATS, Seat, Word, Writer, read};

/// What a word of the chord counts, in hundredths, where the band is to expect it.
const CHORD: u8 = 20;
/// What a word of the performer's melody counts: who can foretell it has understood it, and can vary it.
const MELODY: u8 = 10;

/// An item as a stream.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stream {
    /// The lines that were written.
    pub lines: Vec<Line>,
    /// Their words.
    pub words: Vec<Word>,
    /// What each word counts in the loss, in hundredths; 0 is context only.
    pub weights: Vec<u8>,
    /// Lines that do not read back: what humans played cannot always be said.
    pub unread: u64,
    /// The name of the rig.
    pub rig: String,
}

impl Stream {
    /// Plays an item and writes it down.
    pub fn of(item: &Item) -> Stream {
        let lines = item.script.play();
        let mut stream = Stream { rig: item.script.rig.name.clone(), ..Stream::default() };
        let mut scale = Scale { own: item.weights, seats: [0; SEATS], charted: false, end: 0 };
        for line in &lines {
            stream.push(line, &mut scale);
        }
        stream.lines = lines;
        stream
    }

    fn push(&mut self, line: &Line, scale: &mut Scale) {
        scale.seat(line);
        let mut writer = Writer::default();
        writer.frame(line);
        self.weights.extend(scale.frame(line, &writer.words));
        // The last part that has said something; before the first, all parts may still begin.
        let mut begun = 0;
        for (part, of) in Part::BAND.into_iter().enumerate() {
            let before = writer.words.len();
            writer.part(line, of);
            let said = writer.words.len() - before;
            if said > 0 {
                // The first word says too that the parts before have nothing more to say.
                self.weights.push(scale.most(begun, part));
                self.weights.resize(self.weights.len() + said - 1, scale.seats[part]);
                begun = part;
            }
        }
        scale.end = scale.most(begun, SEATS - 1);
        self.unread += u64::from(read(&writer.words).as_ref() != Ok(line));
        self.words.append(&mut writer.words);
    }
}

/// What words count.
struct Scale {
    /// What each part counts while somebody writes it.
    own: [u8; SEATS],
    /// What each part counts by the last head.
    seats: [u8; SEATS],
    /// Whether the chords are charted, by the last head.
    charted: bool,
    /// What the word counts that ends the line before.
    end: u8,
}

impl Scale {
    fn seat(&mut self, line: &Line) {
        let Some(head) = &line.head else { return };
        self.charted = head.charted;
        for (part, seat) in head.seats.iter().enumerate() {
            let is_written = matches!(seat, Seat::Human(_) | Seat::Teacher(_));
            self.seats[part] = if is_written { self.own[part] } else { 0 };
        }
    }

    fn most(&self, from: usize, to: usize) -> u8 {
        self.seats[from..=to].iter().copied().max().unwrap_or(0)
    }

    /// The words of a frame: the first ends the line before; of the others, a chord that was heard and not charted is
    /// to be expected, and the performer's melody too.
    fn frame(&self, line: &Line, words: &[Word]) -> Vec<u8> {
        let mut is_own = !line.expected && !self.charted;
        let weigh = |word: &Word| match word.class {
            Class::Beat => self.end,
            Class::Next => {
                is_own = false;
                0
            }
            Class::Hold | Class::NoChord | Class::Change | Class::Alteration | Class::Slash if is_own => {
                CHORD
            }
            Class::Play | Class::Rest | Class::Lead | Class::Degree => MELODY,
            _ => 0,
        };
        words.iter().map(weigh).collect()
    }
}
