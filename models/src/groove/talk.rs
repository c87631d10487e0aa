//! Bass, comp and pads in conversation: what they add where the player has just left room, what they leave out under a
//! run, and what of the player's last notes they take up or leave alone.
//!
//! They go by the last beat that is over when the beat is written: so their reaction is late by as much as the beat is
//! early, and never wrong.

use engine::{Anchor, Beat, Part, Role};

use super::draft::{Draft, Sketch};
use super::drums::KICK;
use super::form::Span;
use super::player::Tally;
use super::reactions::GAP;
use super::scene::Scene;
use crate::rig::BassStyle;

/// Onsets in a beat that make it a run.
const RUN: u8 = 3;

/// Bass notes up to this velocity, off the beat and the kick, are ornaments.
const ORNAMENT: f32 = 70.0;

/// The share of gaps in which somebody says something.
const WISH: f32 = 0.95;

/// Beats for which the player's last notes are remembered.
const MEMORY: i32 = 8;

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
        let last = last(scene);
        let filled = |beat: i32| scene.presence_of(Beat(beat));
        let onsets = player.tally(last).map_or(0, |tally| tally.lead.max(tally.chord));
        match filled(last) {
            presence if presence < GAP && filled(last - 1) > 1.0 - GAP => Before::Ending,
            presence if presence < GAP => Before::Room,
            _ if onsets >= RUN => Before::Run,
            _ => Before::Notes,
        }
    }
}

/// The last beat before the scene's that is over.
fn last(scene: &Scene<'_>) -> i32 {
    (scene.beat.0 - 1).min(scene.listener.now.0 - 1)
}

/// The player's last beats with notes of the melody, the latest first.
fn lately<'s>(scene: &'s Scene<'_>) -> impl Iterator<Item = &'s Tally> {
    let (player, last) = (&scene.listener.player, last(scene));
    (last - MEMORY..=last).rev().filter_map(|beat| player.tally(beat)).filter(|tally| tally.lead > 0)
}

/// The rhythm with which the player spoke last, to be answered in: grid positions in an even and in an odd beat.
pub fn rhythm(scene: &Scene<'_>) -> Option<[Vec<u8>; 2]> {
    let of = |tally: &Tally| {
        let lead = tally.struck.iter().filter(|struck| struck.lead && struck.first);
        let mut positions: Vec<u8> = lead.map(|struck| scene.idiomatic(struck.position.min(11))).collect();
        positions.dedup();
        positions
    };
    let mut lately = lately(scene).map(of);
    let second = lately.next()?;
    Some([lately.next().unwrap_or_default(), second])
}

/// The chord slot of the player's last note: 1, 3, 5 or 7; none where it is no tone of the chord.
pub fn sung(scene: &Scene<'_>) -> Option<u8> {
    let chord = scene.chord()?;
    let key = lately(scene).next()?.struck.iter().rev().find(|struck| struck.lead)?.key;
    let above = (key + 12 - chord.root % 12) % 12;
    let slot = match above {
        0 => 1,
        3 | 4 => 3,
        6..=8 => 5,
        9..=11 => 7,
        _ => return None,
    };
    chord.quality.intervals().contains(&above).then_some(slot)
}

/// A bass adds a soft note where the player's phrase is over, leaves its ornaments out under a run, and does not double
/// what the player sings.
pub fn bass(scene: &Scene<'_>, draft: &mut Draft) {
    let dice = scene.dice.of("talk").of("bass").at(i64::from(scene.beat.0));
    if !is_free(scene) || !dice.chance(WISH * scene.room()) {
        return;
    }
    // What picks up comes after what yields: it is on the player's tone, and meant to be.
    if scene.before != Before::Nothing && scene.rig.bass_style == BassStyle::Pattern {
        yield_tones(scene, draft);
    }
    match scene.before {
        Before::Ending if dice.of("pick").chance(0.5) => pick_up(scene, draft),
        Before::Run => leave_ornaments(draft),
        Before::Nothing | Before::Room | Before::Ending | Before::Notes => {}
    }
}

/// The bass leaves the player's tone to the player: fifth and root for a third, the octave for a fifth.
fn yield_tones(scene: &Scene<'_>, draft: &mut Draft) {
    let Some(sung) = sung(scene) else { return };
    for note in draft.notes.iter_mut().filter(|note| note.part == Part::Bass && note.position > 0) {
        match note.role {
            Role::Chord { slot, octave } if slot == sung && slot == 5 => {
                note.role = Role::Root { octave: octave + 1 };
            }
            Role::Chord { slot, octave } if slot == sung => note.role = Role::Chord { slot: 5, octave },
            _ => {}
        }
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

/// After the beat, on the tone that the player sang last. A walking bass keeps its quarters.
fn pick_up(scene: &Scene<'_>, draft: &mut Draft) {
    let position = scene.idiomatic(6);
    let walks = scene.rig.bass_style == BassStyle::Walking;
    if walks || !draft.has(Part::Bass, 0) || draft.of(Part::Bass).any(|note| note.position > 0) {
        return;
    }
    let role = match sung(scene) {
        Some(slot @ (3 | 5 | 7)) => Role::Chord { slot, octave: 0 },
        Some(_) => Role::Root { octave: 1 },
        None => Role::Same,
    };
    draft.make_room(Part::Bass, position, scene.ticks_per_position());
    draft.push(Sketch {
        velocity: 66.0,
        length: scene.ticks_per_position() * 3,
        ..Draft::bass(role, position)
    });
}

fn leave_ornaments(draft: &mut Draft) {
    let kicks: Vec<u8> =
        draft.notes.iter().filter(|note| note.role == Role::Drum(KICK)).map(|note| note.position).collect();
    let stays = |note: &Sketch| {
        let led = note.position == 0 || note.anchor == Anchor::Next || kicks.contains(&note.position);
        led || note.velocity > ORNAMENT
    };
    draft.notes.retain(|note| note.part != Part::Bass || stays(note));
}

/// Where a phrase of the player is over, the pads swell: the chord is struck again, softly, until the bar ends.
pub fn pads(scene: &Scene<'_>, draft: &mut Draft, strike: impl FnOnce(&mut Draft, u16)) {
    let Span { section, from } = scene.span;
    let begins = scene.place.beat == 0 || from == scene.beat || !section.is_main();
    let dice = scene.dice.of("talk").of("pads").at(i64::from(scene.beat.0));
    let written = draft.of(Part::Pads).next().is_some();
    if begins || written || scene.before != Before::Ending || !dice.chance(WISH * scene.room()) {
        return;
    }
    strike(draft, scene.beats_left() as u16 * u16::from(engine::POSITIONS));
    let top = sung(scene).unwrap_or(0);
    for note in draft.notes.iter_mut().filter(|note| note.part == Part::Pads) {
        if let Role::Shape { family, .. } = note.role {
            note.role = Role::Shape { family, top };
        }
    }
}

#[cfg(test)]
mod tests;
