//! Comp and pads: voicings in rhythm, thinned where the player needs the room and richer where they leave it.

use engine::{Anchor, Family, Part, Role, Tick};

use super::draft::{Draft, Sketch};
use super::reactions;
use super::scene::Scene;
use super::talk;
use crate::pattern::{Dynamic, Pattern, Step, Stroke};
use crate::rig::Piece;

/// Onsets of the chord hand in a bar at which the comp shrinks to shells.
const BUSY_HAND: f32 = 3.5;

/// The share of a bar's onsets that stays however busy the player is: of two to four the one that matters most.
const LEAST: f32 = 0.26;

/// Rhythms that fill a gap: positions in a first and a second beat. The first five have eighths only.
const ECHOES: [[&[u8]; 2]; 8] = [
    [&[0], &[6]],
    [&[6], &[6]],
    [&[], &[0, 6]],
    [&[6], &[0]],
    [&[0, 6], &[6]],
    [&[6, 9], &[6]],
    [&[3], &[0, 6]],
    [&[9], &[6, 9]],
];

/// Writes comp or pads of a beat.
pub fn write(scene: &Scene<'_>, draft: &mut Draft, part: Part) {
    let Some(density) = scene.density(part) else { return };
    let (piece, bar) = scene.source(part);
    let Some(pattern) = chosen(scene, piece, bar, part) else { return };
    let family = family(scene, piece, part);
    let share = share(scene, part, density);
    for step in scene.steps(pattern, bar) {
        if keeps(scene, pattern, step, share, density) {
            push(scene, draft, step, part, family);
        }
    }
    carry_over(scene, draft, pattern, bar, part, family);
    if part == Part::Pads {
        let swell = |draft: &mut Draft, length| push(scene, draft, &soft_chord(length), part, family);
        talk::pads(scene, draft, swell);
    }
    if part == Part::Comp && scene.span.section.is_main() {
        fill_gap(scene, draft, family);
        catch(scene, draft, family);
    }
}

/// The alternative of this unit.
fn chosen<'p>(scene: &Scene<'_>, piece: &'p Piece, bar: i32, part: Part) -> Option<&'p Pattern> {
    let patterns = piece.patterns(part);
    let longest = patterns.iter().map(|p| p.bars).max().unwrap_or(1).max(scene.rig.unit_bars).max(1);
    let unit = bar.div_euclid(i32::from(longest));
    let dice = scene.dice.of(part.name()).at(unit);
    patterns.get(dice.alternative(patterns.len(), 0.8 - 0.75 * scene.variety()))
}

/// The shape of the chords: shells under a busy chord hand, as far as the sound has them.
pub fn family(scene: &Scene<'_>, piece: &Piece, part: Part) -> Family {
    let own = if part == Part::Comp { piece.comp_family } else { piece.pads_family };
    let family = own.unwrap_or(scene.rig.part(part).family);
    let busy = part == Part::Comp && scene.dynamics.chord_hand >= BUSY_HAND && scene.room() > 0.4;
    match family {
        Family::Open | Family::Barre if busy => Family::TopThree,
        Family::Open | Family::Barre | Family::TopThree | Family::Power => family,
        _ if busy => Family::Shell,
        _ => family,
    }
}

/// The share of the written onsets that is played: comp makes room for melody and chord hand, pads only for quiet.
pub fn share(scene: &Scene<'_>, part: Part, density: f32) -> f32 {
    let calm = calm(density);
    if part != Part::Comp || !scene.span.section.is_main() {
        return calm;
    }
    let space = scene.room();
    let melody = 1.0 - space * 0.8 * scene.presence;
    let hand = 1.0 - space * 0.7 * ((scene.dynamics.chord_hand - 1.0) / 3.0).clamp(0.0, 1.0);
    // While another part answers, the comp leaves it the word.
    let word = if scene.answer.is_some_and(|who| who != Part::Comp) { 1.0 - 0.3 * space } else { 1.0 };
    let quiet = scene.listener.player.has_played();
    calm * if quiet { melody * hand * word } else { 1.0 }
}

/// The share that a low density leaves.
fn calm(density: f32) -> f32 {
    1.0 + 1.6 * (density - 0.5).min(0.0)
}

/// Whether a step is among the share of its bar that matters most.
fn keeps(scene: &Scene<'_>, pattern: &Pattern, step: &Step, share: f32, density: f32) -> bool {
    let place = |step: &Step| i64::from(step.beat) * 12 + i64::from(step.position);
    if step.optional {
        let dice = scene.dice.of("chord step").at(scene.bar).at(place(step));
        let wish = 0.15 + 0.5 * scene.variety() + (density - 0.5) + 0.4 * (share - 0.5);
        return dice.chance(wish);
    }
    let per_bar = scene.rig.meter.beats_per_bar() as u16;
    let weight = |step: &Step| {
        let metric = if step.beat.is_multiple_of(per_bar) && step.position == 0 { 0.3 } else { 0.0 };
        let length = f32::from(step.length.min(24)) / 100.0;
        let chance = 0.15 * scene.dice.of("weight").at(place(step)).unit();
        f32::from(step.dynamic as u8) * 0.15 + metric + length + chance
    };
    let own = weight(step);
    let bar =
        pattern.steps.iter().filter(|other| other.beat / per_bar == step.beat / per_bar && !other.optional);
    let (mut heavier, mut all) = (0.0, 0.0);
    for other in bar {
        all += 1.0;
        heavier += f32::from(u8::from(weight(other) > own));
    }
    (heavier + 0.5) / all <= share.max(LEAST).min(calm(density))
}

