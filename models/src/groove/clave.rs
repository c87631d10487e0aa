//! The clave never turns round, and never stops.

use engine::{Role, Section};

use super::draft::Draft;
use super::drums::{CLAVE, strike};
use super::scene::Scene;
use crate::pattern::Pattern;
use crate::rig::Piece;

/// The clave goes on through fills and breaks, in phase.
pub fn keep(scene: &Scene<'_>, draft: &mut Draft, piece: &Piece) {
    let through = scene.fill.is_some() || matches!(scene.span.section, Section::Fill(_) | Section::Break(_));
    let Some(pattern) = of(scene).filter(|_| through) else { return };
    if piece.drums.iter().any(|lane| lane.key == CLAVE) {
        draft.notes.retain(|note| note.role != Role::Drum(CLAVE));
    }
    write(scene, draft, pattern);
}

/// Writes the rig's clave in the place of what somebody else wrote.
pub fn hold(scene: &Scene<'_>, draft: &mut Draft) {
    if let Some(pattern) = of(scene) {
        draft.notes.retain(|note| note.role != Role::Drum(CLAVE));
        write(scene, draft, pattern);
    }
}

/// The clave of the main that is played or led to.
fn of<'a>(scene: &Scene<'a>) -> Option<&'a Pattern> {
    let main = &scene.rig.mains[scene.span.section.level().index()];
    let lane = main.drums.iter().find(|lane| lane.key == CLAVE && scene.rig.clave.is_some());
    lane.and_then(|lane| lane.patterns.first())
}

fn write(scene: &Scene<'_>, draft: &mut Draft, pattern: &Pattern) {
    scene.steps(pattern, scene.bar).iter().for_each(|step| strike(scene, draft, CLAVE, step));
}
