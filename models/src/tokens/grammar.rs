//! Which word may follow: read while a stream is written, so that nothing else can be.

use crate::net::Mask;

use super::SEATS;
use super::role::SINGLES;
use super::word::{Class, Word};

/// Where a stream stands, and what may follow there.
#[derive(Clone, Copy, Debug)]
pub struct Grammar {
    state: State,
    /// Which parts somebody plays, as the last head said.
    seated: [bool; SEATS],
}

impl Default for Grammar {
    /// Before the first line; until a head says otherwise, everybody plays.
    fn default() -> Grammar {
        Grammar { state: State::Between, seated: [true; SEATS] }
    }
}

/// What was said last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Between,
    Beat,
    /// So many words of a head.
    Head(u8),
    /// So many bars of the past; whether the trace of the last is missing.
    Past(u8, bool),
    Expected,
    /// A change and its last alteration; whether it is the coming one.
    Change {
        family: u8,
        spelt: [u16; 2],
        len: u8,
        coming: bool,
    },
    /// A whole chord; whether it is the coming one.
    Chord {
        coming: bool,
    },
    Next,
    Play(Play),
    Band(Band),
}

/// Among what the performer plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Play {
    /// Whether the chord hand has begun.
    hand: bool,
    position: Option<u16>,
    degree: Option<u16>,
    /// The last word can be accented.
    accentable: bool,
}

/// Among what the band plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
struct Band {
    /// The part that is being written, by its place in the band.
    part: u16,
    position: Option<u16>,
    pushed: bool,
    /// The last note of this onset: drum keys and roles ascend.
    last: Option<u16>,
    /// A note must follow.
    owes: bool,
    /// How it is played has just been said.
    touched: bool,
    /// The last word can have grace notes.
    adornable: bool,
}

/// Words of a head up to and with the seats.
const HEAD: u8 = 7 + SEATS as u8;

impl Grammar {
    /// What may follow.
    pub fn allowed(&self) -> Mask {
        let one = |class: Class| Mask::range(class.ids());
        let chord = one(Class::Hold).union(&one(Class::NoChord)).union(&one(Class::Change));
        match self.state {
            State::Between => one(Class::Beat),
            State::Beat => chord.union(&one(Class::Phrase)).union(&one(Class::Expected)),
            State::Head(n) if n < HEAD => head_word(n),
            State::Head(_) | State::Past(8, false) => {
                let mask = chord.union(&one(Class::Expected));
                if matches!(self.state, State::Head(_)) { mask.union(&one(Class::Past)) } else { mask }
            }
            State::Past(_, true) => one(Class::Trace),
            State::Past(..) => one(Class::Past),
            State::Expected => chord,
            State::Change { family, spelt, len, coming } => {
                let spelt = &spelt[..usize::from(len)];
                after_chord(coming).union(&alterations(family, spelt)).union(&one(Class::Slash))
            }
            State::Chord { coming } => after_chord(coming),
            State::Next => one(Class::Change),
            State::Play(play) => play.allowed(self.band_begins()),
            State::Band(band) => band.allowed(&self.seated),
        }
    }

    /// What may follow once the performer has been said.
    fn band_begins(&self) -> Mask {
        Band::default().allowed(&self.seated)
    }

    /// Whether a line may end here.
    pub fn may_end(&self) -> bool {
        self.allowed().contains(Word::new(Class::Beat, 0).id()) && self.state != State::Between
    }

    /// Takes a word in; returns whether it was allowed. One that was not changes nothing.
    pub fn take(&mut self, word: Word) -> bool {
        if !self.allowed().contains(word.id()) {
            return false;
        }
        self.state = match word.class {
            Class::Beat => State::Beat,
            Class::Phrase => State::Head(1),
            Class::Meter | Class::Groove | Class::Section | Class::Style | Class::Energy | Class::Key => {
                self.further()
            }
            Class::Seat => {
                self.seated[usize::from(word.n / 10)] = !word.n.is_multiple_of(10);
                self.further()
            }
            Class::Past | Class::Trace => self.past(word),
            Class::Expected => State::Expected,
            Class::Next => State::Next,
            Class::Hold | Class::NoChord | Class::Slash | Class::Change | Class::Alteration => {
                self.chord(word)
            }
            Class::Unheard | Class::Absent | Class::Rest => State::Band(Band::default()),
            Class::Play | Class::Lead | Class::Degree | Class::Hand | Class::Accent => self.play(word),
            _ => State::Band(self.band().after(word)),
        };
        true
    }

    fn further(&self) -> State {
        State::Head(if let State::Head(n) = self.state { n + 1 } else { HEAD })
    }

    fn past(&self, word: Word) -> State {
        let bars = if let State::Past(bars, _) = self.state { bars } else { 0 };
        match word.class {
            Class::Trace => State::Past(bars, false),
            _ => State::Past(bars + 1, word.n > 0),
        }
    }

    fn chord(&self, word: Word) -> State {
        let coming = matches!(self.state, State::Next | State::Change { coming: true, .. });
        match (self.state, word.class) {
            (_, Class::Change) => State::Change { family: (word.n % 8) as u8, spelt: [0; 2], len: 0, coming },
            (State::Change { family, mut spelt, len, .. }, Class::Alteration) => {
                spelt[usize::from(len)] = word.n;
                State::Change { family, spelt, len: len + 1, coming }
            }
            _ => State::Chord { coming },
        }
    }

