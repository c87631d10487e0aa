//! Health as data: counters that the threads write and anyone reads.

use std::sync::atomic::{AtomicI64, AtomicU32, AtomicU64, Ordering::Relaxed};

use crate::{Chord, Part, Quality, Section, Tick};

/// A counter that only grows.
///
/// Thread: any. Real-time: yes.
#[derive(Debug, Default)]
pub struct Count(AtomicU64);

impl Count {
    /// Adds to it.
    pub fn add(&self, n: u64) {
        self.0.fetch_add(n, Relaxed);
    }

    /// Reads it.
    pub fn get(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

/// A distribution in [`Histogram::BINS`] equal bins; what lies beyond the last one falls into it.
///
/// Thread: any. Real-time: yes.
#[derive(Debug)]
pub struct Histogram {
    width: f64,
    bins: [AtomicU32; Histogram::BINS],
    sum_milli: AtomicI64,
    min_milli: AtomicI64,
    max_milli: AtomicI64,
}

impl Histogram {
    /// How many bins there are.
    pub const BINS: usize = 2000;

    /// An empty distribution whose bins are `width` wide.
    pub fn new(width: f64) -> Histogram {
        Histogram {
            width,
            bins: [const { AtomicU32::new(0) }; Histogram::BINS],
            sum_milli: AtomicI64::new(0),
            min_milli: AtomicI64::new(i64::MAX),
            max_milli: AtomicI64::new(i64::MIN),
        }
    }

    /// Takes in a value; negative ones count as 0.
    pub fn record(&self, value: f64) {
        let bin = (value.max(0.0) / self.width) as usize;
        self.bins[bin.min(Histogram::BINS - 1)].fetch_add(1, Relaxed);
        let milli = (value * 1000.0) as i64;
        self.sum_milli.fetch_add(milli, Relaxed);
        self.min_milli.fetch_min(milli, Relaxed);
        self.max_milli.fetch_max(milli, Relaxed);
    }

    /// How many values it holds.
    pub fn n(&self) -> u64 {
        self.bins.iter().map(|bin| u64::from(bin.load(Relaxed))).sum()
    }

    /// The value below which a share `p` of all lie, to the width of a bin (upper edge); 0 where there are none.
    pub fn percentile(&self, p: f64) -> f64 {
        let wanted = (self.n() as f64 * p).ceil().max(1.0) as u64;
        let mut seen = 0;
        for (i, bin) in self.bins.iter().enumerate() {
            seen += u64::from(bin.load(Relaxed));
            if seen >= wanted {
                return ((i + 1) as f64 * self.width).min(self.max());
            }
        }
        0.0
    }

    /// The mean, or 0.
    pub fn mean(&self) -> f64 {
        self.sum_milli.load(Relaxed) as f64 / 1000.0 / self.n().max(1) as f64
    }

    /// The least value, or 0.
    pub fn min(&self) -> f64 {
        if self.n() == 0 { 0.0 } else { self.min_milli.load(Relaxed) as f64 / 1000.0 }
    }

    /// The greatest value, or 0.
    pub fn max(&self) -> f64 {
        if self.n() == 0 { 0.0 } else { self.max_milli.load(Relaxed) as f64 / 1000.0 }
    }
}

/// What is shown of the moment.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Now {
    /// The playhead.
    pub tick: Tick,
    /// Bar and beat, both from 0; negative in the count-in.
    pub bar: i32,
    /// Beat in the bar, from 0.
    pub beat: i32,
    /// Whether the band plays.
    pub running: bool,
    /// The chord that the band plays.
    pub chord: Option<Chord>,
    /// What is played.
    pub section: Section,
    /// What comes next, if a change is pending.
    pub next: Option<Section>,
    /// Beats a minute.
    pub bpm: f32,
    /// Beats that are planned without a gap, the present one included.
    pub lead: i32,
}

/// Every counter. Written by the audio and the model thread, read by anyone.
#[derive(Debug)]
#[allow(missing_docs, reason = "the names are those of the report's JSON")]
pub struct Stats {
    pub callbacks: Count,
    pub xruns: Count,
    pub silent_blocks: Count,
    /// Per mille of the block's duration.
    pub load: Histogram,
    pub played: Count,
    pub fresh: Count,
    pub older: Count,
    pub vamped: Count,
    pub groove: Count,
    pub refused_late: Count,
    pub refused_stale: Count,
    pub revisions: Count,
    pub overflowed_notes: Count,
    pub chord_to_sound_ms: Histogram,
    pub held_move_ms: Histogram,
    pub events_midi: Count,
    pub events_osc: Count,
    pub events_dropped: Count,
    pub heard_dropped: Count,
    pub tape_dropped: Count,
    pub notes_on: Count,
    pub notes_off: Count,
    pub notes_unbound: Count,
    pub notes_stolen: Count,
    /// Milliseconds that the model took for a chunk.
    pub chunk_ms: Histogram,
    pub lead_beats: Histogram,
    pub heard_lag_beats: Histogram,
    pub model_failures: Count,
    /// Tokens that the model wrote.
    pub model_tokens: Count,
    now: [AtomicI64; 7],
    meters: [AtomicU32; Part::COUNT],
}

impl Default for Stats {
    fn default() -> Stats {
        Stats {
            callbacks: Count::default(),
            xruns: Count::default(),
            silent_blocks: Count::default(),
            load: Histogram::new(1.0),
            played: Count::default(),
            fresh: Count::default(),
            older: Count::default(),
            vamped: Count::default(),
            groove: Count::default(),
            refused_late: Count::default(),
            refused_stale: Count::default(),
            revisions: Count::default(),
            overflowed_notes: Count::default(),
            chord_to_sound_ms: Histogram::new(0.1),
            held_move_ms: Histogram::new(0.1),
            events_midi: Count::default(),
            events_osc: Count::default(),
            events_dropped: Count::default(),
            heard_dropped: Count::default(),
            tape_dropped: Count::default(),
            notes_on: Count::default(),
            notes_off: Count::default(),
            notes_unbound: Count::default(),
            notes_stolen: Count::default(),
            chunk_ms: Histogram::new(0.1),
            lead_beats: Histogram::new(0.01),
            heard_lag_beats: Histogram::new(0.01),
            model_failures: Count::default(),
            model_tokens: Count::default(),
            now: Default::default(),
            meters: Default::default(),
        }
    }
}

/// No chord, no section: what cannot be packed.
const NONE: i64 = -1;

impl Stats {
    /// Shows the moment. Its fields are written one by one, so a reader may see two moments mixed.
    ///
    /// Thread: audio. Real-time: yes.
    pub fn show(&self, now: &Now) {
        let Now { tick, bar, beat, running, chord, section, next, bpm, lead } = *now;
        let place = (i64::from(bar) << 16) | (i64::from(beat as u8) << 1) | i64::from(running);
        let (section, next) = (pack_section(Some(section)), pack_section(next));
        let values =
            [tick, place, pack_chord(chord), section, next, i64::from(bpm.to_bits()), i64::from(lead)];
        for (cell, value) in self.now.iter().zip(values) {
            cell.store(value, Relaxed);
        }
    }

