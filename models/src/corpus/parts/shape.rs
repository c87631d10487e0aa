//! Grips as voicings: the family whose voicing comes nearest to what the hand held.

use std::collections::HashMap;

use engine::audio::View;
use engine::audio::voicing::{Palette, Reach, Voicing, Wish, voice};
use engine::{Chord, Family, LocalKey, Quality};

/// The families of a keyboard, the plain ones first: of two that fit alike the first is meant.
const FAMILIES: [Family; 10] = [
    Family::Triad,
    Family::Close,
    Family::Shell,
    Family::Power,
    Family::Drop2,
    Family::Drop3,
    Family::Spread,
    Family::RootlessA,
    Family::RootlessB,
    Family::Quartal,
];
/// A pitch class too many or too few weighs more than any motion.
const PITCH_CLASS: u32 = 1000;
/// Single notes at one onset: what has more is a voicing, however badly it fits.
pub const MOST_SINGLES: usize = 4;

/// A grip as a voicing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Its family.
    pub family: Family,
    /// The degree on top, 0 if it is none.
    pub top: u8,
    /// Pitch classes that the voicing has too many or too few.
    pub off: u32,
}

/// Chord, chord to come, key, highest key of the part, grip: what a shape hangs on.
type Question = (Chord, Option<Chord>, LocalKey, u8, Vec<u8>);

/// Finds shapes, and remembers what it found.
#[derive(Debug, Default)]
pub struct Shapes {
    found: HashMap<Question, Shape>,
}

impl Shapes {
    /// The voicing that a grip means; none if it is better said note by note.
    pub fn of(&mut self, keys: &[u8], chord: Chord, view: &View, reach: Reach) -> Option<Shape> {
        let grip = Voicing::new(&within(keys, reach));
        let pcs = set(grip.keys());
        if pcs.count_ones() < 3 && !is_pair(&grip, chord) {
            return None;
        }
        let key = (chord, view.next, view.key, reach.high, grip.keys().to_vec());
        let shape = *self.found.entry(key).or_insert_with(|| nearest(&grip, chord, view, reach));
        let least = if pcs.count_ones() < 3 { 0 } else { 1 };
        (shape.off <= least || keys.len() > MOST_SINGLES).then_some(shape)
    }
}

/// Whether two pitch classes are a voicing: a power chord on its root with an octave or by its name, or the third and the
/// seventh of a seventh chord.
fn is_pair(grip: &Voicing, chord: Chord) -> bool {
    let of = |degrees: [u8; 2]| {
        degrees.iter().fold(0, |set, slot| set | 1 << ((chord.root + chord.quality.slot(*slot)) % 12))
    };
    let (keys, pcs) = (grip.keys(), set(grip.keys()));
    let on_root = keys.first().is_some_and(|key| key % 12 == chord.root);
    let power = on_root && (keys.len() > 2 || chord.quality == Quality::Power);
    pcs.count_ones() == 2
        && (power && pcs == of([1, 5]) || chord.quality.seventh().is_some() && pcs == of([3, 7]))
}

/// The family and top that come nearest to a grip.
fn nearest(grip: &Voicing, chord: Chord, view: &View, reach: Reach) -> Shape {
    let palette = Palette::new(chord, view);
    let on_top = |degree: &u8| grip.top().is_some_and(|top| palette.degree(*degree) == Some(top % 12));
    let top = [1, 3, 5, 7, 9, 11, 13].into_iter().find(on_top).unwrap_or(0);
    let bound = |family: Family| {
        let wish = Wish { family, top, reach, ceiling: None, last: *grip, held: false };
        let voicing = voice(&wish, chord, view);
        let off = (set(voicing.keys()) ^ set(grip.keys())).count_ones();
        (off * PITCH_CLASS + voicing.motion(grip), Shape { family, top, off })
    };
    let best = FAMILIES.into_iter().map(bound).min_by_key(|(cost, _)| *cost);
    best.map_or(Shape { family: Family::Close, top, off: 12 }, |(_, shape)| shape)
}

/// The grip in the octave where most of it can be played, the rest folded in; ascending, the highest six.
pub fn within(keys: &[u8], reach: Reach) -> Vec<u8> {
    let inside = |key: i16| (i16::from(reach.low)..=i16::from(reach.high)).contains(&key);
    let outside = |by: i16| keys.iter().filter(|key| !inside(i16::from(**key) + by)).count();
    let shifts = [0, 12, -12, 24, -24, 36, -36];
    let by = shifts.into_iter().min_by_key(|by| (outside(*by), by.abs())).unwrap_or(0);
    let mut keys: Vec<u8> =
        keys.iter().map(|key| engine::audio::voicing::fold(i16::from(*key) + by, reach)).collect();
    keys.sort_unstable();
    keys.dedup();
    keys.split_off(keys.len().saturating_sub(Voicing::MAX))
}

/// Pitch classes: bit 0 = C.
pub fn set(keys: &[u8]) -> u16 {
    keys.iter().fold(0, |set, key| set | 1 << (key % 12))
}
