//! One line: who writes what of it, and the rules that hold in any case.

use std::collections::BTreeSet;

use engine::{Part, Role};

use super::book::Entry;
use super::pen::{Pen, Task};
use super::sketches::{Holds, PITCHED, Pace, hits, push_hits, push_tones, tones};
use super::{scope, seats};
use crate::accompanist::ModelError;
use crate::groove::draft::Draft;
use crate::groove::scene::Scene;
use crate::groove::{amend, bass, chords, drums};
use crate::net::Sampler;
use crate::rig::PartSource;
use crate::tokens::Line;

/// A share of the rig's onsets above which the comp is free.
const FREE: f32 = 0.95;

/// What a line goes on from.
#[derive(Clone, Copy, Debug, Default)]
pub struct Before {
    /// Whether each pitched part sounds on.
    pub held: [bool; 3],
    /// What the sketches hold.
    pub holds: Holds,
    /// Onsets of the comp in the bar so far.
    pub onsets: usize,
}

impl Before {
    /// After a line, if there is one.
    pub fn after(last: Option<&Entry>) -> Before {
        last.map_or(Before::default(), |entry| Before {
            held: entry.held(),
            holds: entry.holds,
            onsets: entry.onsets,
        })
    }

    /// Whether something of each pitched part sounds on: a note lasts two bars at most, whatever the stream says.
    fn sounding(&self, pace: &Pace) -> [bool; 3] {
        let sounds = { self.holds }.enter(&Draft::default(), pace);
        std::array::from_fn(|i| sounds[i] && self.held[i])
    }
}

/// A line as it was written.
pub struct Written {
    /// Frame and notes.
    pub line: Line,
    /// The notes, before feel.
    pub draft: Draft,
    /// What goes on from here.
    pub holds: Holds,
    /// Onsets of the comp in the bar so far.
    pub onsets: usize,
    /// Parts whose sounding notes end here.
    pub cut: u8,
}

/// Writes the parts of a line behind its frame. `lately` are the roles that each pitched part played last.
pub fn write(
    scene: &mut Scene<'_>,
    pen: &mut Pen<'_>,
    frame: Line,
    before: Before,
    lately: &[Vec<Role>; 3],
) -> Result<Written, ModelError> {
    let pace = pace(scene);
    let begun = if scene.place.beat == 0 { 0 } else { before.onsets };
    let room = room(scene).map(|room| room.saturating_sub(begun));
    let mut score = Score { line: frame, draft: Draft::default(), held: before.sounding(&pace), pace, room };
    for part in Part::BAND {
        match seats::writer(scene, part) {
            PartSource::Off => {}
            PartSource::Groove => score.by_rig(scene, part),
            PartSource::Model => {
                score.by_model(scene, pen, part, lately)?;
                scene.strange_kick |= part == Part::Drums;
            }
        }
        take(&mut score.line, part, &score.draft, &pace);
        pen.settle(&score.line, part)?;
    }
    Ok(score.done(scene, before))
}

/// A line on the way.
struct Score {
    line: Line,
    draft: Draft,
    held: [bool; 3],
    pace: Pace,
    room: Option<usize>,
}

impl Score {
    fn by_rig(&mut self, scene: &Scene<'_>, part: Part) {
        rig_writes(scene, part, &mut self.draft);
        if let Some(i) = pitched(part) {
            self.line.ties[i] = self.held[i];
        }
    }

