//! Which chords the accompanist thinks may come.

use crate::Chord;

/// A chord that may come, and how likely it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guess {
    /// The chord.
    pub chord: Chord,
    /// Its probability in 255ths.
    pub likely: u8,
}

/// The likeliest chords of a beat; what they lack to 1 is anything else. Small and `Copy`: it travels in a chunk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Guesses([Option<Guess>; Guesses::MOST]);

impl Guesses {
    /// Chords at most.
    pub const MOST: usize = 4;

    /// Nothing is expected.
    pub const NONE: Guesses = Guesses([None; Guesses::MOST]);

    /// One chord, with a probability from 0 to 1.
    pub fn one(chord: Chord, probability: f32) -> Guesses {
        let mut guesses = Guesses::NONE;
        guesses.push(chord, probability);
        guesses
    }

    /// Adds a chord with a probability from 0 to 1. What finds no room, or is hardly ever likely, is left out.
    pub fn push(&mut self, chord: Chord, probability: f32) {
        let likely = (probability.clamp(0.0, 1.0) * 255.0).round() as u8;
        if let Some(slot) = self.0.iter_mut().find(|slot| slot.is_none()).filter(|_| likely > 0) {
            *slot = Some(Guess { chord, likely });
        }
    }

    /// Whether nothing is expected.
    pub fn is_empty(&self) -> bool {
        self.0[0].is_none()
    }

    /// The chords, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = Guess> + '_ {
        self.0.iter().flatten().copied()
    }
}

impl Guess {
    /// Its probability, 0 to 1.
    pub fn probability(&self) -> f32 {
        f32::from(self.likely) / 255.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Quality;

    #[test]
    fn what_finds_no_room_or_is_unlikely_is_left_out() {
        let mut guesses = Guesses::NONE;
        assert!(guesses.is_empty());
        guesses.push(Chord::new(11, Quality::Maj), 0.001);
        assert!(guesses.is_empty());
        (0..6).for_each(|root| guesses.push(Chord::new(root, Quality::Maj), 0.5));
        assert_eq!(guesses.iter().map(|guess| guess.chord.root).collect::<Vec<_>>(), [0, 1, 2, 3]);
    }
}
