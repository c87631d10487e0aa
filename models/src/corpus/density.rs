//! How full a bar is, against other bars of its style.

use std::collections::HashMap;

use super::parts::stretch::Stretch;
use super::song::Song;
use super::style::style_of;
use crate::tokens::{SEATS, Style};

/// Levels of energy.
const ENERGIES: usize = 5;
/// Levels of density.
const DENSITIES: usize = 4;
/// Ticks within which onsets count as one, but for drums.
const ONE_ONSET: i64 = 30;
/// The velocity of a note that has none.
const USUAL: u8 = 80;

/// The parts of a song, in the order of the seats.
pub(super) const PARTS: [&str; SEATS] = ["drums", "bass", "comp", "pads"];

/// The bars of a style, counted in a first pass over the corpus: a bar is measured against its fellows.
#[derive(Clone, Debug, Default)]
pub struct Quantiles {
    styles: HashMap<(String, Style), Sorted>,
}

/// What was measured, ascending.
#[derive(Clone, Debug, Default)]
struct Sorted {
    energy: Vec<f32>,
    onsets: [Vec<f32>; SEATS],
}

/// What a bar holds, for each beat.
#[derive(Clone, Copy, Debug, Default)]
struct Bar {
    energy: f32,
    onsets: [f32; SEATS],
}

impl Quantiles {
    /// Counts the bars of songs. Sets are kept apart: their velocities are not to be compared.
    pub fn of<'a>(songs: impl IntoIterator<Item = &'a Song>) -> Quantiles {
        let mut quantiles = Quantiles::default();
        songs.into_iter().for_each(|song| quantiles.count(song));
        quantiles.sorted()
    }

    /// Counts the bars of a song; the counts are of use after [`Quantiles::sorted`].
    pub fn count(&mut self, song: &Song) {
        let style = self.styles.entry((song.set.clone(), style_of(song))).or_default();
        for bar in Stretch::all(song).iter().flat_map(measured) {
            style.energy.push(bar.energy);
            let played = style.onsets.iter_mut().zip(bar.onsets).filter(|(_, onsets)| *onsets > 0.0);
            played.for_each(|(all, onsets)| all.push(onsets));
        }
    }

    /// Ends the counting.
    pub fn sorted(mut self) -> Quantiles {
        for style in self.styles.values_mut() {
            style.energy.sort_by(f32::total_cmp);
            style.onsets.iter_mut().for_each(|onsets| onsets.sort_by(f32::total_cmp));
        }
        self
    }

    /// Energy of each bar, 0 to 4, and density of each part in each bar, 0 to 3.
    pub(super) fn levels(&self, stretch: &Stretch<'_>) -> (Vec<u8>, [Vec<u8>; SEATS]) {
        let sorted = self.styles.get(&(stretch.song.set.clone(), style_of(stretch.song)));
        let bars = measured(stretch);
        let place = |all: Option<&Vec<f32>>, value: f32, levels: usize| level(all, value, levels);
        let energy = bars.iter().map(|bar| place(sorted.map(|s| &s.energy), bar.energy, ENERGIES)).collect();
        let density = std::array::from_fn(|part| {
            let all = sorted.map(|s| &s.onsets[part]);
            bars.iter().map(|bar| place(all, bar.onsets[part], DENSITIES)).collect()
        });
        (energy, density)
    }
}

/// The place of a value among others, as one of some levels: in the middle of those that equal it.
fn level(sorted: Option<&Vec<f32>>, value: f32, levels: usize) -> u8 {
    let Some(sorted) = sorted.filter(|all| !all.is_empty()) else { return (levels / 2) as u8 };
    let below = sorted.partition_point(|other| *other < value);
    let up_to = sorted.partition_point(|other| *other <= value);
    let share = (below + up_to) as f32 / (2 * sorted.len()) as f32;
    ((share * levels as f32) as usize).min(levels - 1) as u8
}

/// What each bar holds: of the band if there is one, else the energy of the melody.
fn measured(stretch: &Stretch<'_>) -> Vec<Bar> {
    let mut bars = vec![Bar::default(); stretch.bars()];
    let is_band = PARTS.iter().any(|part| has(stretch.song, part));
    for (part, name) in PARTS.iter().enumerate().filter(|(_, name)| has(stretch.song, name)) {
        for (bar, (onsets, energy)) in bars.iter_mut().zip(counted(stretch, name)) {
            bar.onsets[part] = onsets;
            bar.energy += energy;
        }
    }
    if !is_band {
        bars.iter_mut().zip(counted(stretch, "melody")).for_each(|(bar, (_, energy))| bar.energy = energy);
    }
    bars
}

/// Whether somebody plays a part: the bass of the jazz solos is a machine's guess.
pub(super) fn has(song: &Song, part: &str) -> bool {
    song.parts.contains_key(part) && (song.set.as_str(), part) != ("wjd", "bass")
}

/// For each bar the onsets a beat, and the energy a beat: that of a note is the square of its velocity.
fn counted(stretch: &Stretch<'_>, part: &str) -> Vec<(f32, f32)> {
    let mut bars = vec![(0.0, 0.0); stretch.bars()];
    let share = 1.0 / stretch.beats_per_bar() as f32;
    let length = stretch.beat() * stretch.beats_per_bar() as i64;
    let mut last = i64::MIN / 2;
    for (tick, _, _, velocity) in stretch.notes(part) {
        let (onsets, energy) = &mut bars[(tick / length) as usize];
        if part == "drums" || tick - last > ONE_ONSET {
            *onsets += share;
            last = tick;
        }
        let velocity = if velocity == 0 { USUAL } else { velocity };
        *energy += share * (f32::from(velocity) / 127.0).powi(2);
    }
    bars
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::parts::testing::song;

    /// A bar with this many notes.
    fn bar(from: i64, notes: i64, velocity: u8) -> Vec<(i64, i64, u8, u8)> {
        (0..notes).map(|n| (from * 1920 + n * 1920 / notes, 100, 60, velocity)).collect()
    }

    fn levels(bars: &[Vec<(i64, i64, u8, u8)>]) -> (Vec<u8>, Vec<u8>) {
        let song = song("bands", &bars.concat());
        let quantiles = Quantiles::of([&song]);
        let (energy, density) = quantiles.levels(&Stretch::all(&song)[0]);
        (energy, density[2].clone())
    }

    #[test]
    fn the_fullest_bars_of_a_style_are_the_highest_level() {
        let bars: Vec<_> = (0..10).map(|n| bar(n, 2 * n + 1, 80)).collect();
        let (energy, density) = levels(&bars);
        assert_eq!(energy, [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]);
        assert!(density.is_sorted() && density[0] == 0 && density[9] == 3, "{density:?}");
    }

    #[test]
    fn of_two_bars_with_as_many_notes_the_louder_has_more_energy() {
        let bars: Vec<_> = (0..10).map(|n| bar(n, 4, 20 + 10 * n as u8)).collect();
        let (energy, density) = levels(&bars);
        assert!(energy.is_sorted() && energy[0] == 0 && energy[9] == 4, "{energy:?}");
        assert!(density.windows(2).all(|pair| pair[0] == pair[1]));
    }
}
