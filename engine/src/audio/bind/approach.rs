//! Approaches: notes that lead into the next one of their part. Runs on the audio thread.

use super::line::{Expected, Line};
use super::{Onset, Palette, View, Voicing, chord_of};
use crate::audio::voicing::voice;
use crate::{Approach, Chord, Family, Note, Quality, Role};

impl Line {
    /// An approach to the note that follows, over the chord that will be there; to the fifth or the octave of the
    /// present chord where that chord is not known.
    pub fn approach(&mut self, approach: Approach, onset: &Onset<'_>, view: &View) -> Option<Voicing> {
        let aim = onset.target.and_then(|target| self.aim(approach, target, onset.same_chord, view));
        aim.or_else(|| self.at_rest(view.chord?, view))
    }

    fn aim(&mut self, approach: Approach, target: &Note, same_chord: bool, view: &View) -> Option<Voicing> {
        if let Role::Pedal(key) = target.role {
            let to = self.pedal(key).top()?;
            return Some(Voicing::one(self.beside(to, approach)));
        }
        let over = if same_chord { chord_of(target.anchor, view) } else { view.next }?;
        // The coming chord is the present one for its own note.
        let there = View { chord: Some(over), next: view.next.filter(|_| same_chord), ..*view };
        match target.role {
            Role::Shape { family, top } => Some(self.aim_voicing(approach, family, top, over, &there)),
            role => self.aim_note(approach, role, over, &there),
        }
    }

    fn aim_note(&mut self, approach: Approach, role: Role, over: Chord, there: &View) -> Option<Voicing> {
        let (to, home) = self.pitch(role, &Palette::new(over, there))?;
        let from = self.beside(to, approach);
        // The target finds its home where it was when the approach was aimed.
        self.home = Some(home);
        self.expected = Some(Expected { over, from, to });
        Some(Voicing::one(from))
    }

    /// The voicing of the target shifted, or its family over the dominant of the target.
    fn aim_voicing(
        &mut self,
        approach: Approach,
        family: Family,
        top: u8,
        over: Chord,
        there: &View,
    ) -> Voicing {
        let to = self.shape(family, top, over, there);
        let Some(step) = step(approach) else {
            let dominant = Chord::new(over.root + 7, Quality::Dom7);
            return voice(&self.wish(family, 0, there), dominant, there);
        };
        let fits = |step: i16| to.keys().iter().all(|key| self.holds(i16::from(*key) + step));
        let step = if fits(step) { step } else { -step };
        if fits(step) { to.map(|key| (i16::from(key) + step) as u8) } else { to }
    }

    fn holds(&self, key: i16) -> bool {
        (i16::from(self.reach.low)..=i16::from(self.reach.high)).contains(&key)
    }

    /// The key from which an approach leads to `to`. At the edge of the range it comes from the other side.
    fn beside(&self, to: u8, approach: Approach) -> u8 {
        let to = i16::from(to);
        let ways = match step(approach) {
            Some(step) => [to + step, to - step],
            None => {
                let last = self.last.top().map_or(to, i16::from);
                let (below, above) = (to - 5, to + 7);
                if (above - last).abs() < (below - last).abs() { [above, below] } else { [below, above] }
            }
        };
        ways.into_iter().find(|key| self.holds(*key)).unwrap_or(to) as u8
    }

    /// The fifth or the octave of the present chord, the nearest that does not repeat.
    fn at_rest(&mut self, chord: Chord, view: &View) -> Option<Voicing> {
        let palette = Palette::new(chord, view);
        let pcs = 1u16 << palette.slot(5) | 1 << (chord.bass % 12);
        let Some(last) = self.last.top() else {
            let role = Role::Chord { slot: 5, octave: 0 };
            return self.pitch(role, &palette).map(|(key, _)| Voicing::one(key));
        };
        let keys =
            (self.reach.low..=self.reach.high).filter(|key| pcs >> (key % 12) & 1 == 1 && *key != last);
        keys.min_by_key(|key| key.abs_diff(last)).map(Voicing::one)
    }
}

/// The way from the target to its approach, in semitones; the dominant is a leap.
fn step(approach: Approach) -> Option<i16> {
    match approach {
        Approach::HalfBelow => Some(-1),
        Approach::HalfAbove => Some(1),
        Approach::WholeBelow => Some(-2),
        Approach::WholeAbove => Some(2),
        Approach::Fifth => None,
    }
}