    fn by_model(
        &mut self,
        scene: &Scene<'_>,
        pen: &mut Pen<'_>,
        part: Part,
        lately: &[Vec<Role>; 3],
    ) -> Result<(), ModelError> {
        let (notes, sampler) = (scope::notes(scene, part), sampler(scene, part));
        let held = pitched(part).is_some_and(|i| self.held[i]);
        let lately = pitched(part).map_or(&[][..], |i| &lately[i]);
        let task = Task { part, notes, held, sampler, lately };
        let said = pen.draw(&task, &mut scene.beat_dice.of("model").of(part.name()).rng())?;
        match pitched(part) {
            None => push_hits(&mut self.draft, &said.drums, &self.pace),
            Some(i) => {
                self.line.ties[i] = said.ties[i];
                push_tones(&mut self.draft, part, &said.tones[i], &self.pace);
            }
        }
        match part {
            Part::Drums => amend::drums(scene, &mut self.draft),
            Part::Bass => amend::bass(scene, &mut self.draft),
            Part::Comp => amend::comp(scene, &mut self.draft, self.room),
            part => amend::one_grip(&mut self.draft, part),
        }
        Ok(())
    }

    fn done(self, scene: &Scene<'_>, before: Before) -> Written {
        let mut holds = before.holds;
        holds.enter(&self.draft, &self.pace);
        let begun = if scene.place.beat == 0 { 0 } else { before.onsets };
        let onsets = begun + onsets(&self.draft);
        Written { cut: cut(&self.line, self.held), onsets, line: self.line, draft: self.draft, holds }
    }
}

/// The place of a part among the pitched ones.
fn pitched(part: Part) -> Option<usize> {
    PITCHED.iter().position(|known| *known == part)
}

/// Lets the rig's patterns write a part.
pub fn rig_writes(scene: &Scene<'_>, part: Part, draft: &mut Draft) {
    match part {
        Part::Drums => drums::write(scene, draft),
        Part::Bass => bass::write(scene, draft),
        part => chords::write(scene, draft, part),
    }
}

/// Takes a part of a draft into a line.
pub fn take(line: &mut Line, part: Part, draft: &Draft, pace: &Pace) {
    match pitched(part) {
        None => line.drums = hits(draft),
        Some(i) => line.tones[i] = tones(draft, part, pace),
    }
}

/// How long things last in a scene.
pub fn pace(scene: &Scene<'_>) -> Pace {
    Pace {
        position: scene.ticks_per_position(),
        ms: scene.ticks_per_ms(),
        longest: 2 * scene.grid.meter.ticks_per_bar(),
    }
}

/// How boldly words are drawn: nearly the likeliest without variety, freely with all of it. A kit is drawn as people play
/// it, ghost notes and all: what is cut off first is what makes it human.
fn sampler(scene: &Scene<'_>, part: Part) -> Sampler {
    let variety = scene.variety();
    match part {
        Part::Drums => Sampler {
            temperature: (1.1 * variety.powf(0.1)).max(0.1),
            top_p: 0.93 + 0.06 * variety,
            repetition: 0.0,
        },
        _ => Sampler {
            temperature: (1.1 * variety.powf(0.3)).max(0.1),
            top_p: 0.85 + 0.13 * variety,
            repetition: 0.4 * variety,
        },
    }
}

/// Onsets that the comp may play in a bar in which the player needs the room: as many as the rig's own comp would.
fn room(scene: &Scene<'_>) -> Option<usize> {
    let share = chords::share(scene, Part::Comp, scene.density(Part::Comp)?);
    if share >= FREE {
        return None;
    }
    let pattern = scene.source(Part::Comp).0.comp.first()?;
    let usual = pattern.steps.len() as f32 / f32::from(pattern.bars.max(1));
    Some((usual * share).round().max(1.0) as usize)
}

/// Onsets of the comp.
fn onsets(draft: &Draft) -> usize {
    let positions: BTreeSet<u8> = draft.of(Part::Comp).map(|note| note.position).collect();
    positions.len()
}

/// The parts whose held notes end with the beginning of a line.
fn cut(line: &Line, held: [bool; 3]) -> u8 {
    let ends = |i: &usize| {
        let struck = line.tones[*i].iter().any(|tone| tone.position == 0);
        held[*i] && !line.ties[*i] && !struck
    };
    (0..PITCHED.len()).filter(ends).fold(0, |bits, i| bits | PITCHED[i].bit())
}
