//! Every set of pitch classes, and the chords that it may be called. Built when the program is compiled.

use super::forms::FORMS;
use crate::Quality;

/// A set of pitch classes: bit 0 is C, bit 11 is B.
pub(super) type Set = u16;

/// A root and what stands on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reading {
    /// Pitch class.
    pub root: u8,
    /// What stands on it.
    pub quality: Quality,
}

/// Four roots share a diminished seventh; nothing has more names.
const MOST: usize = 4;
const SETS: usize = 1 << 12;

static TABLE: [[Option<Reading>; MOST]; SETS] = build();

/// The chords that have exactly these notes, or else those that are played with these notes.
///
/// Thread: audio. Real-time: yes.
pub(super) fn readings(set: Set) -> impl Iterator<Item = Reading> {
    TABLE[usize::from(set) & (SETS - 1)].iter().flatten().copied()
}

/// The notes of a reading.
pub(super) const fn notes(reading: Reading) -> Set {
    transposed(bits(reading.quality.intervals()), reading.root)
}

/// Intervals as a set over C.
const fn bits(intervals: &[u8]) -> Set {
    let mut set = 0;
    let mut i = 0;
    while i < intervals.len() {
        set |= 1 << intervals[i];
        i += 1;
    }
    set
}

/// The set `by` semitones higher.
pub(super) const fn transposed(set: Set, by: u8) -> Set {
    let wide = (set as u32) << (by % 12);
    ((wide | wide >> 12) & 0xfff) as Set
}

const fn build() -> [[Option<Reading>; MOST]; SETS] {
    let mut table = [[None; MOST]; SETS];
    let mut i = 0;
    while i < FORMS.len() {
        enter(&mut table, FORMS[i].0, bits(FORMS[i].0.intervals()));
        i += 1;
    }
    let whole = table;
    i = 0;
    while i < FORMS.len() {
        let (quality, forms) = FORMS[i];
        let mut form = 0;
        while form < forms.len() {
            // One test for all twelve roots: a whole chord transposes with its form.
            if whole[bits(forms[form]) as usize][0].is_none() {
                enter(&mut table, quality, bits(forms[form]));
            }
            form += 1;
        }
        i += 1;
    }
    table
}

/// Enters a shape over C on all twelve roots.
const fn enter(table: &mut [[Option<Reading>; MOST]; SETS], quality: Quality, shape: Set) {
    let mut root = 0;
    while root < 12 {
        let names = &mut table[transposed(shape, root) as usize];
        let mut free = 0;
        while names[free].is_some() {
            free += 1;
        }
        names[free] = Some(Reading { root, quality });
        root += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_quality_has_a_row_and_its_whole_chord_a_reading() {
        assert_eq!(FORMS.len(), Quality::COUNT);
        for quality in Quality::all() {
            for root in 0..12 {
                let reading = Reading { root, quality };
                assert!(readings(notes(reading)).any(|r| r == reading), "{root} {quality:?}");
            }
        }
    }

    #[test]
    fn a_whole_chord_hides_every_shape_with_the_same_notes() {
        for set in 0..SETS as Set {
            let whole = readings(set).filter(|&r| notes(r) == set).count();
            assert!(whole == 0 || whole == readings(set).count(), "{set:#b}");
        }
    }

    #[test]
    fn a_set_comes_back_after_twelve_semitones() {
        assert!((0..SETS as Set).all(|set| transposed(transposed(set, 5), 7) == set));
    }
}
