//! How widely the drummers spread each piece, take by take.

use std::fmt::Write;

use super::{Stroke, mean, variance};
use crate::groove::feel::cell::Piece;

pub const HEAD: &str = "\
# Of the validation takes: deviations inside a take (10, 50 and 90 % of the takes), and the distribution of all strokes
# (5 to 95 %, each take alike). late: ms behind the grid. velocity: against the mean of the piece in the take.
piece,measure,takes,sd10,sd50,sd90,q05,q10,q15,q20,q25,q30,q35,q40,q45,q50,q55,q60,q65,q70,q75,q80,q85,q90,q95
";

/// Fewer strokes of a piece do not show how it is spread.
const LEAST: usize = 8;

/// The rows of the table.
pub fn table(takes: &[Vec<Stroke>]) -> String {
    let mut text = String::new();
    for piece in Piece::ALL {
        let of = |take: &Vec<Stroke>| -> Vec<Stroke> {
            take.iter().filter(|stroke| stroke.kind.piece == piece).copied().collect()
        };
        let takes: Vec<_> = takes.iter().map(of).filter(|take| take.len() >= LEAST).collect();
        let late: Vec<Vec<f64>> = takes.iter().map(|take| take.iter().map(|s| s.late).collect()).collect();
        let loud: Vec<Vec<f64>> =
            takes.iter().map(|take| take.iter().map(|s| s.velocity).collect()).collect();
        let centred =
            loud.iter().map(|take| take.iter().map(|v| v - mean(take)).collect()).collect::<Vec<_>>();
        write_row(&mut text, piece, "late", &late);
        write_row(&mut text, piece, "velocity", &centred);
    }
    text
}

fn write_row(text: &mut String, piece: Piece, measure: &str, takes: &[Vec<f64>]) {
    let deviations: Vec<(f64, f64)> = takes.iter().map(|take| (variance(take).sqrt(), 1.0)).collect();
    let strokes = takes
        .iter()
        .flat_map(|take| take.iter().map(|value| (*value, 1.0 / take.len() as f64)))
        .collect::<Vec<_>>();
    let _ = write!(text, "{piece:?},{measure},{}", takes.len());
    let shares = (1..20).map(|i| f64::from(i) / 20.0);
    let columns = quantiles(&deviations, &[0.1, 0.5, 0.9])
        .into_iter()
        .chain(quantiles(&strokes, &shares.collect::<Vec<_>>()));
    columns.for_each(|value| {
        let _ = write!(text, ",{value:.1}");
    });
    text.push('\n');
}

/// Weighted quantiles of values.
fn quantiles(values: &[(f64, f64)], shares: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let total: f64 = sorted.iter().map(|value| value.1).sum();
    let up_to = |share: f64| {
        let mut sum = 0.0;
        let reached = |value: &&(f64, f64)| {
            sum += value.1;
            sum >= share * total
        };
        sorted.iter().find(reached).map_or(0.0, |value| value.0)
    };
    shares.iter().map(|share| up_to(*share)).collect()
}
