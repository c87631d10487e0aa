//! How a drummer wanders around the beat: a deviation that all pieces share, and that holds on from beat to beat.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{PRIOR, Stroke, mean};
use crate::groove::feel::cell::{Group, Kind, Place};

pub const HEAD: &str = "\
# wander_ms: deviation that all pieces share, at 100 beats a minute. hold: what is left of it after a beat. Drawn towards all groups as
# if two takes had been like them.
group,takes,wander_ms,hold
";

/// Pairs of strokes that make a whole take.
const WHOLE: f64 = 64.0;

/// What the drummers of a group have in common.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wander {
    takes: f64,
    /// Of the shared deviation, in ms².
    pub variance: f64,
    /// Covariance of the deviation with that of two beats later.
    later: f64,
}

impl Wander {
    /// The estimate for a group.
    pub fn of(takes: &[Vec<Stroke>], group: Group) -> Wander {
        let (all, own) = (Wander::sum(takes, None), Wander::sum(takes, Some(group)));
        let draw = |own_sum: f64, all_sum: f64| {
            (own_sum + PRIOR * all_sum / all.takes.max(1e-9)) / (own.takes + PRIOR)
        };
        Wander {
            takes: own.takes,
            variance: draw(own.variance, all.variance),
            later: draw(own.later, all.later),
        }
    }

    fn sum(takes: &[Vec<Stroke>], group: Option<Group>) -> Wander {
        let belongs = |take: &&Vec<Stroke>| group.is_none_or(|group| take[0].kind.group == group);
        takes.iter().filter(belongs).map(|take| of_take(take)).fold(Wander::default(), |sum, take| Wander {
            takes: sum.takes + take.takes,
            variance: sum.variance + take.takes * take.variance,
            later: sum.later + take.takes * take.later,
        })
    }

    /// What is left of the deviation after a beat.
    fn hold(&self) -> f64 {
        (self.later / self.variance).clamp(0.0, 1.0).sqrt()
    }
}

/// The rows of the table.
pub fn table(takes: &[Vec<Stroke>]) -> String {
    let mut text = String::new();
    for group in Group::ALL {
        let wander = Wander::of(takes, group);
        let (ms, hold) = (wander.variance.sqrt(), wander.hold());
        let _ = writeln!(text, "{group:?},{:.1},{ms:.1},{hold:.2}", wander.takes);
    }
    text
}

/// From the strokes of different pieces that fall together, and from those two beats apart.
fn of_take(take: &[Stroke]) -> Wander {
    let late = deviations(take);
    let mut slots: BTreeMap<i64, Vec<(Kind, f64)>> = BTreeMap::new();
    late.iter().for_each(|(stroke, late)| slots.entry(stroke.at()).or_default().push((stroke.kind, *late)));
    let together: Vec<f64> = slots.values().flat_map(|slot| products(slot)).collect();
    let after = |(at, slot): (&i64, &Vec<(Kind, f64)>)| Some((slot[0].1, slots.get(&(at + 24))?[0].1));
    let later: Vec<f64> = slots.iter().filter_map(after).map(|(now, then)| now * then).collect();
    let pairs = together.len().min(later.len()) as f64;
    Wander { takes: (pairs / WHOLE).min(1.0), variance: mean(&together), later: mean(&later) }
}

/// Of the pieces that are struck at once, each with each.
fn products(slot: &[(Kind, f64)]) -> Vec<f64> {
    let pairs = slot.iter().enumerate().flat_map(|(i, a)| slot[..i].iter().map(move |b| (a, b)));
    pairs.filter(|(a, b)| a.0.piece != b.0.piece).map(|(a, b)| a.1 * b.1).collect()
}

/// How late each stroke is against the others of its kind in the take.
fn deviations(take: &[Stroke]) -> Vec<(&Stroke, f64)> {
    let mut kinds: BTreeMap<Kind, Vec<f64>> = BTreeMap::new();
    take.iter().for_each(|stroke| kinds.entry(stroke.kind).or_default().push(stroke.usual));
    let on_grid = take.iter().filter(|stroke| stroke.kind.place != Place::Between);
    on_grid.map(|stroke| (stroke, stroke.usual - mean(&kinds[&stroke.kind]))).collect()
}