    fn play(&self, word: Word) -> State {
        let old = if let State::Play(play) = self.state { play } else { Play::BEGIN };
        State::Play(match word.class {
            Class::Lead => Play { position: Some(word.n), ..Play::BEGIN },
            Class::Degree => Play { degree: Some(word.n), accentable: true, ..old },
            Class::Hand => Play { hand: true, position: Some(word.n), degree: None, accentable: true },
            Class::Accent => Play { accentable: false, ..old },
            _ => Play::BEGIN,
        })
    }

    fn band(&self) -> Band {
        if let State::Band(band) = self.state { band } else { Band::default() }
    }
}

/// The word number `n` of a head.
fn head_word(n: u8) -> Mask {
    let fields =
        [Class::Phrase, Class::Meter, Class::Groove, Class::Section, Class::Style, Class::Energy, Class::Key];
    match fields.get(usize::from(n)) {
        Some(class) => Mask::range(class.ids()),
        None => {
            let first = Class::Seat.ids().start + u16::from(n - fields.len() as u8) * 10;
            Mask::range(first..first + 10)
        }
    }
}

/// What may follow a whole chord.
fn after_chord(coming: bool) -> Mask {
    let performer = [Class::Unheard, Class::Absent, Class::Play, Class::Rest];
    let next = [Class::Next];
    let classes = performer.iter().chain(if coming { &[][..] } else { &next[..] });
    classes.fold(Mask::NONE, |mask, class| mask.union(&Mask::range(class.ids())))
}

/// The alterations that go on to spell a chord.
fn alterations(family: u8, spelt: &[u16]) -> Mask {
    let first = Class::Alteration.ids().start;
    let fits =
        |next: &u16| spelt.len() < 2 && super::chord::quality(family, &[spelt, &[*next]].concat()).is_some();
    (0..Class::Alteration.ids().len() as u16).filter(fits).map(|n| first + n).collect()
}

/// The words of a class from number `from` up to but without `to`.
fn some(class: Class, from: u16, to: u16) -> Mask {
    let first = class.ids().start;
    Mask::range(first + from..first + to.max(from))
}

impl Play {
    const BEGIN: Play = Play { hand: false, position: None, degree: None, accentable: false };

    fn allowed(&self, band: Mask) -> Mask {
        let above = self.position.map_or(0, |position| position + 1);
        let hand = some(Class::Hand, if self.hand { above } else { 0 }, 12);
        let accent = if self.accentable { Mask::range(Class::Accent.ids()) } else { Mask::NONE };
        match (self.hand, self.position, self.degree) {
            (true, ..) => hand.union(&accent).union(&band),
            (false, None, _) => hand.union(&some(Class::Lead, 0, 12)),
            (false, Some(_), None) => some(Class::Degree, 0, 12),
            (false, Some(_), Some(degree)) => some(Class::Lead, above, 12)
                .union(&some(Class::Degree, degree + 1, 12))
                .union(&hand)
                .union(&accent)
                .union(&band),
        }
    }
}

impl Band {
    fn allowed(&self, seated: &[bool; SEATS]) -> Mask {
        let notes = if self.position.is_some() { self.notes() } else { Mask::NONE };
        let push = if self.can_push() { Mask::range(Class::Push.ids()) } else { Mask::NONE };
        if self.owes {
            return notes.union(&push);
        }
        let mut mask = notes.union(&push).union(&Mask::range(Class::Beat.ids()));
        if self.adornable {
            mask = mask.union(&Mask::range(Class::Ornament.ids()));
        }
        let here = self.position.map_or(0, |position| position + 1);
        let mut positions = |part: u16, from: u16| {
            if seated[usize::from(part)] {
                mask = mask.union(&some(Class::Position, part * 12 + from, part * 12 + 12));
                if part > self.part {
                    mask = mask.union(&some(Class::Tie, part - 1, part));
                }
            }
        };
        positions(self.part, here);
        (self.part + 1..SEATS as u16).for_each(|part| positions(part, 0));
        mask
    }

    /// Whether what follows at this onset may belong to the coming chord.
    fn can_push(&self) -> bool {
        self.position.is_some() && self.part > 0 && !self.pushed && !self.touched
    }

    /// The notes that may follow at this onset, and how they may be played.
    fn notes(&self) -> Mask {
        let from = self.last.map_or(0, |last| last + 1);
        let (class, end) = match self.part {
            0 => return some(Class::Drum, from * 4, Class::Drum.ids().len() as u16),
            1 => (Class::Bass, SINGLES),
            _ => (Class::Chordal, Class::Chordal.ids().len() as u16),
        };
        let touch = some(Class::Touch, (self.part - 1) * 20, self.part * 20);
        let notes = some(class, from, end);
        if self.touched || from >= end { notes } else { notes.union(&touch) }
    }

    fn after(self, word: Word) -> Band {
        match word.class {
            Class::Tie => Band { part: word.n + 1, ..Band::default() },
            Class::Position => {
                Band { part: word.n / 12, position: Some(word.n % 12), owes: true, ..Band::default() }
            }
            Class::Push => {
                Band { pushed: true, last: None, owes: true, touched: false, adornable: false, ..self }
            }
            Class::Touch => Band { owes: true, touched: true, adornable: false, ..self },
            Class::Ornament => Band { adornable: false, ..self },
            Class::Drum => Band { last: Some(word.n / 4), owes: false, adornable: true, ..self },
            _ => Band { last: Some(word.n), owes: false, touched: false, adornable: false, ..self },
        }
    }
}
