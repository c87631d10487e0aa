//! The kit of the corpus as strokes: grace notes found, keys folded, loudness against the take's own.

use crate::corpus::Timing;
use crate::groove::drums::is_metal;
use crate::tokens::{Hit, Ornament, velocity_bin, velocity_of};

use super::grips::place;
use super::stretch::Stretch;

/// The keys that can be said.
const KEYS: (u8, u8) = (35, 82);
/// A stroke this shortly before one of the same drum is its grace note.
const FLAM_MS: f64 = 34.0;
/// Between the three strokes of a drag.
const DRAG_MS: f64 = 45.0;
/// Between the strokes of a roll.
const ROLL_MS: f64 = 75.0;
/// The same as a share of the beat: sextuplets are no roll, however fast.
const ROLL_BEATS: f64 = 0.155;
/// Strokes that make a roll.
const ROLL: usize = 4;

/// Grid positions in a beat.
const POSITIONS: i64 = engine::POSITIONS as i64;

/// A stroke: tick, key, velocity.
type Stroke = (i64, u8, u8);

/// A stroke on the grid.
#[derive(Clone, Copy, Debug)]
struct Placed {
    /// Grid positions from the start of the stretch.
    at: i64,
    velocity: u8,
    ornament: Option<Ornament>,
}

/// For each beat the strokes, by position, then key.
pub fn hits(stretch: &Stretch<'_>, timing: &Timing) -> Vec<Vec<Hit>> {
    let strokes: Vec<Stroke> = stretch
        .notes("drums")
        .iter()
        .map(|(tick, _, key, velocity)| (*tick, folded(*key), *velocity))
        .collect();
    let gains = [false, true].map(|metal| {
        gain(strokes.iter().filter(|stroke| is_metal(stroke.1) == metal).map(|stroke| stroke.2))
    });
    let mut beats = vec![Vec::new(); stretch.beats];
    for key in KEYS.0..=KEYS.1 {
        let of_key: Vec<Stroke> = strokes.iter().copied().filter(|stroke| stroke.1 == key).collect();
        let gain = gains[usize::from(is_metal(key))];
        for Placed { at, velocity, ornament } in placed(&of_key, stretch, timing) {
            let position = at.rem_euclid(POSITIONS) as u8;
            let hit = Hit { position, key, velocity: velocity_bin(f32::from(velocity) * gain), ornament };
            let beat = usize::try_from(at.div_euclid(POSITIONS));
            if let Some(hits) = beat.ok().and_then(|beat| beats.get_mut(beat)) {
                strike(hits, hit);
            }
        }
    }
    beats.iter_mut().for_each(|hits| hits.sort_by_key(|hit| (hit.position, hit.key)));
    beats
}

/// Adds a stroke; of two that fall on one position the louder stays.
fn strike(hits: &mut Vec<Hit>, hit: Hit) {
    match hits.iter_mut().find(|other| (other.position, other.key) == (hit.position, hit.key)) {
        Some(other) => {
            other.velocity = other.velocity.max(hit.velocity);
            other.ornament = other.ornament.or(hit.ornament);
        }
        None => hits.push(hit),
    }
}

/// The key that stands for one: clicks and scratches beyond the ends for what sounds like them, the rims of an
/// electronic kit for their drums.
fn folded(key: u8) -> u8 {
    match key {
        22 => 42,
        26 => 46,
        27 => 75,
        28 => 39,
        29 | 30 => 70,
        31..=33 => 37,
        34 => 56,
        83 => 54,
        85 => 75,
        87 => 41,
        key => key.clamp(KEYS.0, KEYS.1),
    }
}

/// What makes the median stroke of a player a normal one. Ghosts do not count.
pub fn gain(velocities: impl Iterator<Item = u8>) -> f32 {
    let mut all: Vec<f32> = velocities.filter(|velocity| *velocity > 0).map(f32::from).collect();
    all.sort_by(f32::total_cmp);
    let Some(loud) = all.get(all.len() * 9 / 10) else { return 1.0 };
    let strokes = &all[all.partition_point(|velocity| *velocity < 0.45 * loud)..];
    let median = strokes.get(strokes.len() / 2).copied().unwrap_or(*loud);
    (velocity_of(2) / median).clamp(0.6, 2.0)
}

/// The strokes of one drum on the grid, with their grace notes.
fn placed(strokes: &[Stroke], stretch: &Stretch<'_>, timing: &Timing) -> Vec<Placed> {
    let mut found = Vec::new();
    let mut rest = strokes;
    while let Some((tick, _, velocity)) = rest.first().copied() {
        let run = roll(rest, stretch);
        if run >= ROLL {
            found.extend(buzz(&rest[..run], stretch, timing));
            rest = &rest[run..];
            continue;
        }
        let (graces, ornament) = graces(rest, stretch);
        let main = rest.get(graces).map_or((tick, velocity), |main| (main.0, main.2));
        found.push(Placed { at: place(main.0, stretch, timing), velocity: main.1, ornament });
        rest = &rest[graces + 1..];
    }
    found
}

/// How many of the first strokes follow each other as those of a roll do.
fn roll(strokes: &[Stroke], stretch: &Stretch<'_>) -> usize {
    let is_close = |pair: &&[Stroke]| {
        let ticks = pair[1].0 - pair[0].0;
        stretch.ms(0, ticks) < ROLL_MS && (ticks as f64) < ROLL_BEATS * stretch.beat() as f64
    };
    1 + strokes.windows(2).take_while(is_close).count()
}

/// The strokes of a roll where they lie, since the slots that the take favours say nothing of them; two on one position
/// are a buzz.
fn buzz(strokes: &[Stroke], stretch: &Stretch<'_>, timing: &Timing) -> Vec<Placed> {
    let mut placed: Vec<Placed> = Vec::new();
    for (tick, _, velocity) in strokes {
        let beats = *tick as f64 / stretch.beat() as f64 - f64::from(timing.offset);
        let at = (beats * POSITIONS as f64).round() as i64;
        match placed.last_mut() {
            Some(last) if last.at == at => {
                *last = Placed { at, velocity: last.velocity.max(*velocity), ornament: Some(Ornament::Roll) }
            }
            _ => placed.push(Placed { at, velocity: *velocity, ornament: None }),
        }
    }
    placed
}

/// How many grace notes lead to a stroke, and what they make of it.
fn graces(strokes: &[Stroke], stretch: &Stretch<'_>) -> (usize, Option<Ornament>) {
    let within = |i: usize, ms: f64| {
        strokes
            .get(i + 1)
            .is_some_and(|next| stretch.ms(strokes[i].0, next.0) <= ms && next.2 >= strokes[i].2)
    };
    match (within(0, DRAG_MS), within(1, DRAG_MS), within(0, FLAM_MS)) {
        (true, true, _) => (2, Some(Ornament::Drag)),
        (_, _, true) => (1, Some(Ornament::Flam)),
        _ => (0, None),
    }
}
