//! Which scale a chord takes in a key.

use super::{Chord, Quality};
use crate::{LocalKey, Mode};
use Quality::*;
use Scale::*;

/// A scale on the root of a chord.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
#[allow(missing_docs, reason = "the names are the usual ones; `Scale::steps` spells them")]
#[rustfmt::skip]
pub enum Scale {
    Ionian, Dorian, Phrygian, Lydian, Mixolydian, Aeolian, Locrian, MelodicMinor, HarmonicMinor,
    LydianAugmented, LydianDominant, MixolydianFlat6, Altered, PhrygianDominant, WholeTone, WholeHalf,
    HalfWhole, Suspended,
}

/// Name and semitones above the root, in the order of [`Scale`].
#[rustfmt::skip]
static SCALES: [(&str, &[u8]); Scale::COUNT] = [
    ("ionian", &[0, 2, 4, 5, 7, 9, 11]), ("dorian", &[0, 2, 3, 5, 7, 9, 10]),
    ("phrygian", &[0, 1, 3, 5, 7, 8, 10]), ("lydian", &[0, 2, 4, 6, 7, 9, 11]),
    ("mixolydian", &[0, 2, 4, 5, 7, 9, 10]), ("aeolian", &[0, 2, 3, 5, 7, 8, 10]),
    ("locrian", &[0, 1, 3, 5, 6, 8, 10]), ("melodic minor", &[0, 2, 3, 5, 7, 9, 11]),
    ("harmonic minor", &[0, 2, 3, 5, 7, 8, 11]), ("lydian augmented", &[0, 2, 4, 6, 8, 9, 11]),
    ("lydian dominant", &[0, 2, 4, 6, 7, 9, 10]), ("mixolydian b6", &[0, 2, 4, 5, 7, 8, 10]),
    ("altered", &[0, 1, 3, 4, 6, 8, 10]), ("phrygian dominant", &[0, 1, 4, 5, 7, 8, 10]),
    ("whole tone", &[0, 2, 4, 6, 8, 10]), ("whole-half", &[0, 2, 3, 5, 6, 8, 9, 11]),
    ("half-whole", &[0, 1, 3, 4, 6, 7, 9, 10]), ("suspended pentatonic", &[0, 2, 5, 7, 10]),
];

impl Scale {
    /// How many scales there are.
    pub const COUNT: usize = Suspended as usize + 1;

    /// Its usual name.
    pub fn name(self) -> &'static str {
        SCALES[self as usize].0
    }

    /// Its semitones above the root: five to eight, ascending, from 0.
    pub fn steps(self) -> &'static [u8] {
        SCALES[self as usize].1
    }

    /// Semitones above the root of a number of steps; negative is below.
    pub fn semitones(self, steps: i8) -> i16 {
        let scale = self.steps();
        let (steps, len) = (i16::from(steps), scale.len() as i16);
        let step = scale[steps.rem_euclid(len) as usize];
        12 * steps.div_euclid(len) + i16::from(step)
    }

    /// Its pitch classes on a root: bit 0 = C.
    pub fn pcs(self, root: u8) -> u16 {
        self.steps().iter().fold(0, |set, step| set | 1 << ((root + step) % 12))
    }
}

/// The scales that a quality may take, the first where no key is known.
pub(super) fn candidates(quality: Quality) -> &'static [Scale] {
    match quality {
        Maj => &[Ionian, Lydian, Mixolydian, PhrygianDominant],
        Add9 | Six | SixNine => &[Ionian, Lydian, Mixolydian],
        Maj7 | Maj9 | Maj13 => &[Ionian, Lydian],
        Maj7Sharp11 => &[Lydian],
        Maj7Sharp5 => &[LydianAugmented],
        Min => &[Aeolian, Dorian, Phrygian],
        Min7 => &[Dorian, Aeolian, Phrygian],
        MinAdd9 | Min9 | Min11 => &[Dorian, Aeolian],
        Min13 => &[Dorian],
        Min6 | Min69 => &[Dorian, MelodicMinor],
        MinMaj7 | MinMaj9 => &[MelodicMinor, HarmonicMinor],
        Dom7 => &[Mixolydian, PhrygianDominant, LydianDominant],
        Dom9 | Dom13 => &[Mixolydian, LydianDominant],
        Dom11 => &[Mixolydian],
        Dom7Flat9 => &[PhrygianDominant, HalfWhole],
        Dom7Flat13 => &[MixolydianFlat6, PhrygianDominant],
        Dom7Sharp9 => &[Altered],
        Dom7Sharp11 => &[LydianDominant],
        Dom13Flat9 => &[HalfWhole],
        Dom7Flat5 | Dom7Sharp5 | Aug => &[WholeTone],
        HalfDim => &[Locrian],
        Dim => &[WholeHalf, Locrian],
        Dim7 => &[WholeHalf],
        Sus2 => &[Ionian, Mixolydian, Dorian, Aeolian],
        Sus4 => &[Mixolydian, Ionian, Dorian, Aeolian],
        Dom7Sus4 | Dom9Sus4 => &[Mixolydian, Dorian],
        Power => &[Suspended],
    }
}

