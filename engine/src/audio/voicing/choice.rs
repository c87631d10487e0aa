//! Of many candidates the one that is legal and moves least.

use super::guitar::can_hold;
use super::{Palette, Reach, Voicing, Wish};
use crate::Family;

/// Below this key no two voices lie a semitone apart: E3.
const CLUSTERS_FROM: u8 = 52;
/// Below this key no two voices lie a third or less apart: C3.
const THIRDS_FROM: u8 = 48;
/// How far the top may move without need: a third.
const THIRD: u8 = 4;

/// A missed wish weighs more than any motion, and the earlier the more.
const OTHER_LENGTH: u32 = 1 << 14;
const FAR_TOP: u32 = 1 << 13;
const WRONG_TOP: u32 = 1 << 15;
/// Cost of a semitone of motion; the taste below only decides between voicings that move alike.
const SEMITONE: u32 = 4;
/// Cost of leaving the parallel motion of guitar, quartal and power chords.
const NOT_PARALLEL: u32 = 24;

/// The best candidate so far.
#[derive(Debug)]
pub struct Choice<'a> {
    /// What is asked for.
    pub wish: &'a Wish,
    /// The keys that are free.
    pub reach: Reach,
    /// Whether the root is wanted, since no bass sounds.
    pub rooted: bool,
    top: Option<u8>,
    best: Option<(u32, Voicing)>,
}

impl<'a> Choice<'a> {
    /// No candidate yet.
    pub fn new(wish: &'a Wish, reach: Reach, rooted: bool, palette: &Palette) -> Choice<'a> {
        Choice { wish, reach, rooted, top: palette.degree(wish.top), best: None }
    }

    /// The best legal candidate.
    pub fn best(&self) -> Option<Voicing> {
        self.best.map(|(_, voicing)| voicing)
    }

    /// Takes a candidate if it is legal and better than the best. `taste` is 0 for the form that was asked for.
    pub fn consider(&mut self, voicing: Voicing, taste: u32) {
        if !self.is_legal(&voicing) {
            return;
        }
        let cost = self.cost(&voicing) + taste;
        if self.best.is_none_or(|(least, _)| cost < least) {
            self.best = Some((cost, voicing));
        }
    }

    fn is_legal(&self, voicing: &Voicing) -> bool {
        let keys = voicing.keys();
        let inside = keys.iter().all(|key| (self.reach.low..=self.reach.high).contains(key));
        let in_hand = || !on_neck(self.wish.family) || can_hold(keys);
        inside && !keys.is_empty() && keys.windows(2).all(|pair| is_clear(pair[0], pair[1])) && in_hand()
    }

    fn cost(&self, voicing: &Voicing) -> u32 {
        let (Some(top), last) = (voicing.top(), &self.wish.last) else { return u32::MAX };
        let mut cost = roughness(voicing) + self.off_centre(voicing);
        if self.top.is_some_and(|pc| top % 12 != pc) {
            cost += WRONG_TOP;
        }
        let Some(last_top) = last.top() else { return cost };
        cost += SEMITONE * voicing.motion(last);
        if top.abs_diff(last_top) > THIRD {
            cost += FAR_TOP;
        }
        if self.wish.voices().is_some_and(|voices| voices != voicing.keys().len()) {
            cost += OTHER_LENGTH;
        }
        if planes(self.wish.family) && !is_parallel(voicing, last) {
            cost += NOT_PARALLEL;
        }
        cost
    }

    /// Grows with the square of the distance between the middle of the voicing and that of the range: near the middle
    /// least motion decides, and a part that has drifted away comes home.
    fn off_centre(&self, voicing: &Voicing) -> u32 {
        let sum: u32 = voicing.keys().iter().map(|key| u32::from(*key)).sum();
        let mean = sum / voicing.keys().len().max(1) as u32;
        let middle = (u32::from(self.wish.reach.low) + u32::from(self.wish.reach.high)) / 2;
        let off = mean.abs_diff(middle);
        off * off / 6
    }
}

/// Whether two neighbouring voices ascend and are clear enough for where they lie.
fn is_clear(lower: u8, upper: u8) -> bool {
    let Some(gap) = upper.checked_sub(lower) else { return false };
    let least = match lower {
        key if key < THIRDS_FROM => 5,
        key if key < CLUSTERS_FROM => 2,
        _ => 1,
    };
    gap >= least
}

/// Semitones between neighbours, above all on top, and minor ninths.
fn roughness(voicing: &Voicing) -> u32 {
    let keys = voicing.keys();
    let clusters = keys.windows(2).filter(|pair| pair[1] - pair[0] == 1).count() as u32;
    let ninths = keys.iter().flat_map(|low| keys.iter().filter(move |high| **high == low.saturating_add(13)));
    let on_top = keys.len() > 1 && keys[keys.len() - 1] - keys[keys.len() - 2] == 1;
    3 * clusters + 3 * ninths.count() as u32 + if on_top { 4 } else { 0 }
}

/// Whether a family is a guitar's.
fn on_neck(family: Family) -> bool {
    matches!(family, Family::Open | Family::Barre | Family::TopThree)
}

/// Whether a family moves in parallel, as hands on a neck do.
fn planes(family: Family) -> bool {
    on_neck(family) || matches!(family, Family::Power | Family::Quartal)
}

fn is_parallel(voicing: &Voicing, last: &Voicing) -> bool {
    let (a, b) = (voicing.keys(), last.keys());
    let gaps = |keys: &[u8], i: usize| keys[i + 1].abs_diff(keys[i]);
    a.len() == b.len() && (0..a.len().saturating_sub(1)).all(|i| gaps(a, i) == gaps(b, i))
}
