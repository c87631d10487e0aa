//! The head of a line: what holds for a bar.

use engine::{Beat, Grid, Knob, Mode, Section};

use super::{Scribe, Stream};
use crate::groove::dynamics::{self, Energy as Slow};
use crate::rig::Clave;
use crate::tokens::{Energy, Head, SEATS, Seat, Side, Trend};

/// The bin of an off-beat's place, 0.5 to 0.75 of the beat: 0 = straight, 3 = triplet, 4 = dotted.
pub fn swing_bin(swing: f32) -> u8 {
    match swing {
        swing if swing < 0.53 => 0,
        swing if swing < 0.59 => 1,
        swing if swing < 0.64 => 2,
        swing if swing < 0.71 => 3,
        _ => 4,
    }
}

/// The bin of a density from 0 to 1, where 0.5 is as written.
pub fn density_bin(density: f32) -> u8 {
    match density {
        density if density < 0.3 => 0,
        density if density < 0.55 => 1,
        density if density < 0.8 => 2,
        _ => 3,
    }
}

impl Scribe {
    /// The head of a beat. `stream` has this beat's chord.
    pub(super) fn head(&self, beat: Beat, stream: &Stream, seats: [Seat; SEATS]) -> Head {
        let grid = self.listener.grid_at(beat);
        let (bar, place) = grid.place(beat);
        let form = &self.listener.form;
        let section = form.at(beat, &grid, &self.rig).section;
        let since = bar - grid.place(form.origin(beat, &grid, &self.rig)).0;
        let phrase = since.rem_euclid(8) as u8;
        let next = form.next(beat, &grid, &self.rig);
        Head {
            bar: phrase,
            cue: next.map_or(8, |span| bars_to(grid.place(span.from).0 - bar)),
            meter: grid.meter,
            swing: swing_bin(self.listener.settings.get(Knob::Swing)),
            clave: self.clave(bar),
            section: section.into(),
            charted: self.is_charted(beat),
            style: self.style,
            energy: self.energy(beat, &grid, section, next.map(|span| span.section), stream),
            key: self.key(stream),
            seats,
            past: (phrase.is_multiple_of(4) && place == 0).then(|| stream.past()),
        }
    }

    fn clave(&self, bar: i32) -> Side {
        match (self.rig.clave, bar.rem_euclid(2)) {
            (None, _) => Side::None,
            (Some(Clave::ThreeTwo), 0) | (Some(Clave::TwoThree), 1) => Side::Three,
            _ => Side::Two,
        }
    }

    /// The section's own, moved by the knob and by the player's two-bar average.
    fn energy(
        &self,
        beat: Beat,
        grid: &Grid,
        section: Section,
        next: Option<Section>,
        stream: &Stream,
    ) -> Energy {
        let settings = &self.listener.settings;
        let player =
            match dynamics::energy(&self.listener.player, beat.min(self.now).0, grid.meter.beats_per_bar()) {
                Slow::Low => -1.0,
                Slow::Usual => 0.0,
                Slow::High => 1.0,
            };
        let own = 0.5 + section.level().index() as f32;
        let knobs = 4.0 * (settings.get(Knob::Intensity) - 0.5) + settings.get(Knob::Follow) * player;
        let level = (own + knobs).clamp(0.0, 4.0) as u8;
        let rises = next.is_some_and(|next| next.level() > section.level() && next != Section::Stopped);
        Energy { level, trend: if rises { Trend::Up } else { stream.trend(level) } }
    }

    fn key(&self, stream: &Stream) -> Option<(u8, bool)> {
        let minor = match self.key.mode {
            Mode::Unknown => return None,
            Mode::Minor | Mode::Dorian => true,
            Mode::Major | Mode::Mixolydian | Mode::Blues => false,
        };
        Some(((stream.root() + 12 - self.key.tonic % 12) % 12, minor))
    }
}

/// Bars to a cue as they are said.
fn bars_to(bars: i32) -> u8 {
    match bars {
        ..=0 => 0,
        1 => 1,
        2 => 2,
        3 | 4 => 4,
        _ => 8,
    }
}
