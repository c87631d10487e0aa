//! What one part has played, and where its next pitch lies. Runs on the audio thread.

use super::{Palette, Reach, View, Voicing, fold};
use crate::audio::voicing::{Wish, voice};
use crate::{Chord, Family, Part, Role};

/// How far above its low note the bass puts octave 0: an octave and a fourth.
const BASS_HOME: u8 = 17;
/// A third below the performer's melody.
const CLEAR: u8 = 3;

/// What an approach leads to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Expected {
    /// The chord that the target was bound over.
    pub over: Chord,
    /// Where the approach stands.
    pub from: u8,
    /// Where it leads.
    pub to: u8,
}

/// The memory of one part.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    pub part: Part,
    /// The keys that it may play.
    pub reach: Reach,
    /// What sounded last.
    pub last: Voicing,
    /// What the last voicing was, or what an approach expects the next one to be.
    pub voiced: Voicing,
    /// Where octave 0 of the line has been.
    pub home: Option<u8>,
    /// Set by an approach, for the note that follows.
    pub expected: Option<Expected>,
    shape: Option<(Family, u8)>,
}

impl Line {
    pub fn new(part: Part, low: u8, high: u8) -> Line {
        let reach = Reach { low, high };
        let (last, voiced) = (Voicing::default(), Voicing::default());
        Line { part, reach, last, voiced, home: None, expected: None, shape: None }
    }

    /// Remembers what sounds.
    pub fn played(&mut self, keys: Voicing, role: Role) {
        self.last = keys;
        match role {
            Role::Shape { family, top } => self.shape = Some((family, top)),
            Role::Same => {}
            _ => self.shape = None,
        }
        if !matches!(role, Role::Approach(_)) {
            self.expected = None;
        }
    }

    /// Octave 0 of a pitch class.
    pub fn home_of(&self, pc: u8) -> u8 {
        let Reach { low, high } = self.reach;
        let lowest = low + (pc + 12 - low % 12) % 12;
        let next = lowest.saturating_add(12);
        let free = self.part == Part::Bass && next <= low.saturating_add(BASS_HOME) && next <= high;
        match self.home {
            Some(home) if free && home.abs_diff(next) < home.abs_diff(lowest) => next,
            _ => lowest,
        }
    }

    /// The key of a role over a chord, and octave 0 of its line. Voicings and such have none.
    pub fn pitch(&self, role: Role, palette: &Palette) -> Option<(u8, u8)> {
        let (pc, octave, above) = match role {
            Role::Root { octave } => (palette.chord.bass, octave, 0),
            Role::Chord { slot, octave } => (palette.slot(slot), octave, 0),
            Role::Tension { degree, octave } => (palette.tension(degree), octave, 0),
            Role::Scale { steps, octave } => (palette.chord.root, octave, palette.scale.semitones(steps)),
            _ => return None,
        };
        let home = self.home_of(pc);
        Some((fold(i16::from(home) + 12 * i16::from(octave) + above, self.reach), home))
    }

    /// Binds a single note over a chord. Where an approach led elsewhere, the note yields to its line.
    pub fn arrive(&mut self, role: Role, chord: Chord, view: &View, bar_start: bool) -> Voicing {
        let palette = Palette::new(chord, view);
        let Some((key, home)) = self.pitch(role, &palette) else { return Voicing::default() };
        let led_astray = self.expected.filter(|expected| expected.over != chord && expected.to != key);
        let yielded = led_astray.map(|expected| self.yielded(expected, chord, bar_start));
        self.home = Some(yielded.map_or(home, |key| self.home_of(key % 12)));
        Voicing::one(yielded.unwrap_or(key))
    }

    /// The nearest tone of the chord in the direction of the line; on beat 1 the nearest bass of the chord.
    fn yielded(&self, expected: Expected, chord: Chord, bar_start: bool) -> u8 {
        let Expected { from, to, .. } = expected;
        let wanted = if bar_start { 1 << (chord.bass % 12) } else { chord.pcs() };
        let onward = |key: u8| (key > from) == (to > from);
        let stands = |key: u8| key == from && !bar_start;
        let keys =
            (self.reach.low..=self.reach.high).filter(|key| wanted >> (key % 12) & 1 == 1 && !stands(*key));
        let cost = |key: &u8| {
            let turns = !onward(*key);
            (turns && !bar_start, key.abs_diff(from), turns)
        };
        keys.min_by_key(cost).unwrap_or(to)
    }

    /// A key that the chord does not touch.
    pub fn pedal(&mut self, key: u8) -> Voicing {
        Voicing::one(fold(i16::from(key), self.reach))
    }

    /// What sounded last; over another chord a voicing is bound again, and a note leaves a key that does not fit.
    pub fn again(&mut self, view: &View) -> Option<Voicing> {
        if self.last.keys().is_empty() {
            return None;
        }
        let Some(chord) = view.chord else { return Some(self.last) };
        let palette = Palette::new(chord, view);
        Some(match self.shape {
            Some((family, top)) if !self.suits(&self.last, &palette) => self.shape(family, top, chord, view),
            _ => self.corrected(self.last, &palette),
        })
    }

    /// Whether every key lies in chord or scale.
    pub fn suits(&self, keys: &Voicing, palette: &Palette) -> bool {
        keys.keys().iter().all(|key| palette.inside() >> (key % 12) & 1 == 1)
    }

    /// Binds a voicing over a chord: the nearest of its family.
    pub fn shape(&mut self, family: Family, top: u8, chord: Chord, view: &View) -> Voicing {
        self.voiced = voice(&self.wish(family, top, view), chord, view);
        self.voiced
    }

    /// The wish for a voicing of a family, near the last one.
    pub fn wish(&self, family: Family, top: u8, view: &View) -> Wish {
        let ceiling = view.lead.filter(|_| self.part == Part::Comp).map(|lead| lead.saturating_sub(CLEAR));
        Wish { family, top, reach: self.reach, ceiling, last: self.voiced, held: false }
    }

    /// Every key outside chord and scale moved to the nearest tone of the chord.
    pub fn corrected(&self, keys: Voicing, palette: &Palette) -> Voicing {
        let fits = |key: u8| palette.inside() >> (key % 12) & 1 == 1;
        keys.map(|key| if fits(key) { key } else { self.nearest(palette.chord.pcs(), key) })
    }

    /// The key of one of these pitch classes that is nearest to a key, the lower of two.
    pub fn nearest(&self, pcs: u16, key: u8) -> u8 {
        let keys = (self.reach.low..=self.reach.high).filter(|key| pcs >> (key % 12) & 1 == 1);
        keys.min_by_key(|other| other.abs_diff(key)).unwrap_or(key)
    }
}
