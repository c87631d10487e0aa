//! Makes a draft human: where each player puts their notes, how loud, and how loosely.
//!
//! The tables are rules of thumb from the literature on micro-timing, in milliseconds behind the grid: a snare laid
//! back by 10 to 20 ms in soul and hip-hop, a ride some milliseconds ahead of the bass in jazz (Butterfield 2010),
//! Latin hand percussion ahead of the pulse. What is measured from real drummers takes their place later.

#[cfg(feature = "corpus")]
pub mod cell;

use engine::{Chunk, Knob, Note, Part, Role, Section};

use super::draft::{Draft, Sketch};
use super::scene::Scene;
use crate::rig::Feel;

/// Who a note belongs to, as far as timing goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hand {
    Kick,
    Snare,
    Hat,
    Ride,
    Percussion,
    Bass,
    Comp,
    Pads,
}

/// Milliseconds behind the grid, in the order of [`Hand`], and the deviation of a loose note.
fn timing(feel: Feel) -> ([f32; 8], f32) {
    match feel {
        Feel::Even => ([0.0, 2.0, -1.0, -1.0, 0.0, 2.0, 4.0, 0.0], 4.0),
        Feel::Tight => ([0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0], 1.2),
        Feel::Jazz => ([2.0, 7.0, 1.0, -6.0, 0.0, 4.0, 10.0, 2.0], 5.0),
        Feel::LaidBack => ([0.0, 14.0, 3.0, 2.0, 4.0, 7.0, 10.0, 4.0], 5.0),
        Feel::Driving => ([-1.0, 0.0, -5.0, -4.0, -3.0, -2.0, -2.0, 0.0], 3.5),
        Feel::Latin => ([1.0, -2.0, -4.0, -3.0, -6.0, 4.0, -2.0, 2.0], 4.0),
    }
}

fn hand(sketch: &Sketch) -> Hand {
    match (sketch.part, sketch.role) {
        (Part::Bass, _) => Hand::Bass,
        (Part::Comp, _) => Hand::Comp,
        (Part::Pads, _) => Hand::Pads,
        (_, Role::Drum(35 | 36)) => Hand::Kick,
        (_, Role::Drum(37..=40)) => Hand::Snare,
        (_, Role::Drum(42 | 44 | 46)) => Hand::Hat,
        (_, Role::Drum(49 | 51 | 53 | 57 | 59)) => Hand::Ride,
        _ => Hand::Percussion,
    }
}

/// The least velocity that is heard as a stroke.
const STROKE: f32 = 52.0;

/// Turns a draft into the notes of a chunk, and marks what must end.
pub fn finish(scene: &Scene<'_>, draft: &Draft, chunk: &mut Chunk) {
    let longest = 2 * scene.grid.meter.ticks_per_bar();
    for (i, sketch) in draft.notes.iter().enumerate() {
        let place = i64::from(sketch.position) * 128 + i64::from(voice(sketch)) * 8192 + i as i64 % 8;
        chunk.push(Note {
            role: sketch.role,
            anchor: sketch.anchor,
            part: sketch.part,
            position: sketch.position,
            micro: micro(scene, sketch, place),
            velocity: velocity(scene, sketch, place),
            length: sketch.length.clamp(1, longest) as u16,
        });
    }
    chunk.cut = cut(scene);
}

/// A number for each voice, so that chance is not shared.
fn voice(sketch: &Sketch) -> u8 {
    match sketch.role {
        Role::Drum(key) => key,
        _ => 128 + sketch.part.index() as u8,
    }
}

fn looseness(scene: &Scene<'_>, part: Part) -> f32 {
    // The tables are meant for the knob's usual place.
    let usual = Knob::Humanize.spec().default;
    scene.listener.settings.get(Knob::Humanize) / usual * scene.rig.part(part).humanize
}

fn micro(scene: &Scene<'_>, sketch: &Sketch, place: i64) -> i8 {
    let (table, deviation) = timing(scene.rig.feel);
    let loose = looseness(scene, sketch.part);
    let late = table[hand(sketch) as usize] * loose.min(1.0) + scene.rig.part(sketch.part).late_ms;
    // A player drifts slowly, over a bar, and scatters from note to note.
    let drift = scene.dice.of("drift").at(i64::from(hand(sketch) as u8)).at(scene.bar).gauss();
    let scatter = scene.beat_dice.of("scatter").at(place).gauss();
    let ms = late + sketch.offset_ms + deviation * loose * (0.4 * drift + 0.7 * scatter);
    (ms * scene.ticks_per_ms()).round().clamp(-120.0, 120.0) as i8
}

fn velocity(scene: &Scene<'_>, sketch: &Sketch, place: i64) -> u8 {
    let scale = scene.place.piece.velocity;
    let shift = common_shift(scene);
    let scatter =
        scene.beat_dice.of("velocity").at(place).gauss() * (0.8 + 2.2 * looseness(scene, sketch.part));
    if sketch.ghost {
        // Whatever happens to the others, ghost notes stay twenty and more below the softest of them.
        let below = 58.0 * scale + shift - 30.0;
        return (28.0 * scale + 0.5 * shift + 0.3 * scatter).min(below).clamp(6.0, 60.0) as u8;
    }
    let metric = match (sketch.part, sketch.position) {
        (Part::Drums, 0) if scene.place.beat == 0 => 3.0,
        (Part::Drums, 0) => 0.0,
        (Part::Drums, 6) => -3.0,
        (Part::Drums, _) => -6.0,
        _ => 0.0,
    };
    let loud = sketch.velocity * scale + shift + metric + scatter.clamp(-6.0, 9.0);
    // A soft stroke of kick, snare or bass is there or not: it does not waver between a stroke and a ghost.
    let skeleton = matches!(hand(sketch), Hand::Kick | Hand::Snare | Hand::Bass);
    let loud = if skeleton && loud > STROKE - 12.0 { loud.max(STROKE) } else { loud };
    loud.round().clamp(12.0, 127.0) as u8
}

/// What moves everybody's velocity: the player at once, the intensity knob, and the arc of the phrase.
fn common_shift(scene: &Scene<'_>) -> f32 {
    let follow = (scene.dynamics.shift * scene.react(Knob::Follow)).clamp(-20.0, 20.0);
    let intensity = 24.0 * (scene.listener.settings.get(Knob::Intensity) - 0.5);
    let silent = if scene.dynamics.silent { -8.0 * scene.react(Knob::Rest) } else { 0.0 };
    follow + intensity + silent + arc(scene)
}

/// A swell over eight bars and a wider one over sixteen, with a step back after the climax.
fn arc(scene: &Scene<'_>) -> f32 {
    if !scene.span.section.is_main() {
        return 0.0;
    }
    let eight = scene.since.rem_euclid(8) as f32 / 7.0;
    let sixteen = scene.since.rem_euclid(16) as f32 / 15.0;
    scene.surprise() * (5.0 * eight + 3.0 * sixteen - 4.0)
}

/// Parts that must be silent from here: all at a break, and at other borders those that do not go on.
fn cut(scene: &Scene<'_>) -> u8 {
    if scene.span.from != scene.beat {
        return 0;
    }
    let pitched = [Part::Bass, Part::Comp, Part::Pads];
    let is_break = matches!(scene.span.section, Section::Break(_));
    let ends = |part: &Part| {
        let (piece, _) = scene.source(*part);
        is_break || piece.patterns(*part).is_empty() || scene.density(*part).is_none()
    };
    pitched.into_iter().filter(ends).fold(0, |bits, part| bits | part.bit())
}
