//! What is known of a beat before anything of it is written.

use engine::{Beat, Chord, Grid, Knob, POSITIONS, Part, Section, Tick};

use super::dice::Dice;
use super::dynamics::Dynamics;
use super::forecast::forecast;
use super::form::{self, Place, Span};
use super::listener::Listener;
use super::reactions::{self, Arrival};
use super::talk::Before;
use crate::pattern::{Pattern, Step};
use crate::rig::{PartSource, Piece, Rig};

/// Surprise at which every reaction acts as far as its own knob says; below, less; at 0, none.
const FULL_SURPRISE: f32 = 0.3;

/// A beat to be written, with all that bears on it.
#[derive(Clone, Debug)]
pub struct Scene<'a> {
    /// The rig.
    pub rig: &'a Rig,
    /// What was heard.
    pub listener: &'a Listener,
    /// The bars.
    pub grid: Grid,
    /// The beat.
    pub beat: Beat,
    /// Chance that belongs to the whole performance.
    pub dice: Dice,
    /// Chance that belongs to this beat of this revision.
    pub beat_dice: Dice,
    /// The section.
    pub span: Span,
    /// The piece, and where the beat lies in it.
    pub place: Place<'a>,
    /// The bar of the grid.
    pub bar: i32,
    /// The bar since the main began.
    pub since: i32,
    /// What the player's dynamics ask.
    pub dynamics: Dynamics,
    /// How much of the beat the player will probably fill, 0 to 1.
    pub presence: f32,
    /// What the player did in the beat before.
    pub before: Before,
    /// The part that answers the player here.
    pub answer: Option<Part>,
    /// A fill that nobody asked for, and its bar.
    pub fill: Option<(&'a Piece, i32)>,
    /// A new section begins here.
    pub arrival: Option<Arrival>,
    /// The figure that leads over the end of the phrase, or into an announced section, may be played here.
    pub leads_over: bool,
    /// Somebody else than the rig writes the kick: the bass has to find it.
    pub strange_kick: bool,
}