/// Writes a step: one note, two for root and fifth.
fn push(scene: &Scene<'_>, draft: &mut Draft, step: &Step, part: Part, family: Family) {
    let octave = step.octave;
    let is_guitar = matches!(family, Family::Open | Family::Barre | Family::TopThree);
    let top = if is_guitar { Family::TopThree } else { Family::Triad };
    let role = match step.stroke {
        Stroke::Slot(slot) => Role::Chord { slot, octave },
        Stroke::Ninth => Role::Tension { degree: 9, octave },
        Stroke::Same => Role::Same,
        Stroke::Top => Role::Shape { family: top, top: 0 },
        Stroke::Low => Role::Root { octave },
        _ => Role::Shape { family, top: 0 },
    };
    let written = i64::from(step.length) * scene.ticks_per_position();
    let sketch = Sketch {
        role,
        anchor: if step.anticipates { Anchor::Next } else { Anchor::Now },
        part,
        position: step.position,
        offset_ms: 0.0,
        velocity: step.dynamic.velocity(),
        ghost: step.dynamic == Dynamic::Ghost,
        length: if step.staccato { written * 40 / 100 } else { held(scene, part, written) },
    };
    draft.push(sketch);
    if step.stroke == Stroke::Low {
        draft.push(Sketch { role: Role::Chord { slot: 5, octave }, ..sketch });
    }
}

/// A whole voicing on the beat, for so many grid positions.
fn soft_chord(length: u16) -> Step {
    Step {
        beat: 0,
        position: 0,
        stroke: Stroke::Voicing,
        dynamic: Dynamic::Soft,
        length,
        octave: 0,
        staccato: false,
        anticipates: false,
        optional: false,
    }
}

/// How long a chord sounds of its written length: a hand on a neck lets go before the next grip.
fn held(scene: &Scene<'_>, part: Part, written: Tick) -> Tick {
    let strums = scene.rig.part(part).strum_ms > 0.0;
    written * if strums { 90 } else { 97 } / 100
}

/// Where the band begins in the middle of a written chord, the chord is struck there.
fn carry_over(scene: &Scene<'_>, draft: &mut Draft, pattern: &Pattern, bar: i32, part: Part, family: Family) {
    if scene.span.from != scene.beat || draft.has(part, 0) {
        return;
    }
    if let Some((step, left)) = pattern.sounding_at(scene.beat_in(pattern, bar), scene.rig.meter) {
        let here = Step { position: 0, length: left, anticipates: false, ..*step };
        push(scene, draft, &here, part, family);
    }
}

/// Where the player rests the comp says more: an answer near the end of a phrase, else an echo of its own rhythm.
pub fn fill_gap(scene: &Scene<'_>, draft: &mut Draft, family: Family) {
    let attentive = scene.listener.player.has_played() && !scene.dynamics.silent;
    let gap = (0.5 - scene.presence).max(0.0) * 2.0;
    if !attentive || gap <= 0.0 || scene.answer.is_some_and(|who| who != Part::Comp) {
        return;
    }
    let answers = scene.answer == Some(Part::Comp);
    let wish = if answers { 1.0 } else { gap * scene.room() };
    let dice = scene.dice.of("echo").at(i64::from(scene.beat.0));
    let top = talk::sung(scene).unwrap_or(0);
    for position in echo(scene) {
        if draft.has(Part::Comp, position) || !dice.at(i64::from(position)).chance(wish) {
            continue;
        }
        draft.make_room(Part::Comp, position, scene.ticks_per_position());
        let velocity = if answers { 88.0 } else { 70.0 };
        draft.push(Sketch { role: Role::Shape { family, top }, ..stab(scene, family, position, velocity) });
    }
}

/// What an echo has in this beat: the player's own rhythm where they have just sung, else one of its own for a bar, so
/// that it is heard as one.
fn echo(scene: &Scene<'_>) -> Vec<u8> {
    let half = usize::from(scene.place.beat % 2 == 1);
    if let Some(rhythm) = talk::rhythm(scene) {
        let [even, odd] = &rhythm;
        let own = if half == 1 || even.is_empty() { odd } else { even };
        return own.clone();
    }
    let known = if scene.swings() { 5 } else { ECHOES.len() };
    let rhythm = scene.dice.of("echo").of("rhythm").at(scene.bar).pick(known);
    ECHOES[rhythm][half].iter().map(|written| scene.idiomatic(*written)).collect()
}

/// Accents that the player repeats get the comp.
pub fn catch(scene: &Scene<'_>, draft: &mut Draft, family: Family) {
    for position in reactions::caught(scene) {
        let here = draft.notes.iter_mut().find(|note| note.part == Part::Comp && note.position == position);
        match here {
            Some(note) => note.velocity = note.velocity.max(100.0),
            None => draft.push(stab(scene, family, position, 98.0)),
        }
    }
}

fn stab(scene: &Scene<'_>, family: Family, position: u8, velocity: f32) -> Sketch {
    Sketch {
        role: Role::Shape { family, top: 0 },
        anchor: Anchor::Now,
        part: Part::Comp,
        position,
        offset_ms: 0.0,
        velocity,
        ghost: false,
        length: held(scene, Part::Comp, scene.ticks_per_position() * 3),
    }
}
