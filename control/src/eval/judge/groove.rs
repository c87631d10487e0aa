//! Do drums and bass play together, and are ghosts ghosts?

use engine::{Part, Tick};

use super::{Band, Share, Sounding};

/// How near two onsets are one: a twenty-fourth of a beat.
fn near(band: &Band) -> Tick {
    band.beat() / 24
}

fn is_kick(note: &&Sounding) -> bool {
    matches!(note.key, 35 | 36)
}

/// How many bass onsets have a kick with them.
pub fn bass_with_kick(band: &Band) -> Share {
    coincident(band.struck(Part::Bass), band.struck(Part::Drums).filter(is_kick), near(band))
}

/// How many kicks have a bass onset with them.
pub fn kick_with_bass(band: &Band) -> Share {
    coincident(band.struck(Part::Drums).filter(is_kick), band.struck(Part::Bass), near(band))
}

fn coincident<'a>(
    these: impl Iterator<Item = &'a Sounding>,
    those: impl Iterator<Item = &'a Sounding> + Clone,
    near: Tick,
) -> Share {
    Share::count(these, |note| those.clone().any(|other| (other.on - note.on).abs() <= near))
}

/// How far the loudest ghost of the snare (velocity up to 50) lies below the mean of its accents; `None` where
/// there are not both.
pub fn ghost_gap(band: &Band) -> Option<f64> {
    let snare =
        || band.struck(Part::Drums).filter(|note| matches!(note.key, 38 | 40)).map(|note| note.velocity);
    let ghost = snare().filter(|velocity| *velocity <= 50).max()?;
    let accents: Vec<f64> = snare().filter(|velocity| *velocity > 50).map(f64::from).collect();
    let mean = accents.iter().sum::<f64>() / accents.len() as f64;
    (!accents.is_empty()).then_some(mean - f64::from(ghost))
}

/// Notes of a part that strike while an earlier chord's strike is younger than `ticks`: a part that strikes
/// twice for one chord.
pub fn double_strikes(band: &Band, part: Part, ticks: Tick) -> Share {
    let after = |from: Tick| {
        let mut strikes: Vec<Tick> = band.struck(part).map(|note| note.on).collect();
        strikes.retain(|on| (from..from + ticks).contains(on));
        strikes.dedup();
        strikes
    };
    Share::count(band.spans(), |(from, _, _)| after(from).len() > 1)
}
