//! Small figures of kick, snare and bass that lead over the bar line at bars 4 and 8, and before an announced section.

use engine::{Approach, Knob, Part, Role};

use super::draft::{Draft, Sketch};
use super::drums::KICK;
use super::scene::Scene;
use crate::rig::{BassStyle, Feel, Piece};

/// Who plays a stroke of a figure.
#[derive(Clone, Copy, PartialEq)]
enum Voice {
    Low,
    High,
}
use Voice::{High, Low};

/// A stroke: beats before the bar line, position, voice, velocity.
type Stroke = (i32, u8, Voice, f32);

/// The figures of each feel. Positions are for four to the beat; `Scene::idiomatic` moves them where the beat swings or
/// is compound.
#[rustfmt::skip]
fn figures(feel: Feel) -> &'static [&'static [Stroke]] {
    match feel {
        Feel::Jazz => &[
            &[(1, 6, Low, 82.0)], &[(1, 6, High, 66.0)], &[(2, 6, High, 60.0), (1, 0, Low, 76.0)],
            &[(2, 6, Low, 70.0), (1, 6, High, 68.0)], &[(1, 0, High, 62.0), (1, 6, Low, 80.0)],
        ],
        Feel::LaidBack => &[
            &[(1, 9, Low, 78.0)], &[(1, 6, Low, 80.0), (1, 9, High, 58.0)], &[(2, 9, Low, 74.0), (1, 9, Low, 78.0)],
            &[(1, 6, High, 60.0), (1, 9, High, 66.0)], &[(2, 6, Low, 76.0), (1, 9, High, 60.0)],
        ],
        Feel::Latin => &[
            &[(1, 6, High, 72.0)], &[(1, 6, High, 68.0), (1, 9, High, 76.0)], &[(1, 9, Low, 74.0)],
            &[(2, 6, High, 66.0), (1, 9, Low, 74.0)], &[(1, 3, High, 64.0), (1, 6, Low, 74.0)],
        ],
        Feel::Tight => &[
            &[(1, 9, Low, 84.0)], &[(1, 6, High, 70.0), (1, 9, High, 78.0)], &[(1, 9, High, 70.0)],
            &[(2, 9, High, 60.0), (1, 9, Low, 84.0)], &[(1, 6, Low, 84.0), (1, 9, Low, 88.0)],
        ],
        Feel::Even | Feel::Driving => &[
            &[(1, 6, Low, 88.0)], &[(1, 6, High, 76.0), (1, 9, High, 84.0)], &[(1, 9, High, 74.0)],
            &[(2, 6, Low, 84.0), (1, 9, Low, 84.0)], &[(1, 3, High, 64.0), (1, 6, Low, 86.0)],
        ],
    }
}

/// Drums that stand for kick and snare where a piece has none, the best first.
const LOWS: [u8; 7] = [36, 35, 64, 61, 66, 41, 43];
const HIGHS: [u8; 8] = [38, 40, 37, 39, 63, 65, 60, 62];

/// Writes the kit's share of the figure.
pub fn write_drums(scene: &Scene<'_>, draft: &mut Draft, piece: &Piece) {
    if !scene.leads_over {
        return;
    }
    for (_, position, voice, velocity) in figure(scene).iter().filter(|stroke| stroke.0 == scene.beats_left())
    {
        let voices: &[u8] = if *voice == Low { &LOWS } else { &HIGHS };
        let key = voices.iter().find(|key| piece.drums.iter().any(|lane| lane.key == **key));
        let position = scene.idiomatic(*position);
        if let Some(key) = key.copied().filter(|key| !draft.has_drum(*key, position)) {
            draft.drum(key, position, *velocity);
        }
    }
}

/// The figure of this phrase end.
fn figure(scene: &Scene<'_>) -> &'static [Stroke] {
    let figures = figures(scene.rig.feel);
    // Steps of one or two, in turn, visit every figure and never the last one again.
    let steps = scene.turn() + scene.turn() / 2;
    figures[(scene.dice.of("figure").pick(figures.len()) + steps) % figures.len()]
}

/// Writes the bass's lead-in on the last eighth before the bar line, where the pattern leaves room.
///
/// A walking bass leads in anyhow, and one that is free of the kick has its own way over the bar line.
pub fn write_bass(scene: &Scene<'_>, draft: &mut Draft) {
    let last = scene.leads_over && scene.beats_left() == 1;
    let wanted =
        scene.dice.of("lead-in").at(scene.bar).chance(0.4 + scene.listener.settings.get(Knob::SetUp));
    if !last || !wanted || scene.rig.bass_style != BassStyle::Pattern {
        return;
    }
    let position = if scene.grid.meter.is_compound() { 8 } else { 6 };
    if draft.of(Part::Bass).any(|note| note.position >= position) {
        return;
    }
    let roll = scene.dice.of("lead-in way").at(scene.bar).unit();
    let way = match roll {
        roll if roll < 0.4 => Approach::HalfBelow,
        roll if roll < 0.7 => Approach::Fifth,
        roll if roll < 0.85 => Approach::WholeBelow,
        _ => Approach::HalfAbove,
    };
    draft.make_room(Part::Bass, position, scene.ticks_per_position());
    draft.push(Sketch {
        velocity: 80.0,
        length: scene.ticks_per_position() * i64::from(12 - position),
        ..Draft::bass(Role::Approach(way), position)
    });
}

/// Strokes that the pattern does not have get the bass too: it sits on the kick.
pub fn lock(scene: &Scene<'_>, draft: &mut Draft) {
    let written = |position: u8| draft.has(Part::Bass, position);
    let kicks: Vec<u8> = draft
        .notes
        .iter()
        .filter(|note| note.role == Role::Drum(KICK) && !note.ghost && note.position > 0)
        .map(|note| note.position)
        .filter(|position| !written(*position))
        .collect();
    for position in kicks {
        let dice = scene.dice.of("lock").at(i64::from(scene.beat.0)).at(i64::from(position));
        if !dice.chance(scene.react(Knob::Lock)) {
            continue;
        }
        draft.make_room(Part::Bass, position, scene.ticks_per_position());
        draft.push(Sketch {
            velocity: 82.0,
            length: scene.ticks_per_position() * 2,
            ..Draft::bass(Role::Root { octave: 0 }, position)
        });
    }
}
