//! The chord to expect at the next beat, from what was played at the same place of the form. Thread: audio.

use crate::{Beat, Chord, Quality};

/// Beats that are remembered: two passes of 32 bars of four, and some.
const MEMORY: usize = 512;

/// Bars of the forms that are looked for, longest first: AABA repeats after 8 bars too, and then does not.
const FORMS: [i32; 5] = [32, 16, 12, 8, 4];

/// What was played at each beat, and what the form makes of it.
#[derive(Clone, Debug)]
pub struct Expect {
    /// The chord of each beat, by its ordinal modulo the length.
    played: [Option<Chord>; MEMORY],
    /// The first beat that is remembered.
    first: i32,
    /// The beat that has begun; its own chord is not known yet.
    now: i32,
    beats_per_bar: i32,
    next: Option<Chord>,
}

impl Default for Expect {
    fn default() -> Expect {
        Expect { played: [None; MEMORY], first: 0, now: 0, beats_per_bar: 4, next: None }
    }
}

impl Expect {
    /// A beat begins; `last` was the chord of the beat before it.
    ///
    /// A jump or another meter forgets everything. Thread: audio. Real-time: yes; about 1000 comparisons.
    pub fn beat(&mut self, beat: Beat, beats_per_bar: i32, last: Option<Chord>) {
        if beat.0 != self.now + 1 || beats_per_bar != self.beats_per_bar {
            *self = Expect { first: beat.0, now: beat.0, beats_per_bar, ..Expect::default() };
            return;
        }
        let slot = self.slot(self.now);
        self.played[slot] = last;
        self.now = beat.0;
        self.next = self.form().and_then(|beats| self.agreed(beat.0 + 1, beats));
    }

    /// The chord expected at the next beat: what the last two passes of the form have there, if they agree.
    pub fn next(&self) -> Option<Chord> {
        self.next
    }

    /// Beats of the longest form whose last two passes agree in nine beats of ten.
    fn form(&self) -> Option<i32> {
        FORMS.iter().map(|bars| bars * self.beats_per_bar).find(|&beats| {
            let known = self.now + 1 - 2 * beats >= self.first && 2 * beats < MEMORY as i32;
            known
                && (0..beats).filter(|i| self.agrees(self.now - 1 - i, beats)).count() as i32 * 10
                    >= beats * 9
        })
    }

    fn agreed(&self, beat: i32, form: i32) -> Option<Chord> {
        let last = beat - form;
        self.agrees(last, form).then(|| self.at(last)).flatten()
    }

    /// Whether a beat had the same kind of chord one form earlier.
    fn agrees(&self, beat: i32, form: i32) -> bool {
        match (self.at(beat), self.at(beat - form)) {
            (Some(a), Some(b)) => a.root == b.root && is_minor(a.quality) == is_minor(b.quality),
            _ => false,
        }
    }

    fn at(&self, beat: i32) -> Option<Chord> {
        if beat < self.first.max(self.now - MEMORY as i32) { None } else { self.played[self.slot(beat)] }
    }

    fn slot(&self, beat: i32) -> usize {
        beat.rem_euclid(MEMORY as i32) as usize
    }
}

fn is_minor(quality: Quality) -> bool {
    let intervals = quality.intervals();
    intervals.contains(&3) && !intervals.contains(&4)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Quality::*;

    /// Plays a chord a beat and counts how many of the last pass were expected, and how many wrongly.
    fn heard(form: &[Chord], passes: usize) -> (usize, usize) {
        let mut expect = Expect::default();
        let (mut right, mut wrong) = (0, 0);
        let beats = form.len() * passes;
        for beat in 0..beats - 1 {
            expect.beat(Beat(beat as i32), 4, beat.checked_sub(1).map(|b| form[b % form.len()]));
            let last_pass = beat + 1 >= beats - form.len();
            match expect.next() {
                Some(chord) if last_pass && chord == form[(beat + 1) % form.len()] => right += 1,
                Some(_) if last_pass => wrong += 1,
                _ => {}
            }
        }
        (right, wrong)
    }

    fn bars(roots: &[u8], quality: Quality) -> Vec<Chord> {
        roots.iter().flat_map(|&root| [Chord::new(root, quality); 4]).collect()
    }

    #[test]
    fn the_third_chorus_of_a_blues_is_expected() {
        let blues = bars(&[0, 5, 0, 0, 5, 5, 0, 0, 7, 5, 0, 7], Dom7);
        assert_eq!(heard(&blues, 3), (48, 0));
    }

    #[test]
    fn the_bridge_of_the_third_chorus_is_expected() {
        let a = [0, 9, 2, 7, 4, 9, 2, 7];
        let bridge = [4, 4, 9, 9, 2, 2, 7, 7];
        let song = bars(&[a, a, bridge, a].concat(), Maj);
        assert_eq!(heard(&song, 3), (128, 0));
    }

    #[test]
    fn nothing_is_expected_of_chords_that_never_repeat() {
        let mut rng = fastrand::Rng::with_seed(3);
        let wander: Vec<Chord> = (0..256).map(|_| Chord::new(rng.u8(..12), Min7)).collect();
        assert_eq!(heard(&wander, 1), (0, 0));
    }

    #[test]
    fn a_jump_forgets_the_form() {
        let mut expect = Expect::default();
        (0..40).for_each(|b| expect.beat(Beat(b), 4, Some(Chord::new(0, Maj))));
        assert!(expect.next().is_some());
        expect.beat(Beat(0), 4, Some(Chord::new(0, Maj)));
        assert_eq!(expect.next(), None);
    }
}
