//! Which bar of the two has three strokes, and whether that ever flips.

use engine::{Part, Tick};

use super::{Band, Sounding};

/// The side that comes first in a two-bar unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clave {
    /// Three strokes in the first bar.
    ThreeTwo,
    /// Three strokes in the second bar.
    TwoThree,
}

/// The clave of each two-bar unit, read from the strokes of key 75; `None` where it is not one to five strokes
/// that differ in number.
pub fn claves(band: &Band) -> Vec<Option<Clave>> {
    const CLAVES: u8 = 75;
    let strokes = |bar: usize| {
        let from = bar as Tick * band.bar() - band.beat() / 8;
        let inside = |note: &&Sounding| note.key == CLAVES && (from..from + band.bar()).contains(&note.on);
        band.struck(Part::Drums).filter(inside).count()
    };
    let units = 0..band.bars() / 2;
    let side = |unit: usize| match (strokes(2 * unit), strokes(2 * unit + 1)) {
        (3, 2) => Some(Clave::ThreeTwo),
        (2, 3) => Some(Clave::TwoThree),
        _ => None,
    };
    units.map(side).collect()
}

/// How often the two bars of a unit change places in a line: a unit that is more like the usual one turned
/// round than like the usual one. `None` where the line's two bars are alike or there are under two units.
///
/// It reads any line with a two-bar pattern: cowbell, surdo, bass.
pub fn flips(band: &Band, is_line: impl Fn(&Sounding) -> bool) -> Option<usize> {
    let units = units(band, is_line);
    let usual = usual(&units)?;
    let turned = |slot: usize| usual[(slot + SLOTS / 2) % SLOTS];
    let likeness = |unit: &[bool; SLOTS], of: &dyn Fn(usize) -> f64| {
        (0..SLOTS).filter(|&slot| unit[slot]).map(of).sum::<f64>()
    };
    let spoken = units.iter().filter(|unit| unit.contains(&true));
    Some(spoken.filter(|unit| likeness(unit, &turned) > likeness(unit, &|slot| usual[slot])).count())
}

/// Sixteenths of two bars of four; other meters are cut into as many.
const SLOTS: usize = 32;

/// The slots in which the line sounds, for each two-bar unit.
fn units(band: &Band, is_line: impl Fn(&Sounding) -> bool) -> Vec<[bool; SLOTS]> {
    let mut units = vec![[false; SLOTS]; band.bars() / 2];
    let slot = 2 * band.bar() / SLOTS as Tick;
    for note in band.notes.iter().filter(|note| !note.moved && is_line(note)) {
        let place = (note.on + slot / 2).div_euclid(slot);
        let unit = usize::try_from(place.div_euclid(SLOTS as Tick)).ok().and_then(|unit| units.get_mut(unit));
        if let Some(unit) = unit {
            unit[place.rem_euclid(SLOTS as Tick) as usize] = true;
        }
    }
    units
}

/// How often each slot is struck, if the two halves differ at all.
fn usual(units: &[[bool; SLOTS]]) -> Option<[f64; SLOTS]> {
    let share = |slot: usize| units.iter().filter(|unit| unit[slot]).count() as f64 / units.len() as f64;
    let usual: [f64; SLOTS] = std::array::from_fn(share);
    let apart = (0..SLOTS / 2).map(|slot| (usual[slot] - usual[slot + SLOTS / 2]).abs()).sum::<f64>();
    (units.len() >= 2 && apart >= 1.0).then_some(usual)
}
