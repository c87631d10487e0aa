//! Distributions as tests print them and judge them.

/// The value that a share of all does not exceed; not a number where there is none.
pub fn percentile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(((sorted.len() as f64 * share).ceil() as usize).saturating_sub(1)).copied().unwrap_or(f64::NAN)
}

/// Prints a distribution in a line.
pub fn told(name: &str, values: &[f64]) {
    if values.is_empty() {
        return println!("{name}: none");
    }
    let [p50, p99, max] = [0.5, 0.99, 1.0].map(|share| percentile(values, share));
    println!("{name}: n {}, p50 {p50:.2}, p99 {p99:.2}, max {max:.2}", values.len());
}
