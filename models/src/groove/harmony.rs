//! The chords as they were: what plays, what is expected, and how often they change.

use engine::{Beat, Chord, Grid, Tick};

/// Changes that are remembered.
const KEPT: usize = 512;

/// Bars over which a form must have repeated.
const TRIAL: i32 = 8;

/// Forms that are looked for, in bars.
const FORMS: [i32; 7] = [2, 4, 8, 12, 16, 24, 32];

/// The chord changes that were heard.
#[derive(Clone, Debug, Default)]
pub struct Harmony {
    changes: Vec<(Tick, Option<Chord>)>,
}

impl Harmony {
    /// Takes in that a chord plays since a tick.
    pub fn change(&mut self, chord: Option<Chord>, since: Tick) {
        self.changes.retain(|change| change.0 < since);
        self.changes.push((since, chord));
        let surplus = self.changes.len().saturating_sub(KEPT);
        self.changes.drain(..surplus);
    }

    /// Forgets the form, not the chord that is held.
    pub fn clear(&mut self) {
        let last = self.changes.pop();
        self.changes.clear();
        self.changes.extend(last.map(|change| (Tick::MIN / 2, change.1)));
    }

    /// The chord at a tick.
    pub fn at(&self, tick: Tick) -> Option<Chord> {
        let after = self.changes.partition_point(|change| change.0 <= tick);
        self.changes[..after].last().and_then(|change| change.1)
    }

    /// The chord of a beat: a push just before it and a late hand just after count for it.
    pub fn of_beat(&self, beat: i32, grid: &Grid) -> Option<Chord> {
        self.at(grid.tick_of(Beat(beat)) + grid.meter.ticks_per_beat() / 4)
    }

    /// The beat of the first chord of this performance.
    fn first(&self, grid: &Grid) -> Option<i32> {
        self.changes.iter().find(|change| change.0 > Tick::MIN / 2).map(|change| grid.beat_at(change.0).0)
    }

    /// The chord that is expected at a beat to come: the same bar of the form, if two passes agreed.
    pub fn expected(&self, beat: Beat, now: Beat, grid: &Grid) -> Option<Chord> {
        let per_bar = grid.meter.beats_per_bar();
        let known = now.0 - 1;
        let first = self.first(grid).unwrap_or(known);
        FORMS.iter().find_map(|bars| {
            let form = bars * per_bar;
            let same = beat.0 - form * ((beat.0 - known).max(1) + form - 1).div_euclid(form);
            // Two chords in turn are a form only if they go on for a while.
            let passes = form.max(TRIAL * per_bar);
            if same - form < first || known - form - passes < first {
                return None;
            }
            let agree = |b: i32| self.of_beat(b, grid) == self.of_beat(b - form, grid);
            let agreed = (0..passes).filter(|n| agree(known - n)).count();
            let repeats = agree(same) && agreed as f32 >= 0.85 * passes as f32;
            repeats.then(|| self.of_beat(same, grid)).flatten()
        })
    }

    /// The share of the last eight bars in which a chord began on this beat of the bar; few where little is known.
    pub fn changes_on(&self, place: i32, now: Beat, grid: &Grid) -> f32 {
        let bar = grid.place(now).0;
        let heard = self.first(grid).map_or(bar, |beat| grid.place(Beat(beat)).0);
        let bars = (heard.max(bar - 8)..bar).map(|bar| grid.bar_start(bar).0 + place);
        let (mut changed, mut all) = (0.3, 2.0);
        for beat in bars {
            all += 1.0;
            if self.of_beat(beat, grid) != self.of_beat(beat - 1, grid) {
                changed += 1.0;
            }
        }
        changed / all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::{Meter, Quality};

    fn blues(bars: i32) -> Harmony {
        let roots = [0, 5, 0, 0, 5, 5, 0, 9, 2, 7, 0, 7];
        let mut harmony = Harmony::default();
        for bar in 0..bars {
            let chord = Chord::new(roots[(bar % 12) as usize], Quality::Dom7);
            harmony.change(Some(chord), i64::from(bar) * 3840);
        }
        harmony
    }

    #[test]
    fn after_two_passes_the_third_is_expected() {
        let grid = Grid::new(Meter::COMMON);
        let harmony = blues(25);
        let expected = harmony.expected(Beat(25 * 4), Beat(25 * 4 - 1), &grid);
        assert_eq!(expected.map(|chord| chord.root), Some(5));
        assert_eq!(blues(14).expected(Beat(14 * 4), Beat(14 * 4 - 1), &grid), None);
    }

    #[test]
    fn the_place_of_changes_is_counted() {
        let grid = Grid::new(Meter::COMMON);
        let harmony = blues(24);
        assert!(harmony.changes_on(0, Beat(96), &grid) > 0.5);
        assert!(harmony.changes_on(2, Beat(96), &grid) < 0.15);
    }
}
