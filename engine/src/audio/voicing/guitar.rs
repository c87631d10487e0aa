//! Voicings for a guitar in standard tuning: what lies under one hand.

use super::choice::Choice;
use super::shapes::{self, Shape, X};
use super::{Palette, Tones, Voicing};

/// The open strings: E2 A2 D3 G3 B3 E4.
pub const STRINGS: [u8; 6] = [40, 45, 50, 55, 59, 64];
/// The highest fret that is used.
pub const LAST_FRET: i8 = 15;
/// Frets that a hand spans beside its first.
const SPAN: i8 = 3;

/// Proposes the movable shapes of the chord on every fret where its root lies.
pub fn barre(palette: &Palette, choice: &mut Choice<'_>) {
    for shape in shapes::movable(palette.chord.quality) {
        let Some(string) = shape.iter().position(|fret| *fret != X) else { continue };
        let first = ((palette.chord.root + 48 - STRINGS[string] % 12) % 12) as i8;
        for base in [first, first + 12] {
            let frets = shape.map(|fret| if fret == X { X } else { base + fret });
            propose(&frets, palette, choice);
        }
    }
}

/// Proposes the shapes of the chord with open strings, if it has any.
pub fn open(palette: &Palette, choice: &mut Choice<'_>) {
    for frets in shapes::open(palette.chord.root, palette.chord.quality) {
        propose(&frets, palette, choice);
    }
}

/// Proposes what of a shape lies within reach: strings below it and above it are left out, unless root (where no bass
/// sounds), third or seventh go with them.
fn propose(frets: &Shape, palette: &Palette, choice: &mut Choice<'_>) {
    if frets.iter().any(|fret| *fret != X && !(0..=LAST_FRET).contains(fret)) {
        return;
    }
    let (mut keys, mut len) = ([0; Voicing::MAX], 0);
    for (fret, open) in frets.iter().zip(STRINGS).filter(|(fret, _)| **fret != X) {
        let key = open + *fret as u8;
        if (choice.reach.low..=choice.reach.high).contains(&key) {
            keys[len] = key;
            len += 1;
        }
    }
    let sounding = keys[..len].iter().fold(0u16, |set, key| set | 1 << (key % 12));
    if palette.guides(choice.rooted) & !sounding == 0 {
        choice.consider(Voicing::new(&keys[..len]), 0);
    }
}

/// Proposes the tones on the three highest strings, wherever they lie within four frets.
pub fn top_three(tones: &Tones, choice: &mut Choice<'_>) {
    for first in 0..=LAST_FRET - SPAN {
        for spot in 0..64i8 {
            let frets = [spot & 3, spot >> 2 & 3, spot >> 4 & 3].map(|above| first + above);
            // A grip that starts on a higher fret comes with a later hand.
            if !frets.contains(&first) {
                continue;
            }
            let keys = [0, 1, 2].map(|string| STRINGS[3 + string] + frets[string] as u8);
            let sounding = keys.iter().fold(0u16, |set, key| set | 1 << (key % 12));
            if sounding == tones.set() {
                choice.consider(Voicing::new(&keys), 0);
            }
        }
    }
}