/// The pitch classes of a key, or none where the mode is unknown. Minor has both its sevenths, blues both its thirds.
fn key_pcs(key: LocalKey) -> Option<u16> {
    let on = |scale: Scale| scale.pcs(key.tonic);
    match key.mode {
        Mode::Unknown => None,
        Mode::Major => Some(on(Ionian)),
        Mode::Minor => Some(on(Aeolian) | on(HarmonicMinor)),
        Mode::Dorian => Some(on(Dorian)),
        Mode::Mixolydian => Some(on(Mixolydian)),
        Mode::Blues => Some(on(Mixolydian) | on(Dorian)),
    }
}

impl Chord {
    /// The scale that it takes: of those of its quality the one with the fewest notes outside the key, the first of
    /// them where that is a tie or no key is known; in a blues none with a major seventh, if it can be. A dominant that falls a fifth to a chord with a minor third
    /// takes the phrygian dominant.
    ///
    /// Thread: any. Real-time: yes.
    pub fn scale(self, key: LocalKey, next: Option<Chord>) -> Scale {
        let scales = candidates(self.quality);
        let falls = |next: &Chord| next.root == (self.root + 5) % 12 && next.quality.slot(3) == 3;
        if self.quality.is_dominant()
            && scales.contains(&PhrygianDominant)
            && next.as_ref().is_some_and(falls)
        {
            return PhrygianDominant;
        }
        let first = scales.first().copied().unwrap_or(Ionian);
        let Some(inside) = key_pcs(key) else { return first };
        let outside = |scale: &Scale| (scale.pcs(self.root) & !inside).count_ones();
        // In a blues every major chord is a dominant.
        let sweet = |scale: &Scale| key.mode == Mode::Blues && scale.steps().contains(&11);
        scales.iter().copied().min_by_key(|scale| (sweet(scale), outside(scale))).unwrap_or(first)
    }

    /// The seventh that it would have in its key where the symbol names none, in semitones: a major seventh only
    /// where the key has it; none where the key is unknown (a minor triad has its minor seventh anywhere), over
    /// sus chords only the minor one, over diminished, augmented and power chords none.
    ///
    /// Thread: any. Real-time: yes.
    pub fn natural_seventh(self, key: LocalKey, next: Option<Chord>) -> Option<u8> {
        let highest = self.scale(key, next).steps().last().copied()?;
        let inside = key_pcs(key).is_some_and(|key| key >> ((self.root + highest) % 12) & 1 == 1);
        let fits = match self.quality {
            Min | MinAdd9 => true,
            Maj | Add9 => inside,
            Sus2 | Sus4 => inside && highest == 10,
            _ => false,
        };
        fits.then_some(highest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chord(text: &str) -> Chord {
        Chord::parse(text).unwrap().unwrap()
    }

    fn in_c(mode: Mode) -> LocalKey {
        LocalKey { tonic: 0, mode }
    }

    #[test]
    fn every_scale_of_a_quality_holds_the_tones_that_make_it() {
        for quality in Quality::all() {
            for scale in candidates(quality) {
                for slot in [1, 3, 7] {
                    let tone = quality.slot(slot) % 12;
                    let held =
                        scale.steps().contains(&tone) || matches!(slot, 7) && quality.seventh().is_none();
                    assert!(held, "{quality:?} {scale:?} {slot}");
                }
            }
        }
    }

    #[test]
    fn the_key_chooses_the_mode() {
        #[rustfmt::skip]
        let cases = [
            ("Dm7", Mode::Major, Dorian), ("Em7", Mode::Major, Phrygian), ("Am7", Mode::Major, Aeolian),
            ("G7", Mode::Major, Mixolydian), ("Fmaj7", Mode::Major, Lydian), ("Bb7", Mode::Major, LydianDominant),
            ("E7", Mode::Major, PhrygianDominant), ("G7", Mode::Minor, PhrygianDominant), ("Cm7", Mode::Minor, Aeolian),
            ("Cm7", Mode::Dorian, Dorian), ("F7", Mode::Blues, Mixolydian), ("Cm7", Mode::Unknown, Dorian),
        ];
        for (symbol, mode, scale) in cases {
            assert_eq!(chord(symbol).scale(in_c(mode), None), scale, "{symbol} {mode:?}");
        }
        assert_eq!(chord("A7").scale(in_c(Mode::Major), Some(chord("Dm7"))), PhrygianDominant);
    }

    #[test]
    fn a_plain_triad_has_the_seventh_of_its_key_or_none() {
        let seventh = |symbol, mode| chord(symbol).natural_seventh(in_c(mode), None);
        assert_eq!(["C", "F", "G", "Dm"].map(|s| seventh(s, Mode::Major)), [11, 11, 10, 10].map(Some));
        assert_eq!(["C", "F", "G"].map(|s| seventh(s, Mode::Blues)), [Some(10); 3]);
        assert_eq!(
            ["C", "Am", "Gsus4", "C5"].map(|s| seventh(s, Mode::Unknown)),
            [None, Some(10), None, None]
        );
    }

    #[test]
    fn steps_count_on_over_octaves() {
        assert_eq!([-8, -7, -1, 0, 2, 7, 9].map(|n| Ionian.semitones(n)), [-13, -12, -1, 0, 4, 12, 16]);
    }
}
