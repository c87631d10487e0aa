//! Keys as roles of single notes: the inverse of what the binder does with them.
//!
//! The bass's octave 0 follows its line, so the line is played along. Keys are folded into the part's range first.

use engine::audio::voicing::{Palette, Reach};
use engine::{Approach, Chord, Part, Role};

/// How far above its low note the bass may put octave 0; as in the engine.
const BASS_HOME: u8 = 17;

/// A part while its notes are named.
#[derive(Clone, Debug)]
pub struct Namer {
    part: Part,
    reach: Reach,
    home: Option<u8>,
    last: Option<u8>,
}

impl Namer {
    /// A part that has played nothing.
    pub fn new(part: Part) -> Namer {
        Namer { part, reach: reach(part), home: None, last: None }
    }

    /// The role of a key over a chord. What is neither tone nor step of the scale is the last pitch again if it is
    /// that, else the nearest that is.
    pub fn role(&mut self, key: u8, palette: &Palette) -> Role {
        let again = || Some(Role::Same).filter(|_| self.last == Some(key));
        let exact = self.exact(key, palette);
        let beside =
            || [-1, 1, -2, 2].into_iter().find_map(|by| self.exact(key.saturating_add_signed(by), palette));
        let named = exact.or_else(|| again().map(|role| (role, self.home))).or_else(beside);
        let (role, home) =
            named.unwrap_or((Role::Root { octave: 0 }, Some(self.home_of(palette.chord.bass))));
        self.home = home;
        self.last = Some(key);
        role
    }

    /// A note that leads to a key over another chord: the line finds its home there.
    pub fn lead(&mut self, key: u8, to: u8, there: &Palette) {
        self.home = self.exact(to, there).map_or(self.home, |named| named.1);
        self.last = Some(key);
    }

    /// The role that is this very key, and where it leaves octave 0.
    fn exact(&self, key: u8, palette: &Palette) -> Option<(Role, Option<u8>)> {
        let fit = fit(key, palette)?;
        let (pc, above) = match fit {
            Role::Scale { steps, .. } => (palette.chord.root, palette.scale.semitones(steps)),
            _ => (key % 12, 0),
        };
        let home = self.home_of(pc);
        let octave = (i16::from(key) - i16::from(home) - above).div_euclid(12).clamp(-1, 2) as i8;
        Some((at(fit, octave), Some(home)))
    }

    /// Octave 0 of a pitch class, as the binder has it.
    fn home_of(&self, pc: u8) -> u8 {
        let Reach { low, high } = self.reach;
        let lowest = low + (pc + 12 - low % 12) % 12;
        let next = lowest.saturating_add(12);
        let free = self.part == Part::Bass && next <= low.saturating_add(BASS_HOME) && next <= high;
        match self.home {
            Some(home) if free && home.abs_diff(next) < home.abs_diff(lowest) => next,
            _ => lowest,
        }
    }
}

/// The keys of a part that no rig has set: the binder's.
pub fn reach(part: Part) -> Reach {
    match part {
        Part::Bass => Reach { low: 28, high: 55 },
        Part::Comp => Reach { low: 48, high: 76 },
        _ => Reach { low: 48, high: 79 },
    }
}

/// What a key is to a chord, in octave 0: its bass, a slot, a tension that the symbol names, or a step of the scale.
pub fn fit(key: u8, palette: &Palette) -> Option<Role> {
    let (pc, octave) = (key % 12, 0);
    let slot = || [1, 3, 5, 7].into_iter().find(|slot| palette.slot(*slot) == pc);
    let tension = || [9, 11, 13].into_iter().find(|degree| palette.degree(*degree) == Some(pc));
    let on_root = |steps: &i8| (i16::from(palette.chord.root) + palette.scale.semitones(*steps)) % 12;
    let steps =
        || (1..palette.scale.steps().len().min(7) as i8).find(|steps| on_root(steps) == i16::from(pc));
    let root = Some(Role::Root { octave }).filter(|_| pc == palette.chord.bass % 12);
    root.or_else(|| slot().map(|slot| Role::Chord { slot, octave }))
        .or_else(|| tension().map(|degree| Role::Tension { degree, octave }))
        .or_else(|| steps().map(|steps| Role::Scale { steps, octave }))
}

/// The same role in another octave.
fn at(role: Role, octave: i8) -> Role {
    match role {
        Role::Root { .. } => Role::Root { octave },
        Role::Chord { slot, .. } => Role::Chord { slot, octave },
        Role::Tension { degree, .. } => Role::Tension { degree, octave },
        Role::Scale { steps, .. } => Role::Scale { steps, octave },
        role => role,
    }
}

/// How a key leads to the next one of its part: from outside chord and scale by a semitone, a whole tone or a fifth;
/// from a step of the scale by a semitone into another chord.
pub fn approach(key: u8, palette: &Palette, to: u8, there: Chord) -> Option<Approach> {
    let way = match i16::from(to) - i16::from(key) {
        1 => Approach::HalfBelow,
        -1 => Approach::HalfAbove,
        2 => Approach::WholeBelow,
        -2 => Approach::WholeAbove,
        5 | -7 => Approach::Fifth,
        _ => return None,
    };
    let half = matches!(way, Approach::HalfBelow | Approach::HalfAbove);
    match fit(key, palette) {
        None => Some(way),
        Some(Role::Scale { .. }) if half && there != palette.chord => Some(way),
        _ => None,
    }
}
