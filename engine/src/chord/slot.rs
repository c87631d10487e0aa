//! What stands in the slots 1, 3, 5 and 7 of each quality, and what its 9, 11 and 13 are.

use super::Quality;

/// Semitones above the root for the slots 3, 5, 7 and the tensions 9, 11, 13, in the order of [`Quality`].
///
/// Slots: a sus has its 4 or 2 for a third, a power chord its octave for a third and its fifth for a seventh, a
/// sixth chord its 6 and a diminished seventh its bb7 for a seventh, a triad its octave (12).
/// Tensions: one that the quality forbids stands as its allowed alteration (#11 over a major third, b9 and b13 over
/// an altered dominant), else as the nearest chord tone.
#[rustfmt::skip]
static TABLE: [([u8; 3], [u8; 3]); Quality::COUNT] = [
    ([4, 7, 12], [2, 4, 9]),  // Maj
    ([3, 7, 12], [2, 5, 7]),  // Min
    ([4, 7, 10], [2, 6, 9]),  // Dom7
    ([4, 7, 11], [2, 6, 9]),  // Maj7
    ([3, 7, 10], [2, 5, 9]),  // Min7
    ([3, 7, 11], [2, 5, 9]),  // MinMaj7
    ([4, 7, 9],  [2, 6, 9]),  // Six
    ([3, 7, 9],  [2, 5, 9]),  // Min6
    ([4, 7, 9],  [2, 6, 9]),  // SixNine
    ([3, 7, 9],  [2, 5, 9]),  // Min69
    ([4, 7, 12], [2, 4, 9]),  // Add9
    ([3, 7, 12], [2, 5, 7]),  // MinAdd9
    ([4, 7, 10], [2, 6, 9]),  // Dom9
    ([4, 7, 11], [2, 6, 9]),  // Maj9
    ([3, 7, 10], [2, 5, 9]),  // Min9
    ([3, 7, 11], [2, 5, 9]),  // MinMaj9
    ([4, 7, 10], [2, 5, 9]),  // Dom11
    ([3, 7, 10], [2, 5, 9]),  // Min11
    ([4, 7, 10], [2, 6, 9]),  // Dom13
    ([4, 7, 11], [2, 6, 9]),  // Maj13
    ([3, 7, 10], [2, 5, 9]),  // Min13
    ([4, 7, 10], [1, 4, 8]),  // Dom7Flat9
    ([4, 7, 10], [3, 6, 8]),  // Dom7Sharp9
    ([4, 7, 10], [2, 6, 9]),  // Dom7Sharp11
    ([4, 7, 10], [2, 4, 8]),  // Dom7Flat13
    ([4, 7, 10], [1, 6, 9]),  // Dom13Flat9
    ([4, 6, 10], [2, 6, 8]),  // Dom7Flat5
    ([4, 8, 10], [2, 6, 8]),  // Dom7Sharp5
    ([4, 8, 11], [2, 6, 8]),  // Maj7Sharp5
    ([4, 7, 11], [2, 6, 9]),  // Maj7Sharp11
    ([3, 6, 10], [0, 5, 8]),  // HalfDim
    ([3, 6, 12], [2, 5, 8]),  // Dim
    ([3, 6, 9],  [2, 5, 8]),  // Dim7
    ([4, 8, 12], [2, 6, 8]),  // Aug
    ([2, 7, 12], [2, 7, 9]),  // Sus2
    ([5, 7, 12], [2, 5, 9]),  // Sus4
    ([5, 7, 10], [2, 5, 9]),  // Dom7Sus4
    ([5, 7, 10], [2, 5, 9]),  // Dom9Sus4
    ([12, 7, 7], [0, 7, 7]),  // Power
];

impl Quality {
    /// Semitones above the root for a slot: 1, 3, 5 or 7; any other number is the root.
    ///
    /// Total: every quality has every slot, by the fall-backs of the table; 12 is the octave.
    /// Thread: any. Real-time: yes.
    pub fn slot(self, slot: u8) -> u8 {
        let [third, fifth, seventh] = TABLE[self as usize].0;
        match slot {
            3 => third,
            5 => fifth,
            7 => seventh,
            _ => 0,
        }
    }

    /// Semitones above the root, below the octave, for a tension: 9, 11 or 13; any other number is the root.
    ///
    /// Total: a tension that the quality forbids is its replacement. Thread: any. Real-time: yes.
    pub fn tension(self, degree: u8) -> u8 {
        let [ninth, eleventh, thirteenth] = TABLE[self as usize].1;
        match degree {
            9 => ninth,
            11 => eleventh,
            13 => thirteenth,
            _ => 0,
        }
    }

    /// The seventh (or the sixth, or the bb7) that the symbol itself names, in semitones.
    pub fn seventh(self) -> Option<u8> {
        Some(self.slot(7)).filter(|tone| (9..12).contains(tone))
    }

    /// Whether it pulls: a major third with a minor seventh.
    pub fn is_dominant(self) -> bool {
        self.slot(3) == 4 && self.slot(7) == 10
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_slot_is_a_tone_of_its_chord_or_the_octave() {
        for quality in Quality::all() {
            for slot in [1, 3, 5, 7] {
                let tone = quality.slot(slot) % 12;
                assert!(quality.intervals().contains(&tone), "{quality:?} {slot}: {tone}");
            }
        }
    }

    #[test]
    fn no_tension_lies_a_semitone_above_a_tone_unless_the_symbol_or_an_altered_dominant_wants_it() {
        for quality in Quality::all() {
            for degree in [9, 11, 13] {
                let tone = quality.tension(degree);
                let named = quality.intervals().contains(&tone);
                let rubs = [1, 3, 5].iter().any(|slot| (tone + 12 - quality.slot(*slot) % 12) % 12 == 1);
                let altered = quality.is_dominant() && degree == 13 && tone == 8;
                assert!(named || !rubs || altered, "{quality:?} {degree}: {tone}");
            }
        }
    }

    #[test]
    fn the_slots_fall_back_as_the_rules_say() {
        assert_eq!([3, 5, 7].map(|slot| Quality::Power.slot(slot)), [12, 7, 7]);
        assert_eq!((Quality::Sus4.slot(3), Quality::Sus2.slot(3)), (5, 2));
        assert_eq!((Quality::Six.slot(7), Quality::Dim7.slot(7), Quality::Maj.slot(7)), (9, 9, 12));
        assert_eq!((Quality::Maj7.tension(11), Quality::HalfDim.tension(9)), (6, 0));
    }
}