    /// The moment.
    ///
    /// Thread: any. Real-time: yes.
    pub fn now(&self) -> Now {
        let [tick, place, chord, section, next, bpm, lead] =
            std::array::from_fn(|i| self.now[i].load(Relaxed));
        Now {
            tick,
            bar: (place >> 16) as i32,
            beat: ((place >> 1) & 0xFF) as i32,
            running: place & 1 == 1,
            chord: unpack_chord(chord),
            section: unpack_section(section).unwrap_or_default(),
            next: unpack_section(next),
            bpm: f32::from_bits(bpm as u32),
            lead: lead as i32,
        }
    }

    /// Shows a part's peak since the last time, as an amplitude.
    ///
    /// Thread: audio. Real-time: yes.
    pub fn show_level(&self, part: Part, peak: f32) {
        self.meters[part.index()].store(peak.to_bits(), Relaxed);
    }

    /// A part's peak in the last block.
    pub fn level(&self, part: Part) -> f32 {
        f32::from_bits(self.meters[part.index()].load(Relaxed))
    }
}

fn pack_chord(chord: Option<Chord>) -> i64 {
    chord.map_or(NONE, |c| i64::from(c.root) | i64::from(c.bass) << 8 | (c.quality as i64) << 16)
}

fn unpack_chord(packed: i64) -> Option<Chord> {
    let quality = Quality::all().nth((packed >> 16) as usize)?;
    (packed != NONE).then_some(Chord { root: packed as u8, quality, bass: (packed >> 8) as u8 })
}

fn pack_section(section: Option<Section>) -> i64 {
    section.map_or(NONE, |section| i64::from(u16::from_le_bytes(section.code())))
}

fn unpack_section(packed: i64) -> Option<Section> {
    Section::decode(u16::try_from(packed).ok()?.to_le_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Level;

    #[test]
    fn the_moment_comes_back_as_it_was_shown() {
        let stats = Stats::default();
        for (quality, level) in Quality::all().zip(Level::ALL.into_iter().cycle()) {
            let now = Now {
                tick: -17,
                bar: -1,
                beat: 3,
                running: true,
                chord: Some(Chord::new(7, quality).over(2)),
                section: Section::Fill(level),
                next: None,
                bpm: 133.25,
                lead: 4,
            };
            stats.show(&now);
            assert_eq!(stats.now(), now);
        }
        stats.show(&Now::default());
        assert_eq!(stats.now(), Now::default());
    }

    #[test]
    fn percentiles_are_read_to_the_width_of_a_bin() {
        let histogram = Histogram::new(0.1);
        (1..=100).for_each(|i| histogram.record(f64::from(i)));
        assert!((histogram.percentile(0.5) - 50.0).abs() <= 0.2);
        assert!((histogram.percentile(0.99) - 99.0).abs() <= 0.2);
        assert_eq!((histogram.n(), histogram.min(), histogram.max()), (100, 1.0, 100.0));
    }
}
