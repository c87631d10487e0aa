//! Everything that was heard so far.

use engine::{Beat, EventKind, Grid, Heard, HeardKind, Knob, POSITIONS, Settings, Tick};

use super::form::Form;
use super::harmony::Harmony;
use super::player::Player;
use crate::rig::Rig;

/// The memory of the accompanist. What it wrote is no part of it.
#[derive(Clone, Debug)]
pub struct Listener {
    /// The knobs.
    pub settings: Settings,
    /// The beat that the playhead is in.
    pub now: Beat,
    /// Beats of the felt pulse a minute.
    pub bpm: f32,
    /// The announced sections.
    pub form: Form,
    /// The chords.
    pub harmony: Harmony,
    /// The performer.
    pub player: Player,
    grids: Vec<Grid>,
    swing: f32,
}

impl Listener {
    /// Has heard nothing yet but what the rig says.
    pub fn new(rig: &Rig) -> Listener {
        let mut settings = Settings::default();
        settings.set(engine::Param::of(Knob::Swing), rig.swing);
        for (param, value) in &rig.knobs {
            settings.set(*param, *value);
        }
        let mut player = Player::default();
        player.split_at(settings.get(Knob::Split) as u8);
        let (form, harmony) = (Form::default(), Harmony::default());
        let grids = vec![Grid::new(rig.meter)];
        Listener { settings, now: Beat(0), bpm: rig.bpm, form, harmony, player, grids, swing: rig.swing }
    }

    /// Takes in what happened.
    pub fn hear(&mut self, heard: Heard) {
        match heard.kind {
            HeardKind::Event(event) => self.event(heard.at, event.source.0, event.kind),
            HeardKind::Beat { beat, bpm } => {
                self.now = beat;
                self.bpm = bpm;
                self.player.enter(beat.0);
            }
            HeardKind::Chord { chord, since } => self.harmony.change(chord, since),
            HeardKind::Section { section, from } => self.form.announce(section, from),
            HeardKind::Grid(grid) => {
                self.grids.retain(|known| known.beat < grid.beat);
                self.grids.push(grid);
            }
            HeardKind::Started => {
                self.player.clear();
                self.harmony.clear();
            }
            HeardKind::Gap => self.player.all_off(None),
            HeardKind::Stopped | HeardKind::Key(_) | HeardKind::Revision(_) | HeardKind::Rig(_) => {}
        }
    }

    fn event(&mut self, at: Tick, source: u8, kind: EventKind) {
        match kind {
            EventKind::NoteOn { key, velocity } => {
                let (beat, position) = self.quantised(at);
                self.player.on(at, beat.0, position, source, key, velocity);
            }
            EventKind::NoteOff { key } => self.player.off(source, key),
            EventKind::AllNotesOff => self.player.all_off(Some(source)),
            EventKind::Panic => self.player.all_off(None),
            EventKind::Set { param, value } => {
                let value = self.settings.set(param, value);
                match param.knob {
                    Knob::Split => self.player.split_at(value as u8),
                    Knob::Swing => self.swing = value,
                    _ => {}
                }
            }
            _ => {}
        }
    }

    /// The beat and the grid position that an onset is meant for; the swung off-beat counts as the straight one.
    fn quantised(&self, at: Tick) -> (Beat, u8) {
        let grid = self.grid_at(self.now);
        // An early finger within a twelfth of a beat means the beat to come.
        let step = grid.meter.ticks_per_beat() / Tick::from(POSITIONS);
        let beat = grid.beat_at(at + step / 2);
        let inside = (at - grid.tick_of(beat)).max(0) as f32 / grid.meter.ticks_per_beat() as f32;
        let straight = |swung: f32| (inside - swung).abs() < 0.07;
        let position = match inside {
            _ if self.swing > 0.54 && straight(self.swing) => 6,
            inside => (inside * f32::from(POSITIONS)).round() as u8,
        };
        (beat, position.min(POSITIONS - 1))
    }

    /// The bars in force at a beat.
    pub fn grid_at(&self, beat: Beat) -> Grid {
        let known = self.grids.iter().rev().find(|grid| grid.beat <= beat);
        known.or(self.grids.first()).copied().unwrap_or(Grid::new(engine::Meter::COMMON))
    }
}
