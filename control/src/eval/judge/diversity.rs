//! How many different things a set of performances holds: the Vendi score.

use engine::Tick;

use super::Band;

/// Places of a bar that the embedding tells apart.
const PLACES: usize = 16;

/// A performance as a unit vector: how often bass, comp and pads strike each pitch class at each sixteenth of the
/// bar (of each bar, a histogram; their sum). Empty where they strike nothing.
///
/// It compares versions of this program and no other: the published figures used a trained encoder.
pub fn embed(band: &Band) -> Vec<f64> {
    let mut vector = vec![0.0; 12 * PLACES];
    let place = band.bar() / PLACES as Tick;
    for note in band.notes.iter().filter(|note| note.part.is_pitched() && !note.moved) {
        let at = (note.on + place / 2).div_euclid(place).rem_euclid(PLACES as Tick) as usize;
        vector[at * 12 + usize::from(note.key % 12)] += 1.0;
    }
    let length = dot(&vector, &vector).sqrt();
    if length == 0.0 {
        return Vec::new();
    }
    vector.into_iter().map(|x| x / length).collect()
}

/// The Vendi score of unit vectors: the exponential of the entropy of the eigenvalues of their cosines over their
/// number. 1 where all are alike, their number where none is like another.
pub fn vendi(vectors: &[Vec<f64>]) -> Option<f64> {
    let n = vectors.len();
    let mut gram: Vec<Vec<f64>> =
        vectors.iter().map(|a| vectors.iter().map(|b| dot(a, b) / n as f64).collect()).collect();
    let entropy = |eigenvalue: f64| if eigenvalue > 1e-12 { -eigenvalue * eigenvalue.ln() } else { 0.0 };
    (n > 0).then(|| eigenvalues(&mut gram).into_iter().map(entropy).sum::<f64>().exp())
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// The eigenvalues of a symmetric matrix, by Jacobi's rotations.
fn eigenvalues(matrix: &mut [Vec<f64>]) -> Vec<f64> {
    const SWEEPS: usize = 30;
    const SMALL: f64 = 1e-12;
    let n = matrix.len();
    for _ in 0..SWEEPS {
        let mut left = 0.0;
        for p in 0..n {
            for q in p + 1..n {
                left += matrix[p][q].abs();
                if matrix[p][q].abs() > SMALL / n as f64 {
                    rotate(matrix, p, q);
                }
            }
        }
        if left < SMALL {
            break;
        }
    }
    (0..n).map(|i| matrix[i][i]).collect()
}

/// Turns the plane of two axes so that their common element vanishes.
fn rotate(matrix: &mut [Vec<f64>], p: usize, q: usize) {
    let theta = (matrix[q][q] - matrix[p][p]) / (2.0 * matrix[p][q]);
    let tangent = theta.signum() / (theta.abs() + theta.hypot(1.0));
    let cosine = 1.0 / tangent.hypot(1.0);
    let sine = tangent * cosine;
    for row in matrix.iter_mut() {
        let (a, b) = (row[p], row[q]);
        (row[p], row[q]) = (cosine * a - sine * b, sine * a + cosine * b);
    }
    let (above, below) = matrix.split_at_mut(p.max(q));
    let (first, second) = (&mut above[p.min(q)], &mut below[0]);
    let (first, second) = if p < q { (first, second) } else { (second, first) };
    for (a, b) in first.iter_mut().zip(second) {
        (*a, *b) = (cosine * *a - sine * *b, sine * *a + cosine * *b);
    }
}
