//! Late, scattered, loud: the feel of each case.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::wander::Wander;
use super::{PRIOR, Stroke, WHOLE, mean, variance};
use crate::groove::feel::cell::{Energy, Group, Kind, Piece, Place};

pub const HEAD: &str = "\
# takes and strokes are what was measured; the other columns are drawn towards the same case in all groups, then the
# piece, as if two whole takes (of 32 strokes of the case) had been like that. The take's own offset and swing are taken out.
# late_ms: behind the grid, at 100 beats a minute. scatter_ms: deviation around the drummer's wander. soft, medium, loud: velocity against the
# same piece on the beat, in takes of which the strokes that are no ghosts have a mean below 84, below 96, or above.
# touch: deviation of the velocity of the same stroke from bar to bar.
group,piece,place,takes,strokes,late_ms,scatter_ms,soft,medium,loud,touch
";

/// What a table cell or one of its wider cases gathers; none is all.
type Key = (Option<Group>, Piece, Option<Place>, Option<Energy>);

/// Sums over takes, weighted by how much of a whole take there is.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    strokes: usize,
    takes: f64,
    late: f64,
    variance: f64,
    compared: f64,
    accent: f64,
    repeats: f64,
    touch: f64,
}

/// A quantity of a cell: its sum and what it weighs.
type Quantity = fn(&Sums) -> (f64, f64);

#[derive(Debug, Default)]
struct Cells(BTreeMap<Key, Sums>);

/// The rows of the table.
pub fn table(takes: &[Vec<Stroke>]) -> String {
    let mut cells = Cells::default();
    takes.iter().for_each(|take| cells.add(take));
    let mut text = String::new();
    for group in Group::ALL {
        let wander = Wander::of(takes, group).variance;
        for piece in Piece::ALL {
            for place in Place::ALL {
                cells.write_row(&mut text, Kind { group, piece, place }, wander);
            }
        }
    }
    text
}

impl Cells {
    fn add(&mut self, take: &[Stroke]) {
        let mut kinds: BTreeMap<Kind, Vec<&Stroke>> = BTreeMap::new();
        take.iter().for_each(|stroke| kinds.entry(stroke.kind).or_default().push(stroke));
        for (kind, strokes) in kinds.iter().filter(|kind| kind.1.len() > 1) {
            let on_beat =
                kinds.get(&Kind { place: Place::Beat, ..*kind }).filter(|strokes| strokes.len() > 1);
            let sums = sums(strokes, on_beat.map(|strokes| level(strokes)));
            for energy in [None, Some(take[0].energy)] {
                let wider = [(Some(kind.group), Some(kind.place)), (None, Some(kind.place)), (None, None)];
                for (group, place) in wider {
                    self.0.entry((group, kind.piece, place, energy)).or_default().add(&sums);
                }
            }
        }
    }

    /// A quantity of a kind, drawn towards the wider ones: its energy in all groups, all energies, and the piece.
    fn estimate(&self, kind: Kind, energy: Option<Energy>, of: Quantity) -> f64 {
        let Kind { group, piece, place } = kind;
        let path = [
            (None, None, None),
            (None, Some(place), None),
            (None, Some(place), energy),
            (Some(group), Some(place), energy),
        ];
        let step = |wider: Option<f64>, (group, place, energy)| {
            let (sum, weight) = of(&self.of((group, piece, place, energy)));
            Some(wider.map_or(sum / weight.max(1e-9), |wider| (sum + PRIOR * wider) / (weight + PRIOR)))
        };
        path.into_iter().fold(None, step).unwrap_or_default()
    }

    fn of(&self, key: Key) -> Sums {
        self.0.get(&key).copied().unwrap_or_default()
    }

    fn write_row(&self, text: &mut String, kind: Kind, wander: f64) {
        let Kind { group, piece, place } = kind;
        let known = self.of((Some(group), piece, Some(place), None));
        let late = self.estimate(kind, None, |sums| (sums.late, sums.takes));
        let variance = self.estimate(kind, None, |sums| (sums.variance, sums.takes));
        // Part of the deviation is the drummer's wander, which all pieces share.
        let scatter = (variance - wander).max(0.25 * variance).sqrt();
        let touch = self.estimate(kind, None, |sums| (sums.touch, sums.repeats)).sqrt();
        let accent = |energy| self.estimate(kind, Some(energy), |sums| (sums.accent, sums.compared));
        let [soft, medium, loud] = Energy::ALL.map(accent);
        let _ = write!(text, "{group:?},{piece:?},{place:?},{:.1},{}", known.takes, known.strokes);
        for number in [late, scatter, soft, medium, loud, touch] {
            // To a tenth, without a negative zero.
            let _ = write!(text, ",{:.1}", (number * 10.0).round() / 10.0 + 0.0);
        }
        text.push('\n');
    }
}

impl Sums {
    fn add(&mut self, other: &Sums) {
        self.strokes += other.strokes;
        self.takes += other.takes;
        self.late += other.late;
        self.variance += other.variance;
        self.compared += other.compared;
        self.accent += other.accent;
        self.repeats += other.repeats;
        self.touch += other.touch;
    }
}

/// What a take says of a case; `on_beat` is how loud its piece is on the beat.
fn sums(strokes: &[&Stroke], on_beat: Option<f64>) -> Sums {
    let late: Vec<f64> = strokes.iter().map(|stroke| stroke.usual).collect();
    let weight = (strokes.len() as f64 / WHOLE).min(1.0);
    let repeats = repeats(strokes);
    let repeated = (repeats.len() as f64 / WHOLE).min(1.0);
    Sums {
        strokes: strokes.len(),
        takes: weight,
        late: weight * mean(&late),
        variance: weight * variance(&late),
        compared: if on_beat.is_some() { weight } else { 0.0 },
        accent: on_beat.map_or(0.0, |on_beat| weight * (level(strokes) - on_beat)),
        repeats: repeated,
        touch: repeated * mean(&repeats),
    }
}

fn level(strokes: &[&Stroke]) -> f64 {
    mean(&strokes.iter().map(|stroke| stroke.velocity).collect::<Vec<_>>())
}

/// Half the squared differences of the velocities of strokes from the same ones in the bar before: their mean is the
/// variance that is left when the drummer's slower dynamics are taken out.
fn repeats(strokes: &[&Stroke]) -> Vec<f64> {
    let mut last: BTreeMap<(u8, i64), &Stroke> = BTreeMap::new();
    let mut repeats = Vec::new();
    for stroke in strokes {
        if let Some(before) = last.insert((stroke.key, stroke.slot), stroke)
            && stroke.beat - before.beat <= 4
        {
            repeats.push((stroke.velocity - before.velocity).powi(2) / 2.0);
        }
    }
    repeats
}
