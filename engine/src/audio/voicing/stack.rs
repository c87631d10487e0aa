//! Voicings for keyboards: inversions of a set of tones, opened as the family asks.

use super::choice::Choice;
use super::{Palette, Tones, Voicing};
use crate::Family;

/// Extra cost of the form of a rootless voicing that was not asked for.
const OTHER_FORM: u32 = 3;

/// Semitones above the lowest tone.
#[derive(Clone, Copy, Debug)]
struct Stack {
    offsets: [i16; Voicing::MAX],
    len: usize,
}

impl Stack {
    /// The tones in close position above one of them.
    fn close(tones: &Tones, from: u8) -> Stack {
        let mut stack = Stack { offsets: [0; Voicing::MAX], len: tones.pcs().len().min(Voicing::MAX) };
        for (offset, pc) in stack.offsets.iter_mut().zip(tones.pcs()) {
            *offset = i16::from((pc + 12 - from) % 12);
        }
        stack.sorted()
    }

    fn sorted(mut self) -> Stack {
        self.offsets[..self.len].sort_unstable();
        self
    }

    /// The lowest tones doubled an octave above, up to a number of voices.
    fn doubled(mut self, voices: usize) -> Stack {
        let tones = self.len;
        while tones > 0 && self.len < voices.min(Voicing::MAX) {
            self.offsets[self.len] = self.offsets[self.len - tones] + 12;
            self.len += 1;
        }
        self.sorted()
    }

    /// The n-th voice from the top an octave lower; of fewer voices the lowest.
    fn drop(mut self, n: usize) -> Stack {
        let voice = self.len.saturating_sub(n);
        if self.len > 1 {
            self.offsets[voice] -= 12;
        }
        self.sorted()
    }

    /// Every other voice an octave higher: fifths and tenths.
    fn spread(mut self) -> Stack {
        self.offsets[..self.len].iter_mut().skip(1).step_by(2).for_each(|offset| *offset += 12);
        self.sorted()
    }

    /// Proposes the stack in every octave, its zero being on the pitch class `from`.
    fn propose(&self, from: u8, taste: u32, choice: &mut Choice<'_>) {
        for octave in 0..11 {
            let zero = i16::from(from) + 12 * octave;
            let mut keys = [0; Voicing::MAX];
            let placed = keys.iter_mut().zip(&self.offsets[..self.len]);
            let fits = placed.fold(true, |fits, (key, offset)| {
                *key = (zero + offset).clamp(0, 127) as u8;
                fits && (0..128).contains(&(zero + offset))
            });
            if fits {
                choice.consider(Voicing::new(&keys[..self.len]), taste);
            }
        }
    }
}

/// Proposes every inversion of the tones that the family knows, with as many voices as have to go somewhere, and
/// with fewer in case so many find no room.
pub fn inversions(family: Family, palette: &Palette, tones: Tones, choice: &mut Choice<'_>) {
    let all = tones.pcs().len();
    let voices = choice.wish.voices().unwrap_or(all);
    let thin = palette.thinned(tones, voices, choice.rooted);
    propose_all(family, palette, &thin, voices, choice);
    if voices > all {
        propose_all(family, palette, &tones, all, choice);
    }
}

fn propose_all(family: Family, palette: &Palette, tones: &Tones, voices: usize, choice: &mut Choice<'_>) {
    for from in tones.pcs() {
        let close = Stack::close(tones, *from);
        let (opened, taste) = match family {
            Family::Drop2 => (close.drop(2), 0),
            Family::Drop3 => (close.drop(3), 0),
            Family::Spread => (close.spread(), 0),
            Family::RootlessA => (close, form(*from, [3, 7], palette)),
            Family::RootlessB => (close, form(*from, [7, 3], palette)),
            _ => (close, 0),
        };
        opened.doubled(voices).propose(*from, taste, choice);
        if family == Family::Shell {
            close.spread().doubled(voices).propose(*from, 0, choice);
        }
    }
}

/// What it costs to stand a rootless voicing on this tone: its two forms stand on third and seventh.
fn form(lowest: u8, forms: [u8; 2], palette: &Palette) -> u32 {
    match forms.map(|slot| palette.slot(slot) == lowest) {
        [true, _] => 0,
        [_, true] => OTHER_FORM,
        _ => 4 * OTHER_FORM,
    }
}

/// Proposes root, fifth and octave; where those find no room, root and fifth.
pub fn power(palette: &Palette, choice: &mut Choice<'_>) {
    let root = palette.slot(1);
    let fifth = i16::from((palette.slot(5) + 12 - root) % 12);
    let stack = |offsets, len| Stack { offsets, len };
    stack([0, fifth, 12, 0, 0, 0], 3).propose(root, 0, choice);
    if choice.best().is_none() {
        stack([0, fifth, 0, 0, 0, 0], 2).propose(root, 0, choice);
    }
}

/// Proposes four stacked fourths of the scale, or three where no four find room: every tone is free, and third or
/// seventh is among them.
pub fn quartal(palette: &Palette, choice: &mut Choice<'_>) {
    let guides = 1u16 << palette.slot(3) | 1 << palette.slot(7);
    let root = if choice.rooted { 1u16 << palette.slot(1) } else { 0 };
    for len in [4, 3] {
        for step in 0..palette.scale.steps().len() as i8 {
            let Some((from, stack)) = fourths(palette, step, len) else { continue };
            let pcs = stack.offsets[..len].iter().map(|offset| (i16::from(from) + offset) % 12);
            let set = pcs.fold(0u16, |set, pc| set | 1 << pc);
            if set & !palette.free() == 0 && set & guides != 0 && set & root == root {
                stack.propose(from, 0, choice);
            }
        }
        if choice.best().is_some() {
            break;
        }
    }
}

/// Fourths, perfect or augmented, upward from a step of the scale.
fn fourths(palette: &Palette, step: i8, len: usize) -> Option<(u8, Stack)> {
    let lowest = palette.scale.semitones(step);
    let mut stack = Stack { offsets: [0; Voicing::MAX], len };
    for (place, offset) in stack.offsets[..len].iter_mut().enumerate() {
        *offset = palette.scale.semitones(step + 3 * place as i8) - lowest;
    }
    let are_fourths = stack.offsets[..len].windows(2).all(|pair| (5..=6).contains(&(pair[1] - pair[0])));
    let from = (i16::from(palette.chord.root) + lowest).rem_euclid(12) as u8;
    are_fourths.then_some((from, stack))
}