impl<'a> Scene<'a> {
    /// The scene of a beat; none while the band rests.
    pub fn new(
        rig: &'a Rig,
        listener: &'a Listener,
        seed: u64,
        beat: Beat,
        revision: u32,
    ) -> Option<Scene<'a>> {
        let grid = listener.grid_at(beat);
        let dice = Dice::new(seed);
        let span = listener.form.at(beat, &grid, rig);
        let (bar, _) = grid.place(beat);
        let choice = (dice.of("fill").at(bar).unit() * 64.0) as usize;
        let place = form::place(span, beat, &grid, rig, choice)?;
        let origin = listener.form.origin(beat, &grid, rig);
        let per_bar = grid.meter.beats_per_bar();
        let mut scene = Scene {
            rig,
            listener,
            grid,
            beat,
            dice,
            beat_dice: dice.at(beat.0).at(revision),
            span,
            place,
            bar,
            since: bar - grid.place(origin).0,
            dynamics: Dynamics::of(listener, per_bar),
            presence: forecast(&listener.player, beat.0, listener.now.0, per_bar),
            before: Before::Nothing,
            answer: None,
            fill: None,
            arrival: None,
            leads_over: false,
            strange_kick: false,
        };
        scene.before = Before::of(&scene);
        reactions::decide(&mut scene, choice);
        Some(scene)
    }

    /// How much of another beat the player filled, or will probably fill, 0 to 1.
    pub fn presence_of(&self, beat: Beat) -> f32 {
        forecast(&self.listener.player, beat.0, self.listener.now.0, self.grid.meter.beats_per_bar())
    }

    /// How strongly a reaction acts, 0 to 1: its knob, and no reaction at all without surprise.
    pub fn react(&self, knob: Knob) -> f32 {
        self.listener.settings.get(knob) * self.surprise()
    }

    /// How far the band may act by itself, 0 to 1.
    pub fn surprise(&self) -> f32 {
        (self.listener.settings.get(Knob::Surprise) / FULL_SURPRISE).min(1.0)
    }

    /// The knob for how varied the writing is.
    pub fn variety(&self) -> f32 {
        self.listener.settings.get(Knob::Variety)
    }

    /// How much a part plays, 0 to 1, 0.5 as written; none where it rests.
    pub fn density(&self, part: Part) -> Option<f32> {
        let settings = &self.listener.settings;
        let knob = settings.of(Knob::Density, part);
        let resting = self.place.piece.mute & part.bit() != 0;
        if knob <= 0.0 || resting || self.rig.part(part).source == PartSource::Off {
            return None;
        }
        // The drums follow the player's density most; comp has the player's space to mind besides.
        let share = match part {
            Part::Drums => 1.2,
            Part::Bass => 0.5,
            _ => 0.3,
        };
        let follow = self.react(Knob::Follow) * self.dynamics.drive * share;
        Some((self.steady(part) + follow).clamp(0.02, 1.0))
    }

    /// The density of what holds the groove together: the knobs and the player's silence, not each busy bar.
    pub fn steady(&self, part: Part) -> f32 {
        let settings = &self.listener.settings;
        let rest = if self.dynamics.silent { 0.35 * self.react(Knob::Rest) } else { 0.0 };
        settings.of(Knob::Density, part) + 0.6 * (settings.get(Knob::Intensity) - 0.5) - rest
    }

    /// The chord that the beat is written over: the expected one, else the last one heard.
    pub fn chord(&self) -> Option<Chord> {
        let (harmony, now) = (&self.listener.harmony, self.listener.now);
        harmony.expected(self.beat, now, &self.grid).or(harmony.at(Tick::MAX))
    }

    /// The chord of the beat after, where it is expected.
    pub fn next_chord(&self) -> Option<Chord> {
        self.listener.harmony.expected(self.beat.plus(1), self.listener.now, &self.grid)
    }

    /// Beats until the bar line: 1 in the last beat.
    pub fn beats_left(&self) -> i32 {
        self.grid.meter.beats_per_bar() - self.place.beat
    }

    /// The bar in its phrase of eight, from 0.
    pub fn phrase_bar(&self) -> i32 {
        self.since.rem_euclid(8)
    }

    /// Whether this is bar 4 or 8 of the phrase, where the band may turn a phrase.
    pub fn is_turn(&self) -> bool {
        self.phrase_bar() % 4 == 3 && self.span.section.is_main()
    }

    /// Chance that holds for a phrase of eight bars, and apart for its bars 4 and 8.
    pub fn phrase_dice(&self) -> Dice {
        let turn = if self.turns() { self.phrase_bar() } else { 0 };
        self.dice.of("phrase").at(self.since.div_euclid(8)).at(turn)
    }

    /// The alternative of `n` that a voice plays: one for the phrase, mostly the first, and often another at bars 4
    /// and 8.
    pub fn alternative(&self, what: &str, n: usize) -> usize {
        let phrase = self.dice.of(what).at(n as i64).at(self.since.div_euclid(8));
        let usual = phrase.alternative(n, 0.95 - 0.4 * self.variety());
        let other = n > 1 && self.turns() && self.phrase_dice().of(what).at(n as i64).chance(0.85);
        // Bar 8 turns otherwise than bar 4 where there is a third way.
        let step = if other { 1 + (phrase.of("other").pick(n - 1) + self.turn()) % (n - 1) } else { 0 };
        (usual + step) % n.max(1)
    }

    /// Counts the bars 4 and 8 of the performance.
    pub fn turn(&self) -> usize {
        self.bar.div_euclid(4).unsigned_abs() as usize
    }

    /// Whether the band may turn the phrase here of its own accord.
    pub fn turns(&self) -> bool {
        self.is_turn() && self.surprise() > 0.0 && !self.dynamics.silent
    }

    /// Whether something is played here that is no groove and must not be repeated as one.
    pub fn is_ornate(&self) -> bool {
        let reacts = self.answer.is_some() || self.fill.is_some() || self.arrival.is_some();
        self.span.section.is_main() && (reacts || self.leads_over)
    }

    /// How much room the player is given, 0 to 1. Styles that live on their riffs ask for little, and still listen.
    pub fn room(&self) -> f32 {
        self.react(Knob::Space).powf(0.4)
    }

    /// Ticks in a grid position.
    pub fn ticks_per_position(&self) -> Tick {
        self.grid.meter.ticks_per_beat() / Tick::from(POSITIONS)
    }

    /// Ticks in a millisecond.
    pub fn ticks_per_ms(&self) -> f32 {
        self.grid.meter.ticks_per_beat() as f32 * self.listener.bpm / 60_000.0
    }

    /// Whether eighths swing, so that there is nothing between them.
    pub fn swings(&self) -> bool {
        !self.rig.swing_sixteenths && self.listener.settings.get(Knob::Swing) > 0.54
    }

    /// The nearest position that the style has: swung and compound beats are not cut into four.
    pub fn idiomatic(&self, position: u8) -> u8 {
        let table: [u8; 4] = match (self.grid.meter.is_compound(), self.swings()) {
            (true, _) => [0, 4, 8, 8],
            (false, true) => [0, 4, 6, 6],
            (false, false) => [0, 3, 6, 9],
        };
        table[usize::from(position / 3).min(3)]
    }

    /// The beat of a pattern that is played here.
    pub fn beat_in(&self, pattern: &Pattern, bar: i32) -> u16 {
        let per_bar = self.rig.meter.beats_per_bar();
        let bar = bar.rem_euclid(i32::from(pattern.bars.max(1)));
        (bar * per_bar + self.place.beat % per_bar) as u16
    }

    /// The steps of a pattern that are played here.
    pub fn steps<'p>(&self, pattern: &'p Pattern, bar: i32) -> &'p [Step] {
        pattern.beat(self.beat_in(pattern, bar))
    }

    /// The piece and bar of a pitched part: a fill that does not write the part leaves it to the main.
    pub fn source(&self, part: Part) -> (&'a Piece, i32) {
        let is_fill = matches!(self.span.section, Section::Fill(_));
        if is_fill && self.place.piece.patterns(part).is_empty() {
            (&self.rig.mains[self.span.section.level().index()], self.bar)
        } else {
            (self.place.piece, self.place.bar)
        }
    }
}
