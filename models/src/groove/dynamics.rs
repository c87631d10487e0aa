//! How loud and how busy the player is: the fast and the slow half of the band's dynamics.

use super::listener::Listener;
use super::player::Player;

/// How far velocity follows, either way.
const FAST_RANGE: f32 = 20.0;

/// A velocity that calls for neither more nor less.
const USUAL_VELOCITY: f32 = 80.0;

/// Onsets a beat that call for neither more nor less.
const USUAL_PACE: f32 = 1.2;

/// Beats of [`USUAL_PACE`] that every player is taken to have played before.
const PRIOR_BEATS: f32 = 8.0;

/// How the player's energy stands, by a two-bar average with hysteresis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Energy {
    /// Well below the usual.
    Low,
    /// As usual.
    #[default]
    Usual,
    /// Well above the usual.
    High,
}

/// What the player's dynamics ask of the band.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Dynamics {
    /// Added to velocities as far as `feel.follow` says; the sum is kept within 20 either way.
    pub shift: f32,
    /// How much busier (to +0.5) or calmer (to -0.5) the player is than usual.
    pub drive: f32,
    /// The slow energy.
    pub energy: Energy,
    /// Nothing was played or held for two bars by somebody who has played before.
    pub silent: bool,
    /// Onsets of the chord hand in a bar.
    pub chord_hand: f32,
}

impl Dynamics {
    /// What is asked as of now.
    pub fn of(listener: &Listener, per_bar: i32) -> Dynamics {
        let (player, now) = (&listener.player, listener.now.0);
        if !player.has_played() {
            return Dynamics::default();
        }
        let present = player.between(now - 2 * per_bar, now + 1).any(|(_, tally)| tally.present);
        Dynamics {
            shift: shift(player, now, per_bar),
            drive: drive(player, now, per_bar),
            energy: energy(player, now, per_bar),
            silent: !present && player.tally(now - 2 * per_bar).is_some(),
            chord_hand: player.chord_pace(now - 2 * per_bar, now) * per_bar as f32,
        }
    }
}

/// The fast half: the velocity of the last beats against what this player usually plays.
fn shift(player: &Player, now: i32, per_bar: i32) -> f32 {
    let lately = [1, per_bar, 2 * per_bar].into_iter().find_map(|beats| player.pace(now - beats, now + 1).1);
    let Some(velocity) = lately else { return 0.0 };
    let mean = player.pace(now - 32 * per_bar, now + 1).1.unwrap_or(USUAL_VELOCITY);
    // Half of it is absolute, or a soft touch would never be soft to the band.
    let usual = 0.5 * USUAL_VELOCITY + 0.5 * mean;
    (1.2 * (velocity - usual)).clamp(-FAST_RANGE / 0.7, FAST_RANGE / 0.7)
}

/// How busy the last bar was, half against a fixed measure and half against this player's last sixteen bars.
fn drive(player: &Player, now: i32, per_bar: i32) -> f32 {
    let bar = player.pace(now - per_bar, now).0;
    // What has begun counts at once, as far as it is more than the bar before.
    let begun = f32::from(player.tally(now).map_or(0, |tally| tally.onsets()));
    let pace = bar.max((bar * (per_bar - 1) as f32 + begun) / per_bar as f32);
    let beats = player.between(now - 16 * per_bar, now).count() as f32;
    let long =
        (player.pace(now - 16 * per_bar, now).0 * beats + USUAL_PACE * PRIOR_BEATS) / (beats + PRIOR_BEATS);
    let relative = 0.25 * ((pace + 0.15) / (long + 0.15)).log2();
    let absolute = (pace / (2.0 * USUAL_PACE)).min(1.0) - 0.5;
    (relative + 0.5 * absolute).clamp(-0.5, 0.5)
}

/// The slow half: runs over the last sixteen bars, so that it depends on nothing but what was heard.
pub fn energy(player: &Player, now: i32, per_bar: i32) -> Energy {
    const ENTER: f32 = 0.22;
    const LEAVE: f32 = 0.1;
    let mut energy = Energy::Usual;
    for bar in (0..16).rev() {
        let end = now - bar * per_bar;
        let (pace, velocity) = player.pace(end - 2 * per_bar, end);
        let Some(velocity) = velocity else { continue };
        let pace = 0.25 * ((pace + 0.1) / USUAL_PACE).log2();
        let level = pace + (velocity - USUAL_VELOCITY) / 80.0;
        energy = match energy {
            _ if level > ENTER => Energy::High,
            _ if level < -ENTER => Energy::Low,
            Energy::High if level > LEAVE => Energy::High,
            Energy::Low if level < -LEAVE => Energy::Low,
            _ => Energy::Usual,
        };
    }
    energy
}
