//! How far two distributions lie apart, and how wide one is.

/// The entropy of counts, in nats; `None` where there are none.
pub fn entropy(counts: &[f64]) -> Option<f64> {
    let sum: f64 = counts.iter().sum();
    let term = |count: &f64| if *count > 0.0 { -(count / sum) * (count / sum).ln() } else { 0.0 };
    (sum > 0.0).then(|| counts.iter().map(term).sum())
}

/// The earth mover's distance of two histograms with equal bins, in bins; `None` where either is empty.
pub fn earth_movers(a: &[f64], b: &[f64]) -> Option<f64> {
    let (of_a, of_b) = (a.iter().sum::<f64>(), b.iter().sum::<f64>());
    if of_a <= 0.0 || of_b <= 0.0 || a.len() != b.len() {
        return None;
    }
    let mut carried = 0.0;
    let step = |(x, y): (&f64, &f64)| {
        carried += x / of_a - y / of_b;
        f64::abs(carried)
    };
    Some(a.iter().zip(b).map(step).sum())
}

/// The Jensen-Shannon divergence of two histograms with equal bins, in nats: 0 to ln 2; `None` where either is
/// empty.
pub fn jensen_shannon(a: &[f64], b: &[f64]) -> Option<f64> {
    /// Keeps the logarithm finite, as the published code does.
    const EPSILON: f64 = 1e-10;
    let (of_a, of_b) = (a.iter().sum::<f64>(), b.iter().sum::<f64>());
    if of_a <= 0.0 || of_b <= 0.0 || a.len() != b.len() {
        return None;
    }
    let divergence = |p: f64, middle: f64| (p + EPSILON) * ((p + EPSILON) / (middle + EPSILON)).ln();
    let of_bin = |(x, y): (&f64, &f64)| {
        let (p, q) = (x / of_a, y / of_b);
        (divergence(p, (p + q) / 2.0) + divergence(q, (p + q) / 2.0)) / 2.0
    };
    Some(a.iter().zip(b).map(of_bin).sum::<f64>().max(0.0))
}

/// The value that a share of all does not exceed, by nearest rank; not a number where there is none.
pub fn percentile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(((sorted.len() as f64 * share).ceil() as usize).saturating_sub(1)).copied().unwrap_or(f64::NAN)
}

/// The mean; `None` where there is no value.
pub fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// The standard deviation; `None` below two values.
pub fn deviation(values: &[f64]) -> Option<f64> {
    let mean = mean(values).filter(|_| values.len() > 1)?;
    Some((values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (values.len() - 1) as f64).sqrt())
}
