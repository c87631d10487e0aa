//! What a part may say on this rig: the drums that its kit uses, the shapes that its sound has, and its register.

use engine::{Family, Part, Role};

use crate::groove::drums::{CLAVE, CRASH, is_metal};
use crate::groove::scene::Scene;
use crate::net::Mask;
use crate::pattern::Stroke;
use crate::rig::{Lane, Rig};
use crate::tokens::{Class, Word, role};

/// The notes of a part that may be said in a scene.
pub fn notes(scene: &Scene<'_>, part: Part) -> Mask {
    match part {
        Part::Drums => drums(scene),
        Part::Bass => words(Class::Bass, |role| single(scene.rig, part, role)),
        _ => {
            let families = families(scene, part);
            words(Class::Chordal, |role| match role {
                Role::Shape { family, .. } => families.contains(&family),
                Role::Approach(_) => false,
                role => single(scene.rig, part, role),
            })
        }
    }
}

/// Every word that belongs to a part, its notes besides.
pub fn frame(part: Part) -> Mask {
    let n = part.index() as u16;
    let some = |class: Class, from: u16, count: u16| {
        let first = class.ids().start + from;
        Mask::range(first..first + count)
    };
    let position = some(Class::Position, n * 12, 12);
    match n.checked_sub(1) {
        None => position.union(&Mask::range(Class::Ornament.ids())),
        Some(pitched) => position
            .union(&some(Class::Touch, pitched * 20, 20))
            .union(&some(Class::Tie, pitched, 1))
            .union(&Mask::range(Class::Push.ids())),
    }
}

/// The words with which a part is over: those of later parts, and the next beat.
pub fn ends(part: Part) -> Mask {
    let n = part.index() as u16;
    let mut mask = Mask::range(Class::Beat.ids());
    let (positions, ties) = (Class::Position.ids(), Class::Tie.ids());
    mask.set_range(positions.start + (n + 1) * 12..positions.end);
    mask.set_range((ties.start + n).min(ties.end)..ties.end);
    mask
}

/// The words of a class whose roles `fit`.
fn words(class: Class, fits: impl Fn(Role) -> bool) -> Mask {
    let first = class.ids().start;
    let says = |n: &u16| role(*n).is_some_and(&fits);
    (0..class.ids().len() as u16).filter(says).map(|n| first + n).collect()
}

/// Whether a single note lies in the part's register.
fn single(rig: &Rig, part: Part, role: Role) -> bool {
    let (low, high) = rig.part(part).range;
    let room = i32::from(high.saturating_sub(low));
    match role {
        Role::Root { octave } | Role::Chord { octave, .. } => {
            octave >= 0 && 12 * i32::from(octave) <= room - 7
        }
        Role::Tension { octave, .. } | Role::Scale { octave, .. } => {
            octave >= 0 && 12 * i32::from(octave) <= room - 11
        }
        _ => true,
    }
}

/// The shapes that a part of this rig uses here. A hand on a neck keeps to what a hand can hold.
fn families(scene: &Scene<'_>, part: Part) -> Vec<Family> {
    let piece = scene.place.piece;
    let own = if part == Part::Comp { piece.comp_family } else { piece.pads_family };
    let own = own.unwrap_or(scene.rig.part(part).family);
    let mut families = vec![own];
    let uses =
        |wanted: Stroke| piece.patterns(part).iter().flat_map(|p| &p.steps).any(|s| s.stroke == wanted);
    let is_guitar = matches!(own, Family::Open | Family::Barre | Family::TopThree | Family::Power);
    if uses(Stroke::Top) {
        families.push(if is_guitar { Family::TopThree } else { Family::Triad });
    }
    match own {
        Family::Open => families.extend([Family::Barre, Family::TopThree]),
        Family::Barre => families.push(Family::TopThree),
        Family::RootlessA | Family::RootlessB => {
            families.extend([Family::RootlessA, Family::RootlessB, Family::Shell]);
        }
        Family::TopThree | Family::Power => {}
        _ if part == Part::Comp => families.push(Family::Shell),
        _ => {}
    }
    families
}

/// The pieces of the kit that the rig's mains use, but of cymbals the present main's alone, since by them a main is
/// known; at the ends of phrases those of its fills too, and a crash after them. A band that may not act by itself keeps to
/// what the present main strikes.
fn drums(scene: &Scene<'_>) -> Mask {
    let rig = scene.rig;
    let own = strokes(rig, &scene.place.piece.drums);
    if scene.surprise() <= 0.0 {
        return own;
    }
    let skins = rig.mains.iter().flat_map(|main| &main.drums).filter(|lane| !is_metal(lane.key));
    let fills = rig.fills.iter().flatten().flat_map(|fill| &fill.drums);
    let mask = own.union(&strokes(rig, skins));
    let mask = if scene.is_turn() { mask.union(&strokes(rig, fills)) } else { mask };
    let begins_phrase = scene.phrase_bar() == 0 && scene.place.beat == 0 && scene.since > 0;
    if begins_phrase { mask.union(&stroke(CRASH)) } else { mask }
}

/// What a rig strikes in some lanes; the clave itself is nobody's to vary.
fn strokes<'l>(rig: &Rig, lanes: impl IntoIterator<Item = &'l Lane>) -> Mask {
    let varied = lanes.into_iter().filter(|lane| rig.clave.is_none() || lane.key != CLAVE);
    varied.fold(Mask::NONE, |all, lane| all.union(&stroke(lane.key)))
}

/// A drum in all its velocities.
fn stroke(key: u8) -> Mask {
    let Some(n) = key.checked_sub(35).filter(|n| *n < 48) else { return Mask::NONE };
    let first = Word::new(Class::Drum, u16::from(n) * 4).id();
    Mask::range(first..first + 4)
}
