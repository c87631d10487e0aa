//! Makes a draft human: where each player puts their notes, how loud, and how loosely.
//!
//! The kit plays as drummers were measured to play ([`table`]): by style, piece and place in the beat. They also wander
//! around the beat by some ten milliseconds, all limbs together and slowly; here the whole band wanders with them.
//! For the others, whom nobody measured, there are rules of thumb from the literature on micro-timing, in
//! milliseconds behind the grid.

pub mod cell;
mod table;

use engine::{Chunk, Knob, Note, Part, Role, Section};

use self::cell::{Energy, GHOST, Group, Kind, Piece, Place, looseness_at};
use super::draft::{Draft, Sketch};
use super::drums;
use super::scene::Scene;
use crate::pattern::Dynamic;
use crate::rig::{self, Rig};
use crate::scribe::style_of;

/// Who a note belongs to where it is not a piece of the kit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hand {
    Percussion,
    Bass,
    Comp,
    Pads,
}

/// Milliseconds behind the grid, in the order of [`Hand`], and the deviation of a loose note.
fn timing(feel: rig::Feel) -> ([f32; 4], f32) {
    use rig::Feel;
    match feel {
        Feel::Even => ([0.0, 2.0, 4.0, 0.0], 4.0),
        Feel::Tight => ([0.0, 0.0, 1.0, 0.0], 1.2),
        Feel::Jazz => ([0.0, 4.0, 10.0, 2.0], 5.0),
        Feel::LaidBack => ([4.0, 7.0, 10.0, 4.0], 5.0),
        Feel::Driving => ([-3.0, -2.0, -2.0, 0.0], 3.5),
        Feel::Latin => ([-6.0, 4.0, -2.0, 2.0], 4.0),
    }
}

fn hand(part: Part) -> Hand {
    match part {
        Part::Bass => Hand::Bass,
        Part::Comp => Hand::Comp,
        Part::Pads => Hand::Pads,
        Part::Drums | Part::Lead | Part::Click => Hand::Percussion,
    }
}

/// How much of the measured accents is added. The patterns write most of them: in the rigs a hat on the last sixteenth is
/// 41 softer than one on the beat, in the drummers' takes about 20.
const CONTOUR: f32 = 0.25;

/// How much wider drummers scatter and wander than the tables have it: there each stroke counts at the nearest place of the
/// grid, so that none is off by more than half of its mesh. On the beats of the validation takes of rock, with all up to an
/// eighth of a beat to either side, they wander by 18.5 ms in the mean where the table has 11.5. Half of that is made up
/// here, since a band that is led need not wander as far as one that leads; a rig may ask for more.
const FOLDED: f32 = 1.3;

/// The least velocity that is heard as a stroke.
const STROKE: f32 = 52.0;
/// The least velocity that a pattern writes for a stroke that is no ghost and no grace note.
const SOFTEST: f32 = 58.0;

/// Turns a draft into the notes of a chunk, and marks what must end.
pub fn finish(scene: &Scene<'_>, draft: &Draft, chunk: &mut Chunk) {
    let kit = Kit::of(scene);
    let longest = 2 * scene.grid.meter.ticks_per_bar();
    for (i, sketch) in draft.notes.iter().enumerate() {
        let place = i64::from(sketch.position) * 128 + i64::from(voice(sketch)) * 8192 + i as i64 % 8;
        chunk.push(Note {
            role: sketch.role,
            anchor: sketch.anchor,
            part: sketch.part,
            position: sketch.position,
            micro: micro(scene, &kit, sketch, place),
            velocity: velocity(scene, &kit, sketch, place),
            length: sketch.length.clamp(1, longest) as u16,
        });
    }
    chunk.cut = cut(scene);
}

/// The drummer of a beat.
struct Kit {
    group: Group,
    energy: Energy,
    /// How far from the beat the drummer has wandered, in milliseconds.
    wander: f32,
    /// How much of the measured deviations in time is played.
    ms: f32,
    /// How much of the measured deviations in velocity is played.
    touch: f32,
}

impl Kit {
    fn of(scene: &Scene<'_>) -> Kit {
        let group = group(scene.rig);
        // A sequenced style is played by a machine, or by a drummer who sounds like one.
        let tight = if scene.rig.feel == rig::Feel::Tight { 0.3 } else { 1.0 };
        let loose = tight * looseness(scene, Part::Drums);
        let ms = FOLDED * loose * looseness_at(scene.listener.bpm);
        let level = Dynamic::Normal.velocity() * scene.place.piece.velocity + common_shift(scene);
        Kit { group, energy: Energy::of(level), wander: ms * wander(scene, group), ms, touch: loose }
    }

