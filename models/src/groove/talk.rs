//! Bass and pads in conversation: what they add where the player has just left room, and leave out under a run.
//!
//! They go by the beat before, which has been heard when a beat is written in time: so their reaction is one beat late
//! and never wrong. Of beats that are still to come they go by the player's habits.

use engine::{Anchor, Part, Role};

use super::draft::{Draft, Sketch};
use super::drums::KICK;
use super::form::Span;
use super::scene::Scene;
use crate::rig::BassStyle;

/// Onsets in a beat that make it a run.
const RUN: u8 = 3;

/// Below this presence the player has left room.
const GAP: f32 = 0.4;

/// The share of gaps into which the bass, and of ends of phrases into which the pads say something.
const BASS: f32 = 0.6;
const PADS: f32 = 0.8;

/// What the player did just before a beat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    /// Nobody has played yet, or nobody plays any more.
    Nothing,
    /// They left room.
    Room,
    /// They left room after they had played: a phrase is over.
    Ending,
    /// They played.
    Notes,
    /// They played a run.
    Run,
}

impl Before {
    /// As far as it is known, or to be expected.
    pub fn of(scene: &Scene<'_>) -> Before {
        let player = &scene.listener.player;
        if !player.has_played() || scene.dynamics.silent {
            return Before::Nothing;
        }
        let filled = |back: i32| scene.presence_of(scene.beat.plus(-back));
        let onsets = player.tally(scene.beat.0 - 1).map_or(0, |tally| tally.lead.max(tally.chord));
        match filled(1) {
            presence if presence < GAP && filled(2) > 1.0 - GAP => Before::Ending,
            presence if presence < GAP => Before::Room,
            _ if onsets >= RUN => Before::Run,
            _ => Before::Notes,
        }
    }
}

/// A bass adds a soft note after the beat where there is room, and keeps to the beat and the kick under a run.
pub fn bass(scene: &Scene<'_>, draft: &mut Draft) {
    let dice = scene.dice.of("talk").of("bass").at(i64::from(scene.beat.0));
    if !is_free(scene) || !dice.chance(BASS * scene.room()) {
        return;
    }
    match scene.before {
        Before::Room | Before::Ending => pick_up(scene, draft, dice.of("what").unit()),
        Before::Run => keep_to_the_kick(draft),
        Before::Nothing | Before::Notes => {}
    }
}

/// Clave patterns are left as they are, and so is what answers, fills or leads over anyhow.
fn is_free(scene: &Scene<'_>) -> bool {
    let busy = scene.answer.is_some() || scene.fill.is_some() || scene.leads_over;
    scene.rig.clave.is_none()
        && scene.rig.bass_style != BassStyle::Free
        && !busy
        && scene.span.section.is_main()
}

fn pick_up(scene: &Scene<'_>, draft: &mut Draft, roll: f32) {
    let position = scene.idiomatic(6);
    if !draft.has(Part::Bass, 0) || draft.of(Part::Bass).any(|note| note.position > 0) {
        return;
    }
    let walks = scene.rig.bass_style == BassStyle::Walking;
    let role = match roll {
        roll if walks || roll < 0.4 => Role::Same,
        roll if roll < 0.75 => Role::Chord { slot: 5, octave: 0 },
        _ => Role::Root { octave: 1 },
    };
    draft.make_room(Part::Bass, position, scene.ticks_per_position());
    draft.push(Sketch {
        role,
        anchor: Anchor::Now,
        part: Part::Bass,
        position,
        offset_ms: 0.0,
        velocity: 66.0,
        ghost: false,
        length: scene.ticks_per_position() * 3,
    });
}

fn keep_to_the_kick(draft: &mut Draft) {
    let kicks: Vec<u8> =
        draft.notes.iter().filter(|note| note.role == Role::Drum(KICK)).map(|note| note.position).collect();
    let stays =
        |note: &Sketch| note.position == 0 || note.anchor == Anchor::Next || kicks.contains(&note.position);
    draft.notes.retain(|note| note.part != Part::Bass || stays(note));
}

/// Where a phrase of the player is over, the pads swell: the chord is struck again, softly, until the bar ends.
pub fn pads(scene: &Scene<'_>, draft: &mut Draft, strike: impl FnOnce(&mut Draft, u16)) {
    let Span { section, from } = scene.span;
    let begins = scene.place.beat == 0 || from == scene.beat || !section.is_main();
    let dice = scene.dice.of("talk").of("pads").at(i64::from(scene.beat.0));
    let written = draft.of(Part::Pads).next().is_some();
    if begins || written || scene.before != Before::Ending || !dice.chance(PADS * scene.room()) {
        return;
    }
    strike(draft, scene.beats_left() as u16 * u16::from(engine::POSITIONS));
}
