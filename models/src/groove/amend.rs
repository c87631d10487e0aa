//! The rules that hold for what somebody else than the rig wrote: the clave, set-ups, caught accents, arrivals, room.

use engine::{Knob, Part, Role, Section};

use super::draft::{Draft, Sketch};
use super::scene::Scene;
use super::{chords, clave, drums, turns};

/// Puts the kit right: the clave stays in phase, and what the band was asked for is heard.
pub fn drums(scene: &Scene<'_>, draft: &mut Draft) {
    clave::hold(scene, draft);
    if !scene.span.section.is_main() {
        return;
    }
    if is_set_up(scene) {
        turns::write_drums(scene, draft, scene.place.piece);
    }
    drums::follow(scene, draft);
    drums::catch(scene, draft);
    drums::arrive(scene, draft);
}

/// Leads the bass into what was announced.
pub fn bass(scene: &Scene<'_>, draft: &mut Draft) {
    if scene.span.section.is_main() && is_set_up(scene) {
        turns::write_bass(scene, draft);
    }
}

/// Makes room in the comp for the player, says something where they rest, and catches their accents.
///
/// `room` is how many onsets may still be played in this beat.
pub fn comp(scene: &Scene<'_>, draft: &mut Draft, room: Option<usize>) {
    if !scene.span.section.is_main() {
        return;
    }
    if let Some(room) = room {
        thin(draft, room);
    }
    one_grip(draft, Part::Comp);
    let family = chords::family(scene, scene.place.piece, Part::Comp);
    chords::fill_gap(scene, draft, family);
    chords::catch(scene, draft, family);
}

/// What one hand strikes at once: a voicing is whole, and without one no tone is played twice.
pub fn one_grip(draft: &mut Draft, part: Part) {
    let is_shape = |note: &Sketch| matches!(note.role, Role::Shape { .. });
    let grips: Vec<u8> = draft.of(part).filter(|note| is_shape(note)).map(|note| note.position).collect();
    let mut struck: Vec<(u8, Role)> = Vec::new();
    draft.notes.retain(|note| {
        let tone = (note.position, tone(note.role));
        let stays = match is_shape(note) {
            true => true,
            false => !grips.contains(&note.position) && !struck.contains(&tone),
        };
        if note.part == part {
            struck.push(tone);
        }
        note.part != part || stays
    });
}

/// A role without the ways to say the same: the root is the first slot of a chord that stands on it.
fn tone(role: Role) -> Role {
    match role {
        Role::Root { octave } => Role::Chord { slot: 1, octave },
        role => role,
    }
}

/// Keeps the onsets of the comp that matter most.
fn thin(draft: &mut Draft, onsets: usize) {
    let mut places: Vec<(u8, f32)> = Vec::new();
    for note in draft.of(Part::Comp) {
        let weight = note.velocity + if note.position == 0 { 20.0 } else { 0.0 };
        match places.iter_mut().find(|place| place.0 == note.position) {
            Some(place) => place.1 = place.1.max(weight),
            None => places.push((note.position, weight)),
        }
    }
    places.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let over: Vec<u8> = places.iter().skip(onsets).map(|place| place.0).collect();
    draft.notes.retain(|note| note.part != Part::Comp || !over.contains(&note.position));
}

/// Whether the figure that leads over belongs to something announced, and not to the phrase alone.
fn is_set_up(scene: &Scene<'_>) -> bool {
    let Section::Main(level) = scene.span.section else { return false };
    let line = scene.grid.bar_start(scene.bar + 1);
    let next = scene.listener.form.at(line, &scene.grid, scene.rig).section;
    let announced = matches!(next, Section::Ending(_)) || next.is_main() && next.level() != level;
    scene.leads_over && announced && scene.listener.settings.get(Knob::SetUp) > 0.0
}

#[cfg(test)]
mod tests {
    use engine::{Anchor, Family};

    use super::*;

    fn draft(notes: &[(u8, Role)]) -> Draft {
        let mut draft = Draft::default();
        for (position, role) in notes {
            let (part, position) = (Part::Comp, *position);
            draft.push(Sketch { part, anchor: Anchor::Now, ..Draft::bass(*role, position) });
        }
        draft
    }

    #[test]
    fn a_hand_plays_a_whole_voicing_or_each_tone_once() {
        let shape = Role::Shape { family: Family::Close, top: 0 };
        let (root, first) = (Role::Root { octave: 0 }, Role::Chord { slot: 1, octave: 0 });
        let third = Role::Chord { slot: 3, octave: 0 };
        let mut draft = draft(&[(0, third), (0, shape), (6, root), (6, first), (6, third), (9, third)]);
        draft.push(Draft::bass(first, 0));
        one_grip(&mut draft, Part::Comp);
        let left: Vec<(Part, u8, Role)> = draft.notes.iter().map(|n| (n.part, n.position, n.role)).collect();
        let comp = [(0, shape), (6, root), (6, third), (9, third)].map(|(at, role)| (Part::Comp, at, role));
        assert_eq!(left, [&comp[..], &[(Part::Bass, 0, first)]].concat());
    }
}
