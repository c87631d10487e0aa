//! The exact filter: how likely each key and each chord is, given all notes so far. Thread: audio.

use super::Habits;
use super::states::{STATES, absolute};
use super::tables::{Place, STYLES, Sound, Style};

/// Rows of the product with the table of changes: one for each style and key.
const ROWS: usize = STYLES * 12;

/// The relative major key lies so many semitones above the tonic of a minor one.
const MINOR_THIRD: usize = 3;

/// A belief that sums to less has nothing left to go by.
const LOST: f32 = 1e-6;

/// A number for each chord, counted from the tonic.
type Row = [f32; STATES];

/// How likely each chord of each key of each style is.
#[derive(Clone, Debug)]
pub(super) struct Belief {
    styles: Vec<Style>,
    /// What a note says of each chord: for each sound, style, and pitch class above the tonic.
    says: Vec<[[Row; 12]; STYLES]>,
    /// Rows by style, then key.
    now: Vec<Row>,
    /// What the belief would be if the chord changed now, as far as it has been worked out.
    changed: Vec<Row>,
    /// The next row to work out; none outside the last twelfths of a beat.
    next: Option<usize>,
    /// Notes that wait for the change: how often each sound of each pitch class was heard.
    waiting: [[u8; 12]; 3],
    /// How much less likely than usual the last notes were, in nats.
    surprise: f32,
    /// How likely each style is of the music to come; sums to 1.
    prior: [f32; STYLES],
    /// Whether the music may be in each relative major key.
    keys: [bool; 12],
    habits: Habits,
}

impl Belief {
    /// Knows nothing yet. Allocates.
    pub fn new(styles: Vec<Style>, habits: &Habits) -> Belief {
        let weights = [habits.struck, habits.struck * habits.on_beat, habits.held];
        let says = weights.iter().enumerate().map(|(sound, weight)| {
            std::array::from_fn(|style| {
                std::array::from_fn(|tone| says(&styles[style].notes[sound], tone, *weight))
            })
        });
        let mut belief = Belief {
            says: says.collect(),
            now: vec![[0.0; STATES]; ROWS],
            changed: vec![[0.0; STATES]; ROWS],
            next: None,
            waiting: [[0; 12]; 3],
            surprise: 0.0,
            prior: [1.0 / STYLES as f32; STYLES],
            keys: [true; 12],
            habits: *habits,
            styles,
        };
        belief.forget();
        belief
    }

    /// Knows nothing any more.
    pub fn forget(&mut self) {
        let keys = self.open_keys();
        for (i, row) in self.now.iter_mut().enumerate() {
            let share = if self.keys[i % 12] { self.prior[i / 12] / keys } else { 0.0 };
            *row = self.styles[i / 12].first.map(|p| p * share);
        }
        self.next = None;
        self.waiting = [[0; 12]; 3];
        self.surprise = 0.0;
    }

    /// Takes the music to be of some styles rather than others; shares that sum to 1.
    pub fn lean_to(&mut self, prior: [f32; STYLES]) {
        self.prior = prior;
    }

    /// Locks the key to a tonic, major or minor, or lets it go. What was believed of other keys is forgotten.
    pub fn lock(&mut self, tonic: Option<u8>) {
        let is_open = |key: usize| {
            let below = tonic.map(|tonic| (key + 12 - usize::from(tonic % 12)) % 12);
            below.is_none_or(|semitones| semitones == 0 || semitones == MINOR_THIRD)
        };
        self.keys = std::array::from_fn(is_open);
        let is_shut = |i: usize| !self.keys[i % 12];
        for rows in [&mut self.now, &mut self.changed] {
            rows.iter_mut()
                .enumerate()
                .filter(|(i, _)| is_shut(*i))
                .for_each(|(_, row)| *row = [0.0; STATES]);
        }
        if total(&self.now) < LOST {
            self.forget();
        }
        self.scale();
    }

    /// How many keys the music may be in.
    fn open_keys(&self) -> f32 {
        self.keys.iter().filter(|is_open| **is_open).count() as f32
    }

    /// Hears a pitch class. Once the change is being worked out, it counts for the coming beat.
    pub fn hear(&mut self, sound: Sound, pitch_class: u8) {
        let pitch_class = usize::from(pitch_class % 12);
        if self.next.is_some() {
            let waiting = &mut self.waiting[sound as usize][pitch_class];
            *waiting = waiting.saturating_add(1);
            return;
        }
        for (i, row) in self.now.iter_mut().enumerate() {
            let tone = (pitch_class + 12 - i % 12) % 12;
            let says = &self.says[sound as usize][i / 12][tone];
            row.iter_mut().zip(says).for_each(|(p, says)| *p *= says);
        }
        let likely = self.scale();
        self.surprise += match sound {
            Sound::Struck => -likely.ln() / self.habits.struck - self.habits.usual,
            Sound::OnBeat => -likely.ln() / (self.habits.struck * self.habits.on_beat) - self.habits.usual,
            Sound::Held => 0.0,
        };
    }

