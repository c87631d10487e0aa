//! The kit: lanes with alternatives and optional strokes, thinned and filled by density, and the hits of the moment.

use engine::{Knob, Part, Role, Section};

use super::draft::{Draft, Sketch};
use super::reactions::{self, Arrival};
use super::scene::Scene;
use super::{clave, turns};
use crate::pattern::{Dynamic, Pattern, Step, Stroke};
use crate::rig::{Lane, Piece};

/// General MIDI keys that have a role of their own here.
pub const KICK: u8 = 36;
/// The crash.
pub const CRASH: u8 = 49;
const HAT: u8 = 42;
const RIDE: u8 = 51;
/// See `clave.rs`.
pub const CLAVE: u8 = 75;

/// Writes the drums of a beat.
pub fn write(scene: &Scene<'_>, draft: &mut Draft) {
    let Some(density) = scene.density(Part::Drums) else { return };
    let (piece, bar) = source(scene);
    for lane in &piece.drums {
        write_lane(scene, draft, lane, piece, bar, density);
    }
    clave::keep(scene, draft, piece);
    if scene.fill.is_none() && scene.span.section.is_main() {
        turns::write_drums(scene, draft, piece);
        shimmer(scene, draft, density);
        ghosts(scene, draft, piece, density);
        catch(scene, draft);
    }
    arrive(scene, draft);
    change_cymbal(scene, draft);
}

/// The piece that the drums play, and its bar.
fn source<'a>(scene: &Scene<'a>) -> (&'a Piece, i32) {
    if let Some(fill) = scene.fill.filter(|fill| !fill.0.drums.is_empty()) {
        return fill;
    }
    let is_fill = matches!(scene.span.section, Section::Fill(_));
    if is_fill && scene.place.piece.drums.is_empty() {
        (&scene.rig.mains[scene.span.section.level().index()], scene.bar)
    } else {
        (scene.place.piece, scene.place.bar)
    }
}

/// Kick, snare and their like: the skeleton, which changes at phrase ends and else seldom.
pub fn is_skeleton(key: u8) -> bool {
    (35..=40).contains(&key)
}

/// Hats, cymbals and the like.
pub fn is_metal(key: u8) -> bool {
    matches!(key, 42 | 44 | 46 | 49 | 51..=53 | 55 | 57 | 59)
}

fn write_lane(scene: &Scene<'_>, draft: &mut Draft, lane: &Lane, piece: &Piece, bar: i32, density: f32) {
    let Some(pattern) = chosen(scene, lane, bar) else { return };
    let dice = scene.dice.of("step").at(i64::from(lane.key));
    for step in scene.steps(pattern, bar) {
        let place = i64::from(step.beat) * 12 + i64::from(step.position);
        // What the skeleton leaves out stays out for the phrase; the rest is chosen anew in each bar.
        let stable = is_skeleton(lane.key) && step.dynamic > Dynamic::Ghost;
        let (dice, density) = match stable {
            true => (scene.phrase_dice().of("step").at(i64::from(lane.key)), scene.steady(Part::Drums)),
            false => (dice.at(scene.bar), density),
        };
        if keeps(scene, lane.key, step, density, dice.at(place).unit()) {
            strike(scene, draft, lane.key, step);
        }
    }
    if piece.crash && scene.span.from == scene.beat && !draft.has_drum(CRASH, 0) && lane.key == KICK {
        draft.drum(CRASH, 0, Dynamic::Normal.velocity());
    }
}

/// The alternative that a lane plays in this unit.
fn chosen<'p>(scene: &Scene<'_>, lane: &'p Lane, bar: i32) -> Option<&'p Pattern> {
    let n = lane.patterns.len();
    let first = 0.75 - 0.4 * scene.variety();
    let ghostly = lane.patterns.iter().flat_map(|p| &p.steps).all(|step| step.dynamic == Dynamic::Ghost);
    if is_skeleton(lane.key) && !ghostly {
        // Lanes with as many alternatives change together, because they were written for each other.
        return lane.patterns.get(scene.alternative("lane", n));
    }
    let longest = lane.patterns.iter().map(|p| p.bars).max().unwrap_or(1).max(scene.rig.unit_bars);
    let unit = bar.div_euclid(i32::from(longest.max(1)));
    lane.patterns.get(scene.dice.of("lane").at(n as i64).at(unit).alternative(n, first))
}

/// Whether a stroke is played at a density: what matters least goes first, optional strokes come in as it rises.
fn keeps(scene: &Scene<'_>, key: u8, step: &Step, density: f32, roll: f32) -> bool {
    if step.optional {
        return roll < 0.1 + 0.5 * scene.variety() + 1.4 * (density - 0.5);
    }
    let weight = match (step.dynamic, step.position) {
        (Dynamic::Ghost, _) => 0.3,
        _ if is_skeleton(key) || key == CLAVE => 1.0,
        (_, 0) => 0.95,
        (Dynamic::Accent, _) => 0.8,
        (_, 6 | 4 | 8) => 0.6,
        _ => 0.45,
    };
    weight >= 2.6 * (0.5 - density)
}

/// Writes a stroke with its grace notes.
pub fn strike(scene: &Scene<'_>, draft: &mut Draft, key: u8, step: &Step) {
    let velocity = step.dynamic.velocity();
    let stroke = Sketch {
        position: step.position,
        velocity,
        ghost: step.dynamic == Dynamic::Ghost,
        length: (i64::from(step.length) * scene.ticks_per_position()).max(60),
        ..Draft::stroke(key)
    };
    let graces: &[f32] = match step.stroke {
        Stroke::Flam => &[-26.0],
        Stroke::Drag => &[-56.0, -28.0],
        Stroke::Roll => return roll(scene, draft, stroke, step.length),
        _ => &[],
    };
    for offset_ms in graces {
        draft.push(Sketch { velocity: 0.5 * velocity, offset_ms: *offset_ms, length: 60, ..stroke });
    }
    draft.push(stroke);
}

