//! A performance for the model to learn from: a script is played to a scribe, and humans and the teacher fill its lines.
//!
//! The scribe is the one of the live band, so training and playing see the same frames. The teacher is `Groove`, and of
//! the performer it has heard what the line tells and no more, as on stage: what it reacts to can be learnt.

mod book;
mod form;
pub mod knobs;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use engine::{Beat, Chord, Grid, Knob, Meter, Part, Tick};

use crate::groove::draft::Draft;
use crate::groove::player::Player;
use crate::groove::scene::Scene;
use crate::groove::{bass, chords, drums};
use crate::rig::Rig;
use crate::scribe::{Scribe, Stream, density_bin};
use crate::tokens::{Hit, Line, SEATS, Seat, Style};
use crate::transformer::sketches::{self, Holds, PITCHED, Pace};

use super::parts::Tones;
pub use book::Book;
pub use form::Form;

/// Who has a part.
#[derive(Clone, Debug, PartialEq)]
pub enum Chair<P> {
    /// Nobody.
    Empty,
    /// The performer: it is heard, not written.
    Performer,
    /// The teacher.
    Teacher,
    /// A human, with what they play in each beat, and a density of 0 to 3 for each bar.
    Human(P, Vec<u8>),
}

impl<P> Chair<P> {
    /// Whether a human has it.
    pub fn is_human(&self) -> bool {
        matches!(self, Chair::Human(..))
    }

    /// The scene, if the teacher plays in it.
    fn teacher<'s, 'r>(&self, scene: &'s Option<Scene<'r>>) -> Option<&'s Scene<'r>> {
        scene.as_ref().filter(|_| matches!(self, Chair::Teacher))
    }
}

/// Everything that happens in a performance.
#[derive(Clone, Debug)]
pub struct Script {
    /// The rig whose patterns the teacher plays.
    pub rig: Arc<Rig>,
    /// The style that is said.
    pub style: Style,
    /// The meter.
    pub meter: Meter,
    /// Its length.
    pub beats: usize,
    /// What is heard.
    pub book: Book,
    /// The chords of a chart, where they are known ahead.
    pub chart: Option<Vec<Option<Chord>>>,
    /// Who drums.
    pub drums: Chair<Vec<Vec<Hit>>>,
    /// Who plays bass, comp and pads.
    pub tones: [Chair<Tones>; 3],
    /// For each beat whether its line is written before the beat begins. The first is not.
    pub unheard: Vec<bool>,
    /// The teacher's chance.
    pub seed: u64,
}

impl Script {
    /// Plays it: one line for each beat.
    pub fn play(&self) -> Vec<Line> {
        let mut stage = Stage::new(self);
        let mut lines: Vec<Line> = Vec::with_capacity(self.beats);
        for beat in 0..=self.beats {
            stage.enter(beat);
            if let Some(line) = lines.last_mut() {
                stage.write(beat - 1, line);
                stage.stream = stage.stream.after(line);
            }
            if beat < self.beats {
                lines.push(stage.frame(beat));
            }
        }
        lines
    }

    fn grid(&self) -> Grid {
        Grid::new(self.meter)
    }
}

/// A performance as far as it has gone.
struct Stage<'s> {
    script: &'s Script,
    scribe: Scribe,
    /// The scribe as it was when the lines were written that are not heard yet.
    then: Option<Scribe>,
    stream: Stream,
    holds: Holds,
    /// The performer as far as the present line tells, and the beat in which they were so.
    told: (Player, Beat),
    /// How much of the book has been heard.
    heard: usize,
}