    /// The beat nears its end: the change begins to be worked out.
    pub fn begin_change(&mut self) {
        self.next = Some(0);
        self.changed.fill([0.0; STATES]);
    }

    /// Works out another row of the change, if one is left: about 12 000 multiplications.
    pub fn work(&mut self) {
        let Some(row) = self.next.filter(|row| *row < ROWS) else { return };
        let into = &mut self.changed[row];
        for (p, to) in self.now[row].iter().zip(&self.styles[row / 12].change) {
            into.iter_mut().zip(to).for_each(|(sum, to)| *sum += p * to);
        }
        self.next = Some(row + 1);
    }

    /// A beat begins: chords may have changed, and keys and styles drift.
    pub fn beat(&mut self, place: Place) {
        if self.next.is_some() {
            (0..ROWS).for_each(|_| self.work());
            self.next = None;
            self.mix(place);
        }
        self.drift_key();
        self.drift_style();
        for sound in [Sound::Struck, Sound::OnBeat, Sound::Held] {
            for pitch_class in 0..12 {
                let times = std::mem::take(&mut self.waiting[sound as usize][usize::from(pitch_class)]);
                (0..times).for_each(|_| self.hear(sound, pitch_class));
            }
        }
        self.scale();
    }

    fn mix(&mut self, place: Place) {
        for (i, (row, changed)) in self.now.iter_mut().zip(&self.changed).enumerate() {
            let moves = self.styles[i / 12].moves[place as usize];
            row.iter_mut().zip(changed).for_each(|(p, changed)| *p += moves * (changed - *p));
        }
    }

    /// Any key may have given way to any other; the more so, the less the last notes fitted.
    fn drift_key(&mut self) {
        self.surprise = self.surprise.clamp(0.0, 10.0);
        let drift = (self.habits.key_drift * (self.habits.alarm * self.surprise).exp()).min(0.5);
        self.surprise *= 0.5;
        let (share, is_open) = (drift / self.open_keys(), self.keys);
        for keys in self.now.chunks_exact_mut(12) {
            let all: Row = std::array::from_fn(|s| share * keys.iter().map(|row| row[s]).sum::<f32>());
            for (row, _) in keys.iter_mut().zip(is_open).filter(|(_, is_open)| *is_open) {
                row.iter_mut().zip(&all).for_each(|(p, all)| *p += all - drift * *p);
            }
        }
    }

    /// A style is never ruled out for good.
    fn drift_style(&mut self) {
        let drift = self.habits.style_drift;
        for (keys, prior) in self.now.chunks_exact_mut(12).zip(self.prior) {
            let gain = 1.0 - drift + drift * prior / total(keys).max(1e-20);
            keys.iter_mut().flatten().for_each(|p| *p *= gain);
        }
    }

    /// Makes all sum to 1; returns what they summed to.
    fn scale(&mut self) -> f32 {
        let sum = total(&self.now).max(f32::MIN_POSITIVE);
        self.now.iter_mut().flatten().for_each(|p| *p /= sum);
        sum
    }

    /// How much less likely than usual the last notes were, in nats: a new key surprises.
    pub fn surprise(&self) -> f32 {
        self.surprise
    }

    /// How likely each chord of each key is, whatever the style.
    pub fn by_key(&self) -> [Row; 12] {
        std::array::from_fn(|key| {
            std::array::from_fn(|s| (0..STYLES).map(|style| self.now[style * 12 + key][s]).sum())
        })
    }

    /// How likely each style is.
    #[cfg(test)]
    pub fn by_style(&self) -> [f32; STYLES] {
        std::array::from_fn(|style| total(&self.now[style * 12..][..12]))
    }

    /// Which notes each chord bears, in the mixture of styles that is believed.
    pub fn notes(&self) -> [[f32; 12]; STATES] {
        let share = |style: usize| total(&self.now[style * 12..][..12]);
        let shares: [f32; STYLES] = std::array::from_fn(share);
        let bears = |s: usize, tone: usize, style: usize| {
            shares[style] * self.styles[style].notes[Sound::Held as usize][s][tone]
        };
        std::array::from_fn(|s| {
            std::array::from_fn(|tone| (0..STYLES).map(|style| bears(s, tone, style)).sum())
        })
    }
}

/// The sum of all rows, added up side by side.
fn total(rows: &[Row]) -> f32 {
    let mut sums = [0.0; STATES];
    rows.iter().for_each(|row| sums.iter_mut().zip(row).for_each(|(sum, p)| *sum += p));
    sums.iter().sum()
}

/// What a note says of each chord: its probability to the power of its weight.
fn says(notes: &[[f32; 12]], tone: usize, weight: f32) -> Row {
    std::array::from_fn(|s| notes[s][tone].powf(weight))
}

/// How likely each chord is, counted from C, in whatever key.
pub(super) fn absolutely(by_key: &[Row; 12]) -> Row {
    let mut sum = [0.0; STATES];
    for (key, row) in by_key.iter().enumerate() {
        row.iter().enumerate().for_each(|(s, p)| sum[absolute(s, key)] += p);
    }
    sum
}
