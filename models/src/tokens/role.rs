//! Which roles can be said, and their numbers.
//!
//! Single notes, 62 of them: `Root`, `Chord` 1 3 5 7, `Tension` 9 11 13 and `Scale` 1 to 6, each in the octaves -1 to 2;
//! five approaches; `Same`. Comp and pads have 13 families with 8 wishes for the top besides.

use engine::{Approach, Family, Part, Role};

const SLOTS: [u8; 4] = [1, 3, 5, 7];
const TENSIONS: [u8; 3] = [9, 11, 13];
const TOPS: [u8; 8] = [0, 1, 3, 5, 7, 9, 11, 13];
const APPROACHES: [Approach; 5] =
    [Approach::HalfBelow, Approach::HalfAbove, Approach::WholeBelow, Approach::WholeAbove, Approach::Fifth];
const FAMILIES: [Family; 13] = [
    Family::Shell,
    Family::RootlessA,
    Family::RootlessB,
    Family::Close,
    Family::Drop2,
    Family::Drop3,
    Family::Spread,
    Family::Quartal,
    Family::Triad,
    Family::Power,
    Family::Open,
    Family::Barre,
    Family::TopThree,
];

/// Words for a single note.
pub const SINGLES: u16 = 62;
/// Degrees that come in four octaves: root, four slots, three tensions, six steps.
const DEGREES: u16 = 14;
/// The last octave and the first.
const OCTAVES: (i8, i8) = (-1, 2);

/// The number of a role among the words of a pitched part; none for a drum, a pedal, and what cannot be said.
pub fn number(role: Role) -> Option<u16> {
    let place = |degree: u16, octave: i8| {
        let octave = octave.clamp(OCTAVES.0, OCTAVES.1) - OCTAVES.0;
        Some(octave as u16 * DEGREES + degree)
    };
    let index = |table: &[u8], wanted: u8| table.iter().position(|x| *x == wanted).map(|i| i as u16);
    match role {
        Role::Root { octave } => place(0, octave),
        Role::Chord { slot, octave } => place(1 + index(&SLOTS, slot)?, octave),
        Role::Tension { degree, octave } => place(5 + index(&TENSIONS, degree)?, octave),
        Role::Scale { steps, octave } => {
            scale(steps, octave).and_then(|(degree, octave)| place(degree, octave))
        }
        Role::Approach(way) => APPROACHES.iter().position(|a| *a == way).map(|i| 4 * DEGREES + i as u16),
        Role::Same => Some(SINGLES - 1),
        Role::Shape { family, top } => {
            let family = FAMILIES.iter().position(|f| *f == family)?;
            Some(SINGLES + family as u16 * TOPS.len() as u16 + index(&TOPS, top)?)
        }
        Role::Drum(_) | Role::Pedal(_) => None,
    }
}

/// Steps of a scale of seven within an octave: step 0 is the chord's root.
fn scale(steps: i8, octave: i8) -> Option<(u16, i8)> {
    let octave = octave.checked_add(steps.div_euclid(7))?;
    Some(match steps.rem_euclid(7) {
        0 => (1, octave),
        step => (7 + step as u16, octave),
    })
}

/// The role with this number.
pub fn role(number: u16) -> Option<Role> {
    if number >= SINGLES {
        let (family, top) = ((number - SINGLES) / TOPS.len() as u16, (number - SINGLES) % TOPS.len() as u16);
        return FAMILIES
            .get(usize::from(family))
            .map(|family| Role::Shape { family: *family, top: TOPS[usize::from(top)] });
    }
    if number == SINGLES - 1 {
        return Some(Role::Same);
    }
    if number >= 4 * DEGREES {
        return APPROACHES.get(usize::from(number - 4 * DEGREES)).map(|way| Role::Approach(*way));
    }
    let octave = (number / DEGREES) as i8 + OCTAVES.0;
    let degree = usize::from(number % DEGREES);
    Some(match degree {
        0 => Role::Root { octave },
        1..5 => Role::Chord { slot: SLOTS[degree - 1], octave },
        5..8 => Role::Tension { degree: TENSIONS[degree - 5], octave },
        _ => Role::Scale { steps: degree as i8 - 7, octave },
    })
}

/// The role as it comes back from a part of the stream; none if it cannot be said there.
pub fn sayable(part: Part, wanted: Role) -> Option<Role> {
    number(wanted).filter(|number| part != Part::Bass || *number < SINGLES).and_then(role)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::Class;

    #[test]
    fn every_number_is_one_role() {
        assert_eq!(Class::Bass.ids().len(), usize::from(SINGLES));
        assert_eq!(Class::Chordal.ids().len(), usize::from(SINGLES) + FAMILIES.len() * TOPS.len());
        for n in 0..Class::Chordal.ids().len() as u16 {
            assert_eq!(role(n).and_then(number), Some(n), "{:?}", role(n));
        }
        assert_eq!(role(Class::Chordal.ids().len() as u16), None);
    }

    #[test]
    fn a_scale_step_beyond_the_octave_is_the_step_in_the_next() {
        let beyond = Role::Scale { steps: 9, octave: 0 };
        assert_eq!(sayable(Part::Comp, beyond), Some(Role::Scale { steps: 2, octave: 1 }));
    }
}
