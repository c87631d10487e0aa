//! The bass: its pattern, a walking line where one is asked for, and the kick to sit on.

use engine::{Anchor, Approach, Part, Role};

use super::draft::{Draft, Sketch};
use super::drums::KICK;
use super::scene::Scene;
use super::{talk, turns, walking};
use crate::pattern::{Dynamic, Pattern, Step, Stroke};
use crate::rig::BassStyle;

/// Writes the bass of a beat; the drums are written before.
pub fn write(scene: &Scene<'_>, draft: &mut Draft) {
    if scene.density(Part::Bass).is_none() {
        return;
    }
    let density = scene.steady(Part::Bass);
    let (piece, bar) = scene.source(Part::Bass);
    let Some(pattern) = piece.bass.get(scene.alternative("bass", piece.bass.len())) else { return };
    for step in scene.steps(pattern, bar) {
        if keeps(scene, draft, step, density) {
            draft.push(sketch(scene, step));
        }
    }
    carry_over(scene, draft, pattern, bar);
    if !scene.span.section.is_main() {
        return;
    }
    if scene.answer == Some(Part::Bass) {
        return answer(scene, draft);
    }
    talk::bass(scene, draft);
    walking::skip(scene, draft);
    turns::write_bass(scene, draft);
    let reacts = scene.fill.is_some() || scene.leads_over || scene.answer.is_some();
    let has_kick_of_its_own = reacts || scene.strange_kick;
    if scene.rig.bass_style == BassStyle::Pattern && (has_kick_of_its_own || caught_kick(scene)) {
        turns::lock(scene, draft);
    }
}

fn caught_kick(scene: &Scene<'_>) -> bool {
    !super::reactions::caught(scene).is_empty()
}

fn keeps(scene: &Scene<'_>, draft: &Draft, step: &Step, density: f32) -> bool {
    if density < 0.2 && step.position != 0 {
        return false;
    }
    if !step.optional {
        return true;
    }
    let place = i64::from(step.beat) * 12 + i64::from(step.position);
    let roll = scene.phrase_dice().of("bass step").at(place).unit();
    // An optional note is the likelier where the kick is.
    let locked = draft.has_drum(KICK, step.position) || scene.rig.bass_style != BassStyle::Pattern;
    let lock = if locked { 0.2 } else { -0.3 * scene.react(engine::Knob::Lock) };
    roll < 0.15 + 0.4 * scene.variety() + (density - 0.5) + lock
}

/// A step as a note.
fn sketch(scene: &Scene<'_>, step: &Step) -> Sketch {
    let octave = step.octave;
    let role = match step.stroke {
        Stroke::Slot(3 | 5 | 7) => Role::Chord { slot: slot(step.stroke), octave },
        Stroke::Degree(degree) => Role::Scale { steps: degree as i8 - 1, octave },
        Stroke::Ninth => Role::Tension { degree: 9, octave },
        Stroke::HalfBelow => Role::Approach(Approach::HalfBelow),
        Stroke::HalfAbove => Role::Approach(Approach::HalfAbove),
        Stroke::Dominant => Role::Approach(Approach::Fifth),
        Stroke::Walk => walking::role(scene, octave),
        Stroke::Same | Stroke::Dead => Role::Same,
        _ => Role::Root { octave },
    };
    let written = i64::from(step.length) * scene.ticks_per_position();
    let length = match step.stroke {
        Stroke::Dead => written.min((60.0 * scene.ticks_per_ms()) as i64),
        _ if step.staccato => written * 45 / 100,
        _ => written * 96 / 100,
    };
    Sketch {
        role,
        anchor: if step.anticipates { Anchor::Next } else { Anchor::Now },
        part: Part::Bass,
        position: step.position,
        offset_ms: 0.0,
        velocity: step.dynamic.velocity(),
        ghost: step.dynamic == Dynamic::Ghost,
        length,
    }
}

fn slot(stroke: Stroke) -> u8 {
    match stroke {
        Stroke::Slot(slot) => slot,
        _ => 1,
    }
}

/// Where the band begins in the middle of a written note, the note is struck there.
fn carry_over(scene: &Scene<'_>, draft: &mut Draft, pattern: &Pattern, bar: i32) {
    if scene.span.from != scene.beat || draft.has(Part::Bass, 0) {
        return;
    }
    if let Some((step, left)) = pattern.sounding_at(scene.beat_in(pattern, bar), scene.rig.meter) {
        let length = i64::from(left) * scene.ticks_per_position() * 96 / 100;
        draft.push(Sketch { position: 0, length, anchor: Anchor::Now, ..sketch(scene, step) });
    }
}

/// A run of eighths that answers the player and leads on.
fn answer(scene: &Scene<'_>, draft: &mut Draft) {
    let half = if scene.grid.meter.is_compound() { 8 } else { 6 };
    let fifth = Role::Chord { slot: 5, octave: 0 };
    let runs: [(Role, Role); 3] = [
        (fifth, Role::Scale { steps: 5, octave: 0 }),
        (Role::Chord { slot: 3, octave: 0 }, fifth),
        (Role::Root { octave: 1 }, Role::Chord { slot: 7, octave: 0 }),
    ];
    let (first, mut second) = runs[scene.dice.of("run").at(i64::from(scene.beat.0)).pick(runs.len())];
    if scene.beats_left() == 1 {
        second = Role::Approach(Approach::HalfBelow);
    }
    let length = scene.ticks_per_position() * 5;
    for (position, role, velocity) in [(0, first, 86.0), (half, second, 80.0)] {
        draft.make_room(Part::Bass, position, scene.ticks_per_position());
        if !draft.has(Part::Bass, position) {
            draft.push(Sketch { velocity, length, ..Draft::bass(role, position) });
        }
    }
}