/// A buzz: strokes closer than 60 ms that swell to the end of the step, inside this beat.
fn roll(scene: &Scene<'_>, draft: &mut Draft, stroke: Sketch, length: u16) {
    let position_ms = scene.ticks_per_position() as f32 / scene.ticks_per_ms();
    let double = position_ms > 60.0;
    let end = (u16::from(stroke.position) + length).min(12) as u8;
    for position in stroke.position..end {
        let swell = f32::from(position - stroke.position) / f32::from(end - stroke.position).max(1.0);
        let velocity = stroke.velocity - 14.0 + 34.0 * swell;
        draft.push(Sketch { position, velocity, length: 60, ..stroke });
        if double {
            let offset_ms = position_ms / 2.0;
            draft.push(Sketch { position, velocity: velocity - 6.0, offset_ms, length: 60, ..stroke });
        }
    }
}

/// When the band is busy, soft strokes come in half way between those of the time-keeper.
fn shimmer(scene: &Scene<'_>, draft: &mut Draft, density: f32) {
    const KEEPERS: [u8; 6] = [HAT, RIDE, 70, 82, 69, 54];
    let wanted = 2.5 * (density - 0.55);
    let key = KEEPERS.into_iter().find(|key| draft.has_drum(*key, 0) || draft.has_drum(*key, 6));
    let (Some(key), true) = (key, wanted > 0.0) else { return };
    let spots: &[u8] = match (scene.grid.meter.is_compound(), scene.swings()) {
        (true, _) => &[4, 8],
        (false, true) => &[6],
        (false, false) => &[6, 3, 9],
    };
    for position in
        spots.iter().copied().filter(|position| !draft.has_drum(key, *position)).collect::<Vec<_>>()
    {
        let dice = scene.dice.of("shimmer").at(i64::from(scene.beat.0)).at(i64::from(position));
        // Sixteenths only once the eighths are there.
        let ready = position == 6 || scene.grid.meter.is_compound() || draft.has_drum(key, 6);
        if ready && dice.chance(wanted) {
            draft.drum(key, position, 46.0);
        }
    }
}

/// When the band is busy and the time-keeper has no room left, ghost notes come in between.
fn ghosts(scene: &Scene<'_>, draft: &mut Draft, piece: &Piece, density: f32) {
    /// Drums that may whisper, the best first.
    const VOICES: [u8; 6] = [38, 40, 62, 64, 37, 63];
    let wanted = 2.5 * (density - 0.55);
    let key = VOICES.into_iter().find(|key| piece.drums.iter().any(|lane| lane.key == *key));
    let (Some(key), true) = (key, wanted > 0.0) else { return };
    let spots: &[u8] = match (scene.grid.meter.is_compound(), scene.swings()) {
        (true, _) => &[2, 6, 10],
        (false, true) => &[4],
        (false, false) => &[3, 9],
    };
    for position in
        spots.iter().copied().filter(|position| !draft.has_drum(key, *position)).collect::<Vec<_>>()
    {
        let dice = scene.dice.of("ghost").at(i64::from(scene.beat.0)).at(i64::from(position));
        if dice.chance(wanted) {
            draft.push(Sketch {
                position,
                velocity: Dynamic::Ghost.velocity(),
                ghost: true,
                ..Draft::stroke(key)
            });
        }
    }
}

/// Fuller where the player is busy: for a kit that somebody else wrote, who knows best how to be calm.
pub fn follow(scene: &Scene<'_>, draft: &mut Draft) {
    let Some(density) = scene.density(Part::Drums) else { return };
    shimmer(scene, draft, density);
    ghosts(scene, draft, scene.place.piece, density);
}

/// Accents that the player repeats get the kick.
pub fn catch(scene: &Scene<'_>, draft: &mut Draft) {
    for position in reactions::caught(scene) {
        if !draft.has_drum(KICK, position) {
            draft.drum(KICK, position, 96.0);
        }
    }
}

/// Crash and kick where a section begins.
pub fn arrive(scene: &Scene<'_>, draft: &mut Draft) {
    let Some(arrival) = scene.arrival else { return };
    let (crash, kick) = match arrival {
        Arrival::Prepared => (100.0, Some(104.0)),
        Arrival::Sudden => (92.0, None),
        Arrival::Own => (80.0, Some(92.0)),
    };
    if !draft.has_drum(CRASH, 0) {
        draft.drum(CRASH, 0, crash);
    }
    if let Some(velocity) = kick
        && !draft.has_drum(KICK, 0)
    {
        draft.drum(KICK, 0, velocity);
    }
}

/// High energy moves the closed hat to the ride, low energy back, where the piece leaves the other one free.
fn change_cymbal(scene: &Scene<'_>, draft: &mut Draft) {
    use super::dynamics::Energy;
    if scene.react(Knob::Follow) < 0.2 || !scene.span.section.is_main() {
        return;
    }
    let (from, to) = match scene.dynamics.energy {
        Energy::High => (HAT, RIDE),
        Energy::Low => (RIDE, HAT),
        Energy::Usual => return,
    };
    let is_free = scene.place.piece.drums.iter().all(|lane| lane.key != to && !(44..=46).contains(&lane.key));
    if is_free {
        for note in draft.notes.iter_mut().filter(|note| note.role == Role::Drum(from)) {
            note.role = Role::Drum(to);
        }
    }
}