    /// What was measured of a stroke; none where it is none of the kit.
    fn feel(&self, sketch: &Sketch) -> Option<table::Feel> {
        let Role::Drum(key) = sketch.role else { return None };
        let (piece, place) = (Piece::of(key, sketch.ghost)?, Place::of(sketch.position));
        Some(table::feel(Kind { group: self.group, piece, place }))
    }
}

/// Whose drummers play a rig: by its tags, else by its feel.
fn group(rig: &Rig) -> Group {
    match rig.feel {
        _ if !rig.tags.is_empty() => Group::of(style_of(rig)),
        rig::Feel::Even | rig::Feel::Tight => Group::Pop,
        rig::Feel::Jazz => Group::Jazz,
        rig::Feel::LaidBack => Group::HipHop,
        rig::Feel::Driving => Group::Rock,
        rig::Feel::Latin => Group::Latin,
    }
}

/// Milliseconds from the beat: a deviation that holds on from beat to beat.
fn wander(scene: &Scene<'_>, group: Group) -> f32 {
    const MEMORY: i32 = 12;
    let table::Wander { ms, hold } = table::wander(group);
    let steps = |back: i32| scene.dice.of("wander").at(scene.beat.0 - back).gauss() * hold.powi(back);
    ms * (1.0 - hold * hold).sqrt() * (0..MEMORY).map(steps).sum::<f32>()
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

fn micro(scene: &Scene<'_>, kit: &Kit, sketch: &Sketch, place: i64) -> i8 {
    let scatter = scene.beat_dice.of("scatter").at(place).gauss();
    let own = match kit.feel(sketch) {
        Some(feel) => feel.late * kit.ms.min(1.0) + feel.scatter * kit.ms * scatter,
        None => by_rule(scene, sketch, scatter),
    };
    let ms = own + kit.wander + scene.rig.part(sketch.part).late_ms + sketch.offset_ms;
    // Nobody comes in before the band begins.
    let earliest = if scene.beat.0 == 0 && sketch.position == 0 { 0.0 } else { -120.0 };
    (ms * scene.ticks_per_ms()).round().clamp(earliest, 120.0) as i8
}

/// Milliseconds behind the grid for those whom nobody measured.
fn by_rule(scene: &Scene<'_>, sketch: &Sketch, scatter: f32) -> f32 {
    let (table, deviation) = timing(scene.rig.feel);
    let loose = looseness(scene, sketch.part);
    let hand = hand(sketch.part) as usize;
    // A player drifts slowly, over a bar, and scatters from note to note.
    let drift = scene.dice.of("drift").at(hand as i64).at(scene.bar).gauss();
    table[hand] * loose.min(1.0) + deviation * loose * (0.4 * drift + 0.7 * scatter)
}

fn velocity(scene: &Scene<'_>, kit: &Kit, sketch: &Sketch, place: i64) -> u8 {
    let scale = scene.place.piece.velocity;
    let shift = common_shift(scene);
    let chance = scene.beat_dice.of("velocity").at(place).gauss().clamp(-2.0, 2.0);
    let (accent, touch) = match kit.feel(sketch) {
        Some(feel) => (feel.accent[kit.energy as usize], feel.touch * kit.touch),
        None => (0.0, 0.8 + 2.2 * looseness(scene, sketch.part)),
    };
    // Whatever happens to them, ghost notes stay twenty and more below the softest of the others.
    let softest = SOFTEST * scale + shift - 10.0;
    if sketch.ghost {
        let ghost = 28.0 * scale + 0.5 * shift + touch * chance;
        return ghost.min(softest - 20.0).clamp(6.0, f32::from(GHOST) - 1.0) as u8;
    }
    let meant = sketch.velocity * scale + shift + CONTOUR * accent;
    let floor = if sketch.velocity >= SOFTEST { softest.max(STROKE) } else { STROKE };
    let loud = meant + touch * chance;
    // A soft stroke of kick, snare or bass is there or not: it does not waver between a stroke and a ghost.
    let loud = if is_skeleton(sketch) && meant > STROKE - 12.0 { loud.max(floor) } else { loud };
    loud.round().clamp(12.0, 127.0) as u8
}

/// Kick, snare and bass: what holds the groove together.
fn is_skeleton(sketch: &Sketch) -> bool {
    matches!(sketch.role, Role::Drum(key) if drums::is_skeleton(key)) || sketch.part == Part::Bass
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
