//! From words back to a line.

use std::fmt;
use std::iter::Peekable;

use engine::{Meter, Role};

use super::encode::{CUES, KIT, LENGTHS, METERS, USUAL};
use super::line::{
    ChordWord, Energy, Head, Hit, Line, Ornament, PastBar, Performer, SEATS, SectionWord, Side, Style, Tone,
    Touch, Trend,
};
use super::word::{Class, Word};
use super::{Grammar, Seat, chord, role};

/// Words that are no line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// Which word, from 0.
    pub at: usize,
    /// What it was; none if the words ended too early.
    pub word: Option<Word>,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.word {
            Some(word) => write!(f, "word {} of the line cannot be {word:?}", self.at),
            None => write!(f, "the line ends after {} words, in the middle", self.at),
        }
    }
}

impl std::error::Error for ReadError {}

/// Reads one line.
///
/// # Errors
/// If the words are not one whole line by the grammar.
pub fn read(words: &[Word]) -> Result<Line, ReadError> {
    let mut grammar = Grammar::default();
    for (at, word) in words.iter().enumerate() {
        let begins_another = at > 0 && word.class == Class::Beat;
        if begins_another || !grammar.take(*word) {
            return Err(ReadError { at, word: Some(*word) });
        }
    }
    let reader = Reader { words: words.iter().copied().peekable() };
    reader.line().filter(|_| grammar.may_end()).ok_or(ReadError { at: words.len(), word: None })
}

/// Reads words that the grammar has allowed.
struct Reader<I: Iterator<Item = Word>> {
    words: Peekable<I>,
}

impl<I: Iterator<Item = Word>> Reader<I> {
    fn next_if(&mut self, class: Class) -> Option<u16> {
        self.words.next_if(|word| word.class == class).map(|word| word.n)
    }

    fn line(mut self) -> Option<Line> {
        let mut line = Line::empty(self.next_if(Class::Beat)? as u8);
        if let Some(phrase) = self.next_if(Class::Phrase) {
            line.head = Some(self.head(phrase)?);
        }
        line.expected = self.next_if(Class::Expected).is_some();
        line.chord = self.chord()?;
        if self.next_if(Class::Next).is_some() {
            line.next = Some(self.chord()?);
        }
        line.performer = self.performer()?;
        self.band(&mut line)?;
        Some(line)
    }

    fn head(&mut self, phrase: u16) -> Option<Head> {
        let (numerator, denominator) = METERS[usize::from(self.next_if(Class::Meter)?)];
        let groove = self.next_if(Class::Groove)?;
        let section = self.next_if(Class::Section)?;
        let style = Style::ALL[usize::from(self.next_if(Class::Style)?)];
        let energy = self.next_if(Class::Energy)?;
        let key = self.next_if(Class::Key)?;
        Some(Head {
            bar: (phrase / 5) as u8,
            cue: CUES[usize::from(phrase % 5)],
            meter: Meter::new(numerator, denominator)?,
            swing: (groove / 3) as u8,
            clave: [Side::None, Side::Three, Side::Two][usize::from(groove % 3)],
            section: SectionWord::ALL[usize::from(section / 2)],
            charted: section % 2 == 1,
            style,
            energy: Energy {
                level: (energy / 3) as u8,
                trend: [Trend::Down, Trend::Flat, Trend::Up][usize::from(energy % 3)],
            },
            key: (key < 24).then_some(((key / 2) as u8, key % 2 == 1)),
            seats: self.seats()?,
            past: self.past()?,
        })
    }

    fn seats(&mut self) -> Option<[Seat; SEATS]> {
        let mut seats = [Seat::Tacet; SEATS];
        for seat in &mut seats {
            *seat = match self.next_if(Class::Seat)? % 10 {
                0 => Seat::Tacet,
                1 => Seat::Performer,
                n if n < 6 => Seat::Human((n - 2) as u8),
                n => Seat::Teacher((n - 6) as u8),
            };
        }
        Some(seats)
    }

    #[allow(
        clippy::option_option,
        reason = "a head may have no past, and a line may end in the middle of one"
    )]
    fn past(&mut self) -> Option<Option<[Option<PastBar>; 8]>> {
        if self.words.peek().is_none_or(|word| word.class != Class::Past) {
            return Some(None);
        }
        let mut past = [None; 8];
        for bar in &mut past {
            let chord = self.next_if(Class::Past)?;
            if chord == 0 {
                continue;
            }
            let (root, kind) = (((chord - 1) / 4) as u8, ((chord - 1) % 4) as u8);
            let trace = self.next_if(Class::Trace)?;
            *bar = Some(PastBar { root, kind, energy: (trace / 4) as u8, skeleton: (trace % 4) as u8 });
        }
        Some(Some(past))
    }

    fn chord(&mut self) -> Option<ChordWord> {
        let word = self.words.next()?;
        Some(match word.class {
            Class::NoChord => ChordWord::None,
            Class::Change => {
                let alterations: Vec<u16> = std::iter::from_fn(|| self.next_if(Class::Alteration)).collect();
                ChordWord::Change {
                    motion: (word.n / 8) as u8,
                    quality: chord::quality((word.n % 8) as u8, &alterations)?,
                    bass: self.next_if(Class::Slash).map_or(0, |n| n as u8 + 1),
                }
            }
            _ => ChordWord::Hold,
        })
    }

    fn performer(&mut self) -> Option<Performer> {
        let word = self.words.next()?;
        Some(match word.class {
            Class::Absent => Performer::Absent,
            Class::Rest => Performer::Rest(word.n as u8),
            Class::Play => {
                let (mut lead, mut hand) = (Vec::new(), Vec::new());
                while let Some(position) = self.next_if(Class::Lead) {
                    while let Some(degree) = self.next_if(Class::Degree) {
                        lead.push((position as u8, degree as u8, self.next_if(Class::Accent).is_some()));
                    }
                }
                while let Some(position) = self.next_if(Class::Hand) {
                    hand.push((position as u8, self.next_if(Class::Accent).is_some()));
                }
                Performer::Play { level: (word.n / 3) as u8, register: (word.n % 3) as u8, lead, hand }
            }
            _ => Performer::Unheard,
        })
    }

    /// What everybody plays.
    fn band(&mut self, line: &mut Line) -> Option<()> {
        let (mut position, mut push, mut touches) = (0, false, [USUAL; 3]);
        while let Some(word) = self.words.next() {
            match word.class {
                Class::Tie => line.ties[usize::from(word.n)] = true,
                Class::Position => (position, push) = (word.n, false),
                Class::Push => push = true,
                Class::Touch => touches[usize::from(word.n / 20)] = touch(word.n % 20),
                Class::Drum => line.drums.push(Hit {
                    position: position as u8,
                    key: KIT.start() + (word.n / 4) as u8,
                    velocity: (word.n % 4) as u8,
                    ornament: self.next_if(Class::Ornament).map(ornament),
                }),
                Class::Bass | Class::Chordal => {
                    let pitched = usize::from(position / 12).checked_sub(1)?;
                    let (position, role): (u8, Role) = ((position % 12) as u8, role::role(word.n)?);
                    line.tones[pitched].push(Tone { position, push, touch: touches[pitched], role });
                }
                _ => return None,
            }
        }
        Some(())
    }
}

fn touch(n: u16) -> Touch {
    Touch { velocity: (n / 5) as u8, length: LENGTHS[usize::from(n % 5)] }
}

fn ornament(n: u16) -> Ornament {
    [Ornament::Flam, Ornament::Drag, Ornament::Roll][usize::from(n)]
}