impl<'s> Stage<'s> {
    fn new(script: &'s Script) -> Stage<'s> {
        let mut scribe = Scribe::new(script.rig.clone());
        scribe.speak(script.style);
        scribe.read_chart(script.chart.clone().unwrap_or_default());
        Stage {
            script,
            scribe,
            then: None,
            stream: Stream::default(),
            holds: Holds::default(),
            told: (Player::default(), Beat(0)),
            heard: 0,
        }
    }

    /// Hears all that is before a beat, and that the beat begins.
    fn enter(&mut self, beat: usize) {
        let end = self.script.book.until_beat(beat);
        self.hear(end);
    }

    fn hear(&mut self, end: usize) {
        for heard in &self.script.book.events()[self.heard..end] {
            self.scribe.hear(*heard);
        }
        self.heard = end;
    }

    /// The frame of a beat that has just begun, once its chord is known, or of one that the band wrote before.
    fn frame(&mut self, beat: usize) -> Line {
        let (grid, at) = (self.script.grid(), Beat(beat as i32));
        let settled = grid.tick_of(at) + grid.meter.ticks_per_beat() / 4;
        self.hear(self.script.book.until_tick(settled));
        let is_unheard = |beat: usize| self.script.unheard.get(beat).copied().unwrap_or(false);
        if !is_unheard(beat) {
            self.then = is_unheard(beat + 1).then(|| self.scribe.clone());
        }
        let scribe = match &self.then {
            Some(then) if is_unheard(beat) => then,
            _ => &self.scribe,
        };
        let listener = scribe.listener();
        self.told = (listener.player.clone(), listener.now);
        scribe.frame(at, &self.stream, self.seats(beat), beat == 0)
    }

    fn seats(&self, beat: usize) -> [Seat; SEATS] {
        let script = self.script;
        let bar = script.grid().place(Beat(beat as i32)).0 as usize;
        let settings = &self.scribe.listener().settings;
        let teacher = |part: Part| match settings.of(Knob::Density, part) {
            density if density > 0.0 => Seat::Teacher(density_bin(density)),
            _ => Seat::Tacet,
        };
        let [bass, comp, pads] = &script.tones;
        [
            seat(&script.drums, bar, || teacher(Part::Drums)),
            seat(bass, bar, || teacher(Part::Bass)),
            seat(comp, bar, || teacher(Part::Comp)),
            seat(pads, bar, || teacher(Part::Pads)),
        ]
    }

    /// Everybody's notes of a beat that is over: the humans' as they were, the teacher's around them.
    fn write(&mut self, beat: usize, line: &mut Line) {
        let script = self.script;
        let mut listener = self.scribe.listener().clone();
        (listener.player, listener.now) = std::mem::replace(&mut self.told, (Player::default(), Beat(0)));
        let scene = Scene::new(&script.rig, &listener, script.seed, Beat(beat as i32), 0);
        let pace = self.pace();
        let mut draft = Draft::default();
        match &script.drums {
            Chair::Human(hits, _) => {
                line.drums = hits.get(beat).cloned().unwrap_or_default();
                sketches::push_hits(&mut draft, &line.drums, &pace);
            }
            chair => {
                chair.teacher(&scene).into_iter().for_each(|scene| drums::write(scene, &mut draft));
                line.drums = sketches::hits(&draft);
            }
        }
        for (i, part) in PITCHED.into_iter().enumerate() {
            let chair = &script.tones[i];
            chair.teacher(&scene).into_iter().for_each(|scene| write_part(scene, &mut draft, part));
            line.tones[i] = sketches::tones(&draft, part, &pace);
        }
        line.ties = self.holds.enter(&draft, &pace);
        for (i, chair) in script.tones.iter().enumerate() {
            if let Chair::Human(tones, _) = chair {
                line.tones[i] = tones.beats.get(beat).cloned().unwrap_or_default();
                line.ties[i] = tones.ties.get(beat).copied().unwrap_or(false);
            }
        }
    }

    fn pace(&self) -> Pace {
        let meter = self.script.meter;
        Pace {
            position: meter.ticks_per_beat() / Tick::from(engine::POSITIONS),
            ms: meter.ticks_per_beat() as f32 * self.scribe.listener().bpm / 60_000.0,
            longest: 2 * meter.ticks_per_bar(),
        }
    }
}

fn write_part(scene: &Scene<'_>, draft: &mut Draft, part: Part) {
    match part {
        Part::Bass => bass::write(scene, draft),
        _ => chords::write(scene, draft, part),
    }
}

fn seat<P>(chair: &Chair<P>, bar: usize, teacher: impl Fn() -> Seat) -> Seat {
    match chair {
        Chair::Empty => Seat::Tacet,
        Chair::Performer => Seat::Performer,
        Chair::Teacher => teacher(),
        Chair::Human(_, density) => Seat::Human(density.get(bar).copied().unwrap_or(1)),
    }
}
