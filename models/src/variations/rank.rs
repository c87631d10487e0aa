//! How far melodies lie apart, and the order in which they are worth hearing.
//!
//! The likelihood of each is the share of all that are less likely. Then one is taken after the other: always the one for
//! which the mean of its likelihood and its distance from the nearest that was taken before is greatest (maximal
//! marginal relevance). Distances are kept, so each pair is compared once: that is quadratic, but with a few machine
//! words for each pair.

/// Positions that are counted at once: their number must fit into a byte.
const AT_ONCE: usize = 128;

/// A melody as it is compared: see [`line`](super::melody::line).
#[derive(Clone, Debug)]
pub struct Outline {
    line: Vec<u8>,
    onsets: u32,
}

impl Outline {
    /// The outline of a line.
    pub fn new(line: Vec<u8>) -> Outline {
        let onsets = line.iter().filter(|note| **note > 0).count() as u32;
        Outline { line, onsets }
    }

    /// How far two melodies lie apart, 0 to 1: half of it for onsets that only one of them has, half for notes.
    ///
    /// 1 less the mean of the share of common onsets and the share of common onsets with the same note, out of the onsets
    /// of both.
    pub fn distance(&self, other: &Outline) -> f32 {
        let (both, same) = common(&self.line, &other.line);
        let all = self.onsets + other.onsets - both;
        if all == 0 { 0.0 } else { 1.0 - (both + same) as f32 / (2 * all) as f32 }
    }
}

/// Positions at which both have an onset, and those at which it has the same note.
fn common(a: &[u8], b: &[u8]) -> (u32, u32) {
    let (mut both, mut same) = (0, 0);
    for (a, b) in a.chunks(AT_ONCE).zip(b.chunks(AT_ONCE)) {
        let (mut some, mut alike) = (0u8, 0u8);
        for (a, b) in a.iter().zip(b) {
            some += u8::from((*a != 0) & (*b != 0));
            alike += u8::from((*a != 0) & (a == b));
        }
        both += u32::from(some);
        same += u32::from(alike);
    }
    (both, same)
}

/// A place in the order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rank {
    /// Which melody.
    pub which: usize,
    /// How far it lies from the nearest of those before it; none for the first.
    pub nearest: Option<f32>,
}

/// Ranks melodies with a likelihood each. Of equals the earlier comes first.
pub fn rank(outlines: &[Outline], likelihood: &[f64]) -> Vec<Rank> {
    let likely = shares(likelihood);
    // Each that is left, with the distance from the nearest that was taken.
    let mut left: Vec<(usize, f32)> = (0..outlines.len()).map(|which| (which, 1.0)).collect();
    let mut ranks: Vec<Rank> = Vec::with_capacity(outlines.len());
    let worth = |one: &(usize, f32)| likely[one.0] + one.1;
    while let Some(best) = best(&left, worth) {
        let (which, nearest) = left.remove(best);
        for (other, nearest) in &mut left {
            *nearest = nearest.min(outlines[which].distance(&outlines[*other]));
        }
        ranks.push(Rank { which, nearest: (!ranks.is_empty()).then_some(nearest) });
    }
    ranks
}

/// The first of those that are worth most.
fn best(left: &[(usize, f32)], worth: impl Fn(&(usize, f32)) -> f32) -> Option<usize> {
    (0..left.len()).reduce(|best, other| if worth(&left[other]) > worth(&left[best]) { other } else { best })
}

/// For each number the share of all numbers that are less.
fn shares(numbers: &[f64]) -> Vec<f32> {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    let less = |number: &f64| sorted.partition_point(|other| other < number);
    numbers.iter().map(|number| less(number) as f32 / numbers.len() as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn melody(rng: &mut fastrand::Rng) -> Outline {
        Outline::new((0..192).map(|_| if rng.u8(0..6) == 0 { rng.u8(1..13) } else { 0 }).collect())
    }

    #[test]
    fn a_melody_is_no_way_from_itself_and_as_far_from_another_as_the_other_from_it() {
        let rng = &mut fastrand::Rng::with_seed(1);
        for _ in 0..50 {
            let (a, b) = (melody(rng), melody(rng));
            assert_eq!(a.distance(&a), 0.0);
            assert_eq!(a.distance(&b), b.distance(&a));
            assert!((0.0..=1.0).contains(&a.distance(&b)));
        }
    }

    #[test]
    fn the_same_rhythm_with_other_notes_is_half_way_to_another_melody() {
        let rng = &mut fastrand::Rng::with_seed(2);
        let one = melody(rng);
        let moved =
            Outline::new(one.line.iter().map(|note| if *note > 0 { note % 12 + 1 } else { 0 }).collect());
        let late = Outline::new(one.line.iter().map(|_| 0).collect());
        assert_eq!(one.distance(&moved), 0.5);
        assert_eq!(one.distance(&late), 1.0);
    }

    #[test]
    fn the_likeliest_is_first_and_everyone_has_one_place() {
        let rng = &mut fastrand::Rng::with_seed(3);
        let outlines: Vec<Outline> = (0..60).map(|_| melody(rng)).collect();
        let likelihood: Vec<f64> = (0..60).map(|_| -rng.f64()).collect();
        let ranks = rank(&outlines, &likelihood);
        assert!(likelihood.iter().all(|other| *other <= likelihood[ranks[0].which]));
        let mut places: Vec<usize> = ranks.iter().map(|rank| rank.which).collect();
        places.sort_unstable();
        assert!(places.into_iter().eq(0..60));
    }

    #[test]
    fn each_is_told_how_far_it_lies_from_the_nearest_before_it() {
        let rng = &mut fastrand::Rng::with_seed(4);
        let outlines: Vec<Outline> = (0..40).map(|_| melody(rng)).collect();
        let ranks = rank(&outlines, &vec![-1.0; 40]);
        for (n, rank) in ranks.iter().enumerate() {
            let before = ranks[..n].iter().map(|other| outlines[rank.which].distance(&outlines[other.which]));
            assert_eq!(rank.nearest, before.reduce(f32::min));
        }
    }

    #[test]
    fn a_twin_comes_last() {
        let rng = &mut fastrand::Rng::with_seed(5);
        let mut outlines: Vec<Outline> = (0..10).map(|_| melody(rng)).collect();
        outlines.push(outlines[0].clone());
        let ranks = rank(&outlines, &[-1.0; 11]);
        assert_eq!(ranks.last().map(|rank| rank.nearest), Some(Some(0.0)));
    }
}
