//! The vocabulary: classes of words, and the number of each word.

/// How many numbers there are: the size of the network's embedding. The last ones are unused.
pub const VOCABULARY: usize = 1024;

/// What a word is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Class {
    /// Fills up a window; never part of a line.
    Pad,
    /// Begins a line: the beat's place in its bar.
    Beat,
    /// Bar in the phrase of eight, times five, plus the bars to the next cue (0, 1, 2, 4, 8 and more).
    Phrase,
    /// The meter.
    Meter,
    /// Swing (five bins), times three, plus the side of the clave.
    Groove,
    /// The section, times two, plus whether the chords to come are known.
    Section,
    /// The style.
    Style,
    /// Energy (five bins), times three, plus its trend.
    Energy,
    /// Root of the chord above the local tonic, times two, plus minor; the last is unknown.
    Key,
    /// Who plays a part, and how much: the part, times ten, plus the seat.
    Seat,
    /// One of the last eight bars: none, or root above the present bar's root, times four, plus the kind of third.
    Past,
    /// Energy (three bins), times four, plus the skeleton of that bar.
    Trace,
    /// The chord is the last line's.
    Hold,
    /// There is no chord.
    NoChord,
    /// The chord of this line is what may be expected, not what was heard.
    Expected,
    /// A change that comes with the next beat follows.
    Next,
    /// Root motion in semitones up, times eight, plus the family of the chord.
    Change,
    /// What the family does not say.
    Alteration,
    /// The bass above the root, 1 to 11 semitones.
    Slash,
    /// The performer's beat has not been heard yet.
    Unheard,
    /// Nobody performs.
    Absent,
    /// The performer plays: loudness (five bins), times three, plus register.
    Play,
    /// The performer rests: holds a note, or since 1, 2, 4, 8 and more beats.
    Rest,
    /// Position of an onset of the lead hand.
    Lead,
    /// Semitones of a lead note above the chord's root.
    Degree,
    /// Position of an onset of the chord hand.
    Hand,
    /// The onset before is an accent.
    Accent,
    /// Position of an onset of the band: the part, times twelve, plus the position.
    Position,
    /// The onset belongs to the coming chord.
    Push,
    /// General MIDI key from 35 on, times four, plus the velocity bin.
    Drum,
    /// Flam, drag or roll of the stroke before.
    Ornament,
    /// From here on the part plays so: the pitched part, times twenty, plus velocity bin times five, plus length.
    Touch,
    /// A note of the bass.
    Bass,
    /// A note or a voicing of comp or pads.
    Chordal,
    /// What the pitched part played sounds on.
    Tie,
}

use Class::*;

/// Every class with its number of words, in the order of the numbers.
#[rustfmt::skip]
static CLASSES: [(Class, u16); Class::COUNT] = [
    (Pad, 1), (Beat, 12), (Phrase, 40), (Meter, 9), (Groove, 15), (Section, 18), (Style, 24), (Energy, 15),
    (Key, 25), (Seat, 40), (Past, 49), (Trace, 12), (Hold, 1), (NoChord, 1), (Expected, 1), (Next, 1),
    (Change, 96), (Alteration, 13), (Slash, 11), (Unheard, 1), (Absent, 1), (Play, 15), (Rest, 5), (Lead, 12),
    (Degree, 12), (Hand, 12), (Accent, 1), (Position, 48), (Push, 1), (Drum, 192), (Ornament, 3), (Touch, 60),
    (Bass, 62), (Chordal, 166), (Tie, 3),
];

/// The number of the first word of each class.
static FIRST: [u16; Class::COUNT] = first();

const fn first() -> [u16; Class::COUNT] {
    let mut first = [0; Class::COUNT];
    let mut class = 1;
    while class < Class::COUNT {
        first[class] = first[class - 1] + CLASSES[class - 1].1;
        class += 1;
    }
    first
}

impl Class {
    /// How many classes there are.
    pub const COUNT: usize = Tie as usize + 1;

    /// Every class, in the order of the numbers.
    pub fn all() -> impl Iterator<Item = Class> {
        CLASSES.iter().map(|row| row.0)
    }

    /// The numbers of its words.
    pub fn ids(self) -> std::ops::Range<u16> {
        let first = FIRST[self as usize];
        first..first + CLASSES[self as usize].1
    }
}

/// One token: a class and which of its words it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Word {
    /// What it is about.
    pub class: Class,
    /// Which of the class, from 0.
    pub n: u16,
}

impl Word {
    /// A word of a class; `n` must be one of its numbers.
    pub fn new(class: Class, n: u16) -> Word {
        debug_assert!(n < CLASSES[class as usize].1, "{class:?} has no word {n}");
        Word { class, n }
    }

    /// Its number in the vocabulary.
    pub fn id(self) -> u16 {
        FIRST[self.class as usize] + self.n
    }

    /// The word with this number; none for the unused ones.
    pub fn of(id: u16) -> Option<Word> {
        let class = FIRST.partition_point(|first| *first <= id) - 1;
        let n = id - FIRST[class];
        (n < CLASSES[class].1).then(|| Word { class: CLASSES[class].0, n })
    }

    /// Sixteen hexadecimal digits that change with the vocabulary: weights are for one vocabulary only.
    ///
    /// FNV-1a over the table of classes.
    pub fn fingerprint() -> String {
        let table: String = CLASSES.iter().map(|(class, size)| format!("{class:?}:{size};")).collect();
        let hash = table.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        format!("{hash:016x}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_classes() {
        assert!(CLASSES.iter().enumerate().all(|(i, row)| row.0 as usize == i));
    }

    #[test]
    fn every_number_is_one_word_or_none_and_all_fit() {
        let words: Vec<Word> = (0..VOCABULARY as u16).filter_map(Word::of).collect();
        assert!(words.iter().enumerate().all(|(id, word)| usize::from(word.id()) == id));
        assert_eq!(words.len(), CLASSES.iter().map(|row| usize::from(row.1)).sum::<usize>());
    }
}
