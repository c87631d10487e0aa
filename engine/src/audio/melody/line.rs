//! The melody as it was, a twelfth of a beat at a time, and where it was like this before. Thread: audio.

use super::Habits;
use crate::POSITIONS;

/// Twelfths that are remembered: 32 bars of seven beats, and what leads to them.
const KEPT: usize = 4096;

/// How many bars ago the melody may have been the same: phrases, sections and forms.
const LAGS: [usize; 6] = [1, 2, 4, 8, 16, 32];

/// Twelfths in a beat.
const BEAT: usize = POSITIONS as usize;

/// The least that is compared, in beats.
const LEAST: usize = 4;

/// The pitch class of each twelfth of a beat that is over.
#[derive(Clone, Debug)]
pub(super) struct Line {
    heard: [Option<u8>; KEPT],
    /// How many twelfths were heard since the start.
    len: usize,
}

impl Default for Line {
    fn default() -> Line {
        Line { heard: [None; KEPT], len: 0 }
    }
}

/// A place of the past from which the melody came as it comes now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Echo {
    /// How sure that is, 0 to 1.
    pub trust: f32,
    /// The twelfth that corresponds to the one that comes next.
    at: usize,
    /// By how many semitones the melody is higher now.
    shift: u8,
}

impl Line {
    /// A twelfth is over, in which this pitch class sounded, or nothing.
    pub fn push(&mut self, pitch_class: Option<u8>) {
        self.heard[self.len % KEPT] = pitch_class;
        self.len += 1;
    }

    fn at(&self, twelfth: usize) -> Option<u8> {
        self.heard[twelfth % KEPT]
    }

    /// The place of the past that led on most like the last beats, if one is like enough; `fresh` has just begun.
    pub fn echo(&self, habits: &Habits, beats_per_bar: usize, fresh: Option<u8>) -> Option<Echo> {
        let Habits { window, alike, moved, .. } = *habits;
        let echoes = LAGS.iter().filter_map(|bars| {
            let at = self.len.checked_sub(bars * beats_per_bar * BEAT)?;
            let span = (window * BEAT).min(at);
            let is_known = span >= LEAST * BEAT && at + KEPT >= self.len + span;
            let shift = if is_known { self.shift(at, fresh) } else { return None };
            let same = self.likeness(at, span, shift)?;
            let trust = (same - alike) / (1.0 - alike) * span as f32 / (window * BEAT) as f32;
            let trust = if shift == 0 { trust } else { moved * trust };
            (trust > 0.0).then_some(Echo { trust, at, shift })
        });
        echoes.max_by(|a, b| a.trust.total_cmp(&b.trust))
    }

    /// By how many semitones the melody is higher than then: by what has just begun, else by the last twelfth.
    fn shift(&self, at: usize, fresh: Option<u8>) -> u8 {
        let last = || (self.at(self.len - 1), self.at(at - 1));
        match fresh.map_or_else(last, |fresh| (Some(fresh), self.at(at))) {
            (Some(now), Some(then)) => (now + 12 - then) % 12,
            _ => 0,
        }
    }

    /// The share of twelfths that were the same before `at` as just now; none where too little sounded.
    ///
    /// The last of them may all be shifted: since the twelfth from which on that is liker.
    fn likeness(&self, at: usize, span: usize, shift: u8) -> Option<f32> {
        let pairs = (1..=span).map(|back| (self.at(self.len - back), self.at(at - back)));
        let (mut sounding, mut same) = (0, 0);
        let (mut gain, mut most) = (0, 0);
        for (now, then) in pairs.filter(|(now, then)| now.is_some() || then.is_some()) {
            let is_same = i32::from(now == then);
            sounding += 1;
            same += is_same;
            gain += i32::from(now == then.map(|then| (then + shift) % 12)) - is_same;
            most = most.max(gain);
        }
        (sounding >= 2 * BEAT).then(|| (same + most) as f32 / sounding as f32)
    }

    /// How often each pitch class came in the beats after an echo, the nearer the more; sums to 1, or is all 0.
    pub fn foretold(&self, echo: Echo, beats: usize) -> [f32; 12] {
        let span = beats * BEAT;
        let mut often = [0.0; 12];
        for ahead in (0..span).take_while(|ahead| echo.at + ahead < self.len) {
            if let Some(pitch_class) = self.at(echo.at + ahead) {
                often[usize::from((pitch_class + echo.shift) % 12)] +=
                    (-(ahead as f32) / (0.7 * span as f32)).exp();
            }
        }
        let sum: f32 = often.iter().sum();
        if sum > 0.0 { often.map(|share| share / sum) } else { often }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(pitch_classes: impl Iterator<Item = u8>) -> Line {
        let mut line = Line::default();
        for pitch_class in pitch_classes {
            (0..BEAT).for_each(|_| line.push(Some(pitch_class)));
        }
        line
    }

    #[test]
    fn a_phrase_that_returns_foretells_how_it_went_on() {
        let phrase = [0, 4, 7, 4, 2, 5, 9, 5, 11, 2, 7, 2, 6, 1, 3, 8];
        let line = line(phrase.into_iter().chain(phrase[..12].iter().copied()));
        let echo = line.echo(&Habits::default(), 4, None).unwrap();
        assert_eq!(echo.trust, 1.0);
        let next = line.foretold(echo, 2);
        assert!(next[6] > next[1] && next[6] + next[1] > 0.999, "{next:?}");
    }

    #[test]
    fn a_phrase_that_goes_on_higher_foretells_the_rest_as_high_and_is_trusted_less() {
        let phrase = [0, 4, 7, 4, 2, 5, 9, 5, 11, 2, 7, 2, 6, 1, 3, 8];
        let higher = phrase.map(|pitch_class| (pitch_class + 3) % 12);
        let again = phrase[..9].iter().chain(&higher[9..12]);
        let moved = line(phrase.iter().chain(again).copied());
        let fresh = line(phrase.iter().chain(&phrase[..12]).copied());
        for (line, fresh) in [(moved, None), (fresh, Some(9))] {
            let echo = line.echo(&Habits::default(), 4, fresh).unwrap();
            assert_eq!(echo.trust, Habits::default().moved);
            let next = line.foretold(echo, 2);
            assert!(next[9] > next[4] && next[9] + next[4] > 0.999, "{next:?}");
        }
    }

    #[test]
    fn nothing_is_foretold_by_a_melody_that_never_returns() {
        let mut rng = fastrand::Rng::with_seed(2);
        let line = line((0..500).map(|_| rng.u8(..12)));
        assert_eq!(line.echo(&Habits::default(), 4, None), None);
    }

    #[test]
    fn silence_is_no_echo() {
        let mut line = Line::default();
        (0..2 * KEPT).for_each(|_| line.push(None));
        assert_eq!(line.echo(&Habits::default(), 4, None), None);
    }
}
