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
/// Extra cost of a barre shape on four strings.
const FOUR_STRINGS: u32 = 24;

/// Proposes the movable shapes of the chord on every fret where its root lies.
pub fn barre(palette: &Palette, choice: &mut Choice<'_>) {
    for shape in shapes::movable(palette.chord.quality) {
        let Some(string) = shape.iter().position(|fret| *fret != X) else { continue };
        let first = ((palette.chord.root + 48 - STRINGS[string] % 12) % 12) as i8;
        for base in [first, first + 12] {
            let frets = shape.map(|fret| if fret == X { X } else { base + fret });
            propose(&frets, palette, if string < 2 { 0 } else { FOUR_STRINGS }, choice);
        }
    }
}

/// Proposes the shapes of the chord with open strings, if it has any.
pub fn open(palette: &Palette, choice: &mut Choice<'_>) {
    for frets in shapes::open(palette.chord.root, palette.chord.quality) {
        propose(&frets, palette, 0, choice);
    }
}

/// Proposes what of a shape lies within reach: strings below it and above it are left out, unless root (where no bass
/// sounds), third or seventh go with them.
fn propose(frets: &Shape, palette: &Palette, taste: u32, choice: &mut Choice<'_>) {
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
    // A hand that holds fewer strings leaves out low ones.
    let spare = len.saturating_sub(choice.wish.voices().unwrap_or(len));
    for keys in [&keys[..len], &keys[spare..len]] {
        let sounding = keys.iter().fold(0u16, |set, key| set | 1 << (key % 12));
        if palette.guides(choice.rooted) & !sounding == 0 {
            choice.consider(Voicing::new(keys), taste);
        }
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

/// Whether one hand can hold the keys, ascending: a string each, within four frets, open strings apart.
///
/// Bounded: every step takes a string and a key.
pub fn can_hold(keys: &[u8]) -> bool {
    place(keys, &STRINGS, None)
}

fn place(keys: &[u8], strings: &[u8], frets: Option<(u8, u8)>) -> bool {
    let Some((key, higher)) = keys.split_first() else { return true };
    let Some((open, others)) = strings.split_first() else { return false };
    let fret = key.checked_sub(*open).filter(|fret| *fret <= LAST_FRET as u8);
    let here = fret.is_some_and(|fret| {
        let grip = if fret == 0 {
            frets
        } else {
            frets.map(|(a, b)| (a.min(fret), b.max(fret))).or(Some((fret, fret)))
        };
        let fits = grip.is_none_or(|(low, high)| high - low <= SPAN as u8);
        fits && place(higher, others, grip)
    });
    here || place(keys, others, frets)
}
