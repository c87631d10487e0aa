//! The characters of the notation: what each one means in each kind of lane.

use super::{Dynamic, LaneKind, Step, Stroke};

/// One step as written: rest, continuation, or something that sounds.
#[derive(Clone, Copy)]
pub enum Cell {
    /// Nothing sounds.
    Rest,
    /// What sounded goes on.
    Tie,
    /// Something sounds.
    Sound(Step),
}

/// The cell that a character stands for.
pub fn read_cell(c: char, kind: LaneKind) -> Option<Cell> {
    use Dynamic::{Accent, Ghost, Normal, Soft};
    let sound = |stroke, dynamic| {
        Cell::Sound(Step {
            beat: 0,
            position: 0,
            stroke,
            dynamic,
            length: 0,
            octave: 0,
            staccato: false,
            anticipates: false,
            optional: false,
        })
    };
    let cell = match (kind, c) {
        (_, '.') => Cell::Rest,
        (_, '_') => Cell::Tie,
        (LaneKind::Drums, 'g') => sound(Stroke::Hit, Ghost),
        (LaneKind::Drums, 's') => sound(Stroke::Hit, Soft),
        (LaneKind::Drums, 'x') => sound(Stroke::Hit, Normal),
        (LaneKind::Drums, 'X') => sound(Stroke::Hit, Accent),
        (LaneKind::Drums, 'f') => sound(Stroke::Flam, Normal),
        (LaneKind::Drums, 'd') => sound(Stroke::Drag, Normal),
        (LaneKind::Drums, 'r') => sound(Stroke::Roll, Soft),
        (LaneKind::Drums, _) => return None,
        (_, '1' | '3' | '5' | '7') => sound(Stroke::Slot(c as u8 - b'0'), Normal),
        (_, '9') => sound(Stroke::Ninth, Normal),
        (_, '=') => sound(Stroke::Same, Normal),
        (LaneKind::Bass, '2' | '4' | '6') => sound(Stroke::Degree(c as u8 - b'0'), Normal),
        (LaneKind::Bass, 'a') => sound(Stroke::HalfBelow, Normal),
        (LaneKind::Bass, 'b') => sound(Stroke::HalfAbove, Normal),
        (LaneKind::Bass, 'p') => sound(Stroke::Dominant, Normal),
        (LaneKind::Bass, 'w') => sound(Stroke::Walk, Normal),
        (LaneKind::Bass, 'x') => sound(Stroke::Dead, Soft),
        (LaneKind::Chords, 'C') => sound(Stroke::Voicing, Normal),
        (LaneKind::Chords, 'c') => sound(Stroke::Voicing, Soft),
        (LaneKind::Chords, 't') => sound(Stroke::Top, Normal),
        (LaneKind::Chords, 'R') => sound(Stroke::Low, Normal),
        _ => return None,
    };
    Some(cell)
}

/// Applies what is written after a step; false where it cannot be written there.
pub fn modify(cell: &mut Cell, c: char, kind: LaneKind) -> bool {
    let Cell::Sound(step) = cell else { return false };
    let pitched = kind != LaneKind::Drums;
    match c {
        '?' => step.optional = true,
        '^' => step.dynamic = Dynamic::Accent,
        '~' => step.dynamic = if step.dynamic <= Dynamic::Soft { Dynamic::Ghost } else { Dynamic::Soft },
        '\'' if pitched => step.octave += 1,
        ',' if pitched => step.octave -= 1,
        '!' if pitched => step.staccato = true,
        '>' if pitched => step.anticipates = true,
        _ => return false,
    }
    true
}

/// What could stand in a lane, for messages.
pub fn expected(kind: LaneKind) -> &'static str {
    match kind {
        LaneKind::Drums => "one of `. g s x X f d r _`, or `? ^ ~` after a stroke",
        LaneKind::Bass => "one of `. _ 1 2 3 4 5 6 7 9 a b p w = x`, or `' , ^ ~ ! > ?` after a note",
        LaneKind::Chords => "one of `. _ C c t R 1 3 5 7 9 =`, or `' , ^ ~ ! > ?` after a note",
    }
}
