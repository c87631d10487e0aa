//! Whether the player will play: the band writes beats that have not been played yet, so it goes by habit.

use super::player::{Player, Tally};

/// Beats over which habits are tried.
const TRIAL: i32 = 48;

/// How much of a beat the player fills, 0 to 1.
///
/// A held melody note leaves room for an answer, though less than a rest; a chord in the other hand is no melody,
/// unless there is no melody at all.
pub fn presence(tally: &Tally, has_lead: bool) -> f32 {
    if !has_lead {
        return if tally.onsets() > 0 { 1.0 } else { 0.0 };
    }
    match tally.lead {
        0 if tally.lead_held => 0.3,
        0 if tally.chord > 0 => 0.1,
        0 => 0.0,
        _ => 1.0,
    }
}

/// Whether there was a melody in the last eight bars.
pub fn has_lead(player: &Player, now: i32, per_bar: i32) -> bool {
    let lead: u32 = player.between(now - 8 * per_bar, now + 1).map(|(_, tally)| u32::from(tally.lead)).sum();
    lead >= 4
}

/// How much of `beat` the player will probably fill, 0 to 1; a half where nothing is known.
///
/// Each habit says "as it was `lag` beats ago" for lags of the horizon and of 1, 2, 4, 8 and 16 bars, and counts as
/// much as it was right lately.
pub fn forecast(player: &Player, beat: i32, now: i32, per_bar: i32) -> f32 {
    let has_lead = has_lead(player, now, per_bar);
    let heard = |b: i32| player.tally(b).map(|tally| presence(tally, has_lead));
    // Of the present beat only an onset is certain: a rest may still end.
    let known = if heard(now).is_some_and(|filled| filled >= 1.0) { now } else { now - 1 };
    let filled = |b: i32| (b <= known).then(|| heard(b)).flatten();
    if let Some(known) = filled(beat) {
        return known;
    }
    let horizon = (beat - known).max(1);
    let lags = [horizon, per_bar, 2 * per_bar, 4 * per_bar, 8 * per_bar, 16 * per_bar];
    let recent: Vec<f32> = (known - 4 * per_bar..=known).filter_map(filled).collect();
    let usual = recent.iter().sum::<f32>() / recent.len().max(1) as f32;
    let (mut sum, mut weight) = if recent.is_empty() { (0.5, 1.0) } else { (0.05 * usual, 0.05) };
    for lag in lags.into_iter().filter(|lag| *lag >= horizon) {
        let Some(says) = filled(beat - lag) else { continue };
        let broken =
            filled(known).zip(filled(known - lag)).is_some_and(|(was, said)| (was - said).abs() > 0.5);
        // A habit that has just been broken counts little: the player returned, or stopped, of their own accord.
        let trust = trust(&filled, known, lag) * if broken { 0.1 } else { 1.0 };
        sum += trust * says;
        weight += trust;
    }
    sum / weight
}

/// How far a habit has been right of late, from 0 (no better than chance) to 1.
fn trust(filled: &impl Fn(i32) -> Option<f32>, known: i32, lag: i32) -> f32 {
    let (mut wrong, mut tried) = (0.0, 0.0);
    for b in known - TRIAL + 1..=known {
        if let (Some(was), Some(says)) = (filled(b), filled(b - lag)) {
            wrong += (was - says).abs();
            tried += 1.0;
        }
    }
    // Little experience is little trust.
    let right: f32 = (1.0 - 2.0 * (wrong + 0.5) / (tried + 1.0)).max(0.0);
    right.powi(3) * (tried / 16.0f32).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A player who plays three bars in eighths and rests one.
    fn phrases(beats: i32) -> Player {
        let mut player = Player::default();
        player.split_at(54);
        for beat in 0..beats {
            player.enter(beat);
            if beat % 16 < 12 {
                let at = i64::from(beat) * 960;
                player.on(at, beat, 0, 0, 72, 80);
                player.off(0, 72);
                player.on(at + 480, beat, 6, 0, 74, 80);
                player.off(0, 74);
            }
        }
        player
    }

    #[test]
    fn a_rest_that_came_twice_is_expected_and_its_end_too() {
        let player = phrases(44);
        assert!(forecast(&player, 46, 44, 4) < 0.3);
        assert!(forecast(&phrases(47), 48, 46, 4) > 0.7);
        assert!(forecast(&player, 42, 44, 4) > 0.9);
    }

    #[test]
    fn nothing_is_expected_of_a_stranger() {
        assert_eq!(forecast(&Player::default(), 4, 2, 4), 0.5);
    }
}
