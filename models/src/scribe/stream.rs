//! What the lines so far have said, as far as the next one is written against it.

use engine::{Chord, Quality};

use crate::tokens::{ChordWord, Hit, Line, PastBar, Trend};

/// Bars of the form strip.
const BARS: usize = 8;

/// The state of a stream between two lines. Small and `Copy`: one is kept for each beat, so that a rewind is free.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Stream {
    begun: bool,
    root: u8,
    chord: Option<Chord>,
    /// The bar that is being written.
    bar: Option<Bar>,
    /// The bars before it, the latest first.
    past: [Option<Bar>; BARS],
    /// The last energy that was said, 0 to 4.
    energy: u8,
}

/// A bar as it was written.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Bar {
    chord: Option<Chord>,
    energy: u8,
    /// A hash of where kick and snare fell.
    skeleton: u64,
}

impl Stream {
    /// The last root that there was, as a pitch class; C at first.
    pub fn root(&self) -> u8 {
        self.root
    }

    /// The chord of the last line.
    pub fn chord(&self) -> Option<Chord> {
        self.chord
    }

    /// How a chord is said after the lines so far.
    pub fn word(&self, chord: Option<Chord>) -> ChordWord {
        match chord {
            _ if self.begun && chord == self.chord => ChordWord::Hold,
            None => ChordWord::None,
            Some(chord) => ChordWord::Change {
                motion: above(chord.root, self.root),
                quality: chord.quality,
                bass: above(chord.bass, chord.root),
            },
        }
    }

    /// The chord that a word stands for after the lines so far.
    pub fn spelt(&self, word: ChordWord) -> Option<Chord> {
        match word {
            ChordWord::Hold => self.chord,
            ChordWord::None => None,
            ChordWord::Change { motion, quality, bass } => {
                let root = (self.root + motion) % 12;
                Some(Chord::new(root, quality).over(root + bass))
            }
        }
    }

    /// The stream once another chord is in force.
    pub fn over(self, chord: Option<Chord>) -> Stream {
        Stream { begun: true, chord, root: chord.map_or(self.root, |chord| chord.root), ..self }
    }

    /// A stream that begins here, but knows its last bars.
    pub fn anew(self) -> Stream {
        Stream { begun: false, root: 0, chord: None, ..self }
    }

    /// The stream after a line.
    pub fn after(&self, line: &Line) -> Stream {
        let mut stream = self.over(self.spelt(line.chord));
        if let Some(head) = &line.head {
            stream.energy = head.energy.level;
        }
        if line.place == 0 {
            stream.past.rotate_right(1);
            stream.past[0] = stream.bar;
            stream.bar = Some(Bar { chord: stream.chord, energy: stream.energy, skeleton: 0 });
        }
        if let Some(bar) = &mut stream.bar {
            bar.skeleton = skeleton(bar.skeleton, line);
        }
        stream
    }

    /// The last eight bars against the present chord; at a bar line.
    pub fn past(&self) -> [Option<PastBar>; BARS] {
        // At a bar line the bar that was being written is over.
        let mut bars = self.past;
        bars.rotate_right(1);
        bars[0] = self.bar;
        let skeletons = commonest(&bars);
        bars.map(|bar| {
            let (bar, chord) = bar.and_then(|bar| bar.chord.map(|chord| (bar, chord)))?;
            let rank = skeletons.iter().position(|known| *known == Some(bar.skeleton)).unwrap_or(3);
            Some(PastBar {
                root: above(chord.root, self.root),
                kind: kind(chord.quality),
                energy: [0, 0, 1, 2, 2][usize::from(bar.energy.min(4))],
                skeleton: rank as u8,
            })
        })
    }

    /// Where an energy of 0 to 4 goes, against the last two bars.
    pub fn trend(&self, level: u8) -> Trend {
        let Some(bar) = self.bar else { return Trend::Flat };
        let before = self.past[0].unwrap_or(bar);
        match i32::from(2 * level) - i32::from(bar.energy + before.energy) {
            difference if difference > 0 => Trend::Up,
            difference if difference < 0 => Trend::Down,
            _ => Trend::Flat,
        }
    }
}

/// Semitones up from one pitch class to another.
fn above(class: u8, root: u8) -> u8 {
    (class + 12 - root % 12) % 12
}

/// 0 = major third, 1 = minor third, 2 = dominant, 3 = other.
fn kind(quality: Quality) -> u8 {
    let tones = quality.intervals();
    match (tones.contains(&4), tones.contains(&3), tones.contains(&10)) {
        (true, _, true) => 2,
        (true, ..) => 0,
        (_, true, _) => 1,
        _ => 3,
    }
}

/// Goes on with the hash of a bar's kick and snare; ghost notes are no part of it.
fn skeleton(bar: u64, line: &Line) -> u64 {
    let counts = |hit: &&Hit| (35..=40).contains(&hit.key) && hit.velocity > 0;
    line.drums.iter().filter(counts).fold(bar, |hash, hit| {
        let stroke = [line.place, hit.position, u8::from(hit.key > 36) + 1];
        stroke.iter().fold(hash, |hash, n| (hash ^ u64::from(*n) ^ 0x9e37).wrapping_mul(0x0100_0000_01b3))
    })
}

/// The three skeletons that most bars have, the commonest first; of equals the latest.
fn commonest(bars: &[Option<Bar>; BARS]) -> [Option<u64>; 3] {
    let all: Vec<u64> = bars.iter().flatten().map(|bar| bar.skeleton).collect();
    let mut seen: Vec<(usize, u64)> = Vec::new();
    for skeleton in &all {
        match seen.iter_mut().find(|known| known.1 == *skeleton) {
            Some(known) => known.0 += 1,
            None => seen.push((1, *skeleton)),
        }
    }
    seen.sort_by_key(|known| std::cmp::Reverse(known.0));
    std::array::from_fn(|i| seen.get(i).map(|known| known.1))
}
