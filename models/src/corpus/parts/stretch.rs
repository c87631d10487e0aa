//! Stretches of a song in one meter that the band can play, and how its ticks become beats.

use engine::{Chord, LocalKey, Meter, Mode};

use crate::corpus::song::{Harmony, Song};
use crate::corpus::style::{style_of, usual_bpm};

/// Ticks of a quarter note in the corpus.
const QUARTER: i64 = 480;

/// Whole bars of one meter in a row.
#[derive(Clone, Copy, Debug)]
pub struct Stretch<'a> {
    pub song: &'a Song,
    pub meter: Meter,
    /// The tick of its first bar line.
    pub start: i64,
    /// Its length in beats.
    pub beats: usize,
    bpm: f64,
}

impl<'a> Stretch<'a> {
    /// Every stretch of a song.
    pub fn all(song: &'a Song) -> Vec<Stretch<'a>> {
        let bpm = song.bpm.unwrap_or_else(|| f64::from(usual_bpm(style_of(song))));
        let mut stretches: Vec<Stretch<'a>> = Vec::new();
        for (line, until, meter) in bars(song) {
            let Some(meter) = meter else { continue };
            let (beat, beats) = (beat(meter), meter.beats_per_bar() as usize);
            if until - line != beat * beats as i64 {
                continue;
            }
            match stretches.last_mut() {
                Some(last) if last.meter == meter && last.end() == line => last.beats += beats,
                _ => stretches.push(Stretch { song, meter, start: line, beats, bpm }),
            }
        }
        stretches
    }

    /// Ticks of a beat.
    pub fn beat(&self) -> i64 {
        beat(self.meter)
    }

    /// The tick of the bar line after it.
    pub fn end(&self) -> i64 {
        self.start + self.beats as i64 * self.beat()
    }

    /// How many bars it has.
    pub fn bars(&self) -> usize {
        self.beats / self.beats_per_bar()
    }

    /// Beats of a bar.
    pub fn beats_per_bar(&self) -> usize {
        self.meter.beats_per_bar() as usize
    }

    /// Quarter notes a minute.
    pub fn bpm(&self) -> f64 {
        self.bpm
    }

    /// Milliseconds from one tick to another.
    pub fn ms(&self, from: i64, to: i64) -> f64 {
        (to - from) as f64 * 60_000.0 / (self.bpm * QUARTER as f64)
    }

    /// The notes of a part that begin in it: tick from its start, duration, key, velocity.
    pub fn notes(&self, part: &str) -> Vec<(i64, i64, u8, u8)> {
        let inside = |note: &&(i64, i64, u8, u8)| (self.start..self.end()).contains(&note.0);
        let notes = self.song.part(part).iter().filter(inside);
        notes.map(|(tick, duration, key, velocity)| (tick - self.start, *duration, *key, *velocity)).collect()
    }

    /// For each beat the chord a quarter into it.
    pub fn chords(&self) -> Vec<Option<Chord>> {
        let harmony: Vec<Harmony> = self.song.harmony().collect();
        let at = |tick: i64| {
            let last = harmony.partition_point(|chord| chord.tick <= tick).checked_sub(1)?;
            Some(&harmony[last]).filter(|chord| tick < chord.tick + chord.duration)?.chord
        };
        let beat = self.beat();
        (0..self.beats as i64).map(|n| at(self.start + n * beat + beat / 4)).collect()
    }

    /// For each beat the key that the song names.
    pub fn keys(&self) -> Vec<LocalKey> {
        let at = |tick: i64| {
            let named = self.song.key.iter().rfind(|key| key.0 <= tick).or(self.song.key.first());
            named.map_or(LocalKey::default(), |(_, tonic, mode)| {
                let mode = if mode == "minor" { Mode::Minor } else { Mode::Major };
                LocalKey { tonic: *tonic, mode }
            })
        };
        (0..self.beats as i64).map(|n| at(self.start + n * self.beat())).collect()
    }
}

/// Ticks of a beat of a meter.
fn beat(meter: Meter) -> i64 {
    if meter.is_compound() { QUARTER * 3 / 2 } else { QUARTER }
}

/// The bars of a song: bar line, the next one, and the meter if the band can play it. The last bar is a whole one.
fn bars(song: &Song) -> Vec<(i64, i64, Option<Meter>)> {
    let end = song.end();
    let mut bars = Vec::new();
    for (i, (from, numerator, denominator)) in song.meters.iter().enumerate() {
        let until = song.meters.get(i + 1).map_or(end, |meter| meter.0);
        let bar = QUARTER * 4 * i64::from(*numerator) / i64::from(*denominator).max(1);
        let meter = playable(*numerator, *denominator);
        let mut line = *from;
        while line < until && bar > 0 {
            let next = next_line(song, line).unwrap_or(line + bar);
            bars.push((line, next.max(line + 1), meter));
            line = next.max(line + 1);
        }
    }
    bars
}

/// The bar line after one, where the song lists them.
fn next_line(song: &Song, line: i64) -> Option<i64> {
    song.downbeats.as_ref()?.iter().copied().find(|next| *next > line)
}

/// The meter that the band plays for one that is written.
fn playable(numerator: u8, denominator: u8) -> Option<Meter> {
    match (numerator, denominator) {
        (2, 2) => Meter::new(4, 4),
        (3, 2) => Meter::new(6, 4),
        (n, d) => Meter::new(n, d),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::parts::testing::song;

    #[test]
    fn a_bar_that_the_band_cannot_play_parts_two_stretches() {
        let mut song = song("bands", &[(0, 480, 60, 80), (480 * 30, 480, 60, 80)]);
        song.meters = vec![(0, 4, 4), (1920 * 2, 7, 8), (1920 * 2 + 1680, 4, 4)];
        let stretches = Stretch::all(&song);
        assert_eq!(stretches.iter().map(|s| s.bars()).collect::<Vec<_>>(), [2, 5]);
        assert_eq!(stretches[1].start, 1920 * 2 + 1680);
    }

    #[test]
    fn bar_lines_of_its_own_part_a_song_where_a_bar_is_short() {
        let mut song = song("openewld", &[(0, 1920 * 4, 60, 80)]);
        song.downbeats = Some(vec![0, 1920, 1920 + 960, 1920 * 2 + 960]);
        let bars: Vec<_> = Stretch::all(&song).iter().map(|s| (s.start, s.bars())).collect();
        assert_eq!(bars, [(0, 1), (1920 + 960, 3)]);
    }

    #[test]
    fn a_compound_meter_is_felt_in_dotted_quarters() {
        let mut song = song("bands", &[(0, 720 * 4, 60, 80)]);
        song.meters = vec![(0, 6, 8)];
        let stretch = Stretch::all(&song)[0];
        assert_eq!((stretch.beats, stretch.beat(), stretch.bars()), (4, 720, 2));
    }
}
