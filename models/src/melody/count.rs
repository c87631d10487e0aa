//! Counts how chords follow each other and which notes they bear, relative to the key.

use engine::audio::melody::states::{QUALITIES, STATES, number};
use engine::audio::melody::tables::{Place, Sound, Style};
use engine::{Chord, Quality};

use super::sheet::{BEAT, Sheet};

/// The sets whose chords make a style, and those whose notes do, in the order of the tables.
const STYLES: [(&[&str], &[&str]); 4] = [
    (&["pop909", "billboard"], &["pop909"]),
    (&["openewld", "neonscribe", "irb"], &["openewld", "neonscribe"]),
    (&["wjd", "irb"], &["wjd"]),
    (&["bands"], &["bands"]),
];

/// What was counted in some sets. Chords are numbered from the tonic of the relative major key.
#[derive(Clone, Debug)]
pub struct Counts {
    first: [f64; STATES],
    change: Vec<[f64; STATES]>,
    /// Beats at each place, and those of them where the chord changed.
    moves: [[f64; 2]; 3],
    notes: [Vec<[f64; 12]>; 3],
}

/// The tables of all styles, from the songs to learn from.
pub fn styles(sheets: &[Sheet]) -> Vec<Style> {
    let of = |sets: &[&str]| Counts::of(sheets.iter().filter(|sheet| sets.contains(&sheet.set.as_str())));
    STYLES.iter().map(|(chords, notes)| of(chords).style(&of(notes))).collect()
}

impl Counts {
    /// Counts these songs.
    pub fn of<'a>(sheets: impl Iterator<Item = &'a Sheet>) -> Counts {
        let rows = || vec![[0.0; 12]; STATES];
        let mut counts = Counts {
            first: [0.0; STATES],
            change: vec![[0.0; STATES]; STATES],
            moves: [[0.0; 2]; 3],
            notes: [rows(), rows(), rows()],
        };
        for sheet in sheets {
            counts.chords(sheet);
            counts.melody(sheet);
        }
        counts
    }

    fn chords(&mut self, sheet: &Sheet) {
        let mut last: Option<usize> = None;
        for (beat, pulse) in sheet.beats.iter().enumerate() {
            let at = sheet.twelfths[beat * BEAT];
            let state = at.chord.zip(at.tonic).map(|(chord, tonic)| in_key(chord, tonic));
            if let Some(state) = state {
                self.first[state] += 1.0;
            }
            if let (Some(last), Some(state)) = (last, state) {
                let changes = usize::from(last != state);
                self.moves[Place::of(pulse.place, pulse.beats_per_bar) as usize][changes] += 1.0;
                self.change[last][state] += changes as f64;
            }
            last = state;
        }
    }

    fn melody(&mut self, sheet: &Sheet) {
        for (i, at) in sheet.twelfths.iter().enumerate() {
            let (Some(key), Some(chord), Some(tonic)) = (at.key, at.chord, at.tonic) else { continue };
            let (state, tone) = (in_key(chord, tonic), usize::from((key + 12 - tonic) % 12));
            let sound = if i % BEAT == 0 { Sound::OnBeat } else { Sound::Struck };
            if at.is_struck {
                self.notes[sound as usize][state][tone] += 1.0;
            }
            // Twelfths of one note are no news; half a beat counts like an onset.
            self.notes[Sound::Held as usize][state][tone] += 1.0 / 6.0;
        }
    }

    /// Probabilities: the chords of these counts, the notes of those.
    fn style(&self, notes: &Counts) -> Style {
        let first = normal(self.first.map(|count| count + 0.3));
        let back = self.relative(&first);
        let row = |from: usize| {
            let count = |to: usize| self.change[from][to] + 8.0 * back[from][to] + 4.0 * first[to];
            normal::<STATES>(std::array::from_fn(|to| if to == from { 0.0 } else { count(to) }))
                .map(|p| p as f32)
        };
        Style {
            first: first.map(|p| p as f32),
            change: (0..STATES).map(row).collect(),
            moves: self.moves.map(|[stay, change]| ((change + 1.0) / (stay + change + 2.0)) as f32),
            notes: notes.notes.each_ref().map(|rows| bear(rows)),
        }
    }

    /// Changes by the motion of the root alone: for those that were hardly ever seen in their place of the key.
    fn relative(&self, first: &[f64; STATES]) -> Vec<[f64; STATES]> {
        const N: usize = QUALITIES.len();
        let mut motion = vec![0.0; 12 * N * N];
        let slot = |from: usize, to: usize| ((to / N + 12 - from / N) % 12 * N + from % N) * N + to % N;
        for (from, row) in self.change.iter().enumerate() {
            row.iter().enumerate().for_each(|(to, count)| motion[slot(from, to)] += count);
        }
        let weight = |from: usize, to: usize| (motion[slot(from, to)] + 0.05) * first[to].sqrt();
        let row = |from: usize| std::array::from_fn(|to| if to == from { 0.0 } else { weight(from, to) });
        (0..STATES).map(|from| normal(row(from))).collect()
    }
}

/// The notes of each chord; where few were heard, by their distance from the root and by the key.
fn bear(rows: &[[f64; 12]]) -> Vec<[f32; 12]> {
    const N: usize = QUALITIES.len();
    let mut above_root = [[0.0; 12]; N];
    let mut degrees = [1.0; 12];
    for (state, row) in rows.iter().enumerate() {
        for (tone, count) in row.iter().enumerate() {
            above_root[state % N][(tone + 12 - state / N) % 12] += count;
            degrees[tone] += count;
        }
    }
    let all: [f64; 12] =
        normal(std::array::from_fn(|i| 1.0 + above_root.iter().map(|row| row[i]).sum::<f64>()));
    let above_root: [[f64; 12]; N] =
        above_root.map(|row| normal(std::array::from_fn(|i| row[i] + 20.0 * all[i])));
    let degrees = normal(degrees);
    let row = |(state, row): (usize, &[f64; 12])| {
        let quality = &above_root[state % N];
        let expert = |tone: usize| quality[(tone + 12 - state / N) % 12] * degrees[tone].powf(0.7);
        let prior: [f64; 12] = normal(std::array::from_fn(expert));
        normal::<12>(std::array::from_fn(|tone| row[tone] + 30.0 * prior[tone])).map(|p| p as f32)
    };
    rows.iter().enumerate().map(row).collect()
}

/// The number of a chord in its key. A power chord has the third that the key gives it.
fn in_key(chord: Chord, tonic: u8) -> usize {
    let is_minor = matches!((chord.root + 12 - tonic) % 12, 2 | 4 | 9);
    let third = if is_minor { Quality::Min } else { Quality::Maj };
    let quality = if chord.quality == Quality::Power { third } else { chord.quality };
    number(Chord { quality, ..chord }, tonic)
}

fn normal<const N: usize>(row: [f64; N]) -> [f64; N] {
    let sum: f64 = row.iter().sum();
    row.map(|count| count / sum)
}
