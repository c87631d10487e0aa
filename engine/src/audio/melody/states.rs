//! The chords that a melody is given: nine qualities on twelve roots, numbered.

use crate::Chord;
use crate::Quality::{self, *};

/// What may stand on a root.
pub const QUALITIES: [Quality; 9] = [Maj, Min, Dom7, Maj7, Min7, HalfDim, Dim7, Sus4, Aug];

/// How many chords there are.
pub const STATES: usize = 12 * QUALITIES.len();

/// The number of a quality's nearest relative: by its third, its fifth, and its seventh.
fn nearest(quality: Quality) -> usize {
    let wanted = match (quality.slot(3), quality.slot(5), quality.slot(7)) {
        (2 | 5, ..) => Sus4,
        (3, 6, 10) => HalfDim,
        (3, 6, _) => Dim7,
        (3, _, 10) => Min7,
        (3, ..) => Min,
        (_, _, 10) => Dom7,
        (_, 8, _) => Aug,
        (_, _, 11) => Maj7,
        _ => Maj,
    };
    QUALITIES.iter().position(|quality| *quality == wanted).unwrap_or_default()
}

/// The number of a chord's nearest relative, with its root counted from `tonic`: 0 to [`STATES`] - 1.
pub fn number(chord: Chord, tonic: u8) -> usize {
    usize::from((chord.root + 12 - tonic % 12) % 12) * QUALITIES.len() + nearest(chord.quality)
}

/// The chord of a number that was counted from C.
pub fn chord(number: usize) -> Chord {
    Chord::new((number / QUALITIES.len()) as u8, QUALITIES[number % QUALITIES.len()])
}

/// The number from C of a chord that was counted from `tonic`.
pub fn absolute(number: usize, tonic: usize) -> usize {
    (number + tonic * QUALITIES.len()) % STATES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_chord_comes_back_from_its_number_in_every_key() {
        for state in 0..STATES {
            for tonic in 0..12 {
                let relative = number(chord(state), tonic);
                assert_eq!(absolute(relative, usize::from(tonic)), state);
            }
        }
    }

    #[test]
    fn a_relative_lacks_no_third_and_no_seventh_that_it_could_have() {
        for quality in Quality::all().filter(|quality| *quality != Power) {
            let near = QUALITIES[nearest(quality)];
            let is_sus = near == Sus4;
            assert!(is_sus || near.slot(3) == quality.slot(3), "{quality:?} {near:?}");
        }
        assert_eq!([Dom13, Min9, Maj9].map(nearest), [Dom7, Min7, Maj7].map(nearest));
    }
}
