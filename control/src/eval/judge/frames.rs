//! A performance by sixteenths: the melody, the chord, and what sounds. The field's measures count in these frames.

use engine::{Chord, TICKS_PER_QUARTER, Tick};

use super::harmony::SIXTEENTH;
use super::{Band, Share, Sounding};

/// Frames in a quarter note.
pub const PER_QUARTER: usize = (TICKS_PER_QUARTER / SIXTEENTH) as usize;

/// What is heard in each sixteenth.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frames {
    /// The highest key of the performer's melody.
    pub melody: Vec<Option<u8>>,
    /// The chord in the middle of the frame, where a late hand has settled.
    pub chords: Vec<Option<Chord>>,
    /// The pitch classes of bass, comp and pads in the middle of the frame, bit 0 = C.
    pub sounding: Vec<u16>,
}

impl Frames {
    /// A performance by frames; the performer's keys from `split` on are the melody.
    pub fn of(band: &Band, split: u8) -> Frames {
        let n = usize::try_from(band.end / SIXTEENTH).unwrap_or(0);
        let mut frames = Frames { melody: vec![None; n], chords: vec![None; n], sounding: vec![0; n] };
        for note in band.performer.iter().filter(|note| note.key >= split) {
            frames.melody[span(note, n)].iter_mut().for_each(|top| *top = (*top).max(Some(note.key)));
        }
        for (from, to, chord) in band.spans() {
            frames.chords[middles(from, to, n)].fill(Some(chord));
        }
        for note in band.notes.iter().filter(|note| note.part.is_pitched()) {
            frames.sounding[middles(note.on, note.off, n)]
                .iter_mut()
                .for_each(|set| *set |= 1 << (note.key % 12));
        }
        frames
    }

    /// How many frames there are.
    pub fn len(&self) -> usize {
        self.melody.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.melody.is_empty()
    }

    /// The pitch classes of the chord in a frame; none where there is no chord.
    fn chord_pcs(&self, frame: usize) -> u16 {
        self.chords[frame].map_or(0, Chord::pcs)
    }

    /// How much of the melody lies in the chord; frames without melody or chord are not counted.
    pub fn in_chord(&self) -> Share {
        self.inside(0..self.len(), 0, |frame| self.chord_pcs(frame))
    }

    /// How much of the melody is doubled, at any octave, by what bass, comp and pads sound.
    pub fn in_sound(&self) -> Share {
        self.inside(0..self.len(), 0, |frame| self.sounding[frame])
    }

    /// The share of the melody in the chord, quarter by quarter.
    pub fn in_chord_by_quarter(&self) -> Vec<Share> {
        let quarters = (0..self.len()).step_by(PER_QUARTER);
        quarters
            .map(|from| self.inside(from..(from + PER_QUARTER).min(self.len()), 0, |i| self.chord_pcs(i)))
            .collect()
    }

    /// How much of the melody, `shift` semitones lower, lies in what `set` gives for its frame.
    fn inside(&self, span: std::ops::Range<usize>, shift: u8, set: impl Fn(usize) -> u16) -> Share {
        let valid = span.filter_map(|i| Some((self.melody[i]?, set(i)))).filter(|(_, set)| *set != 0);
        Share::count(valid, |(key, set)| set >> ((key + 12 - shift) % 12) & 1 == 1)
    }

    /// Pitch classes of a chord, in the mean of the frames that have a melody and a chord.
    pub fn chord_size(&self) -> Option<f64> {
        self.size(|frame| self.chord_pcs(frame))
    }

    /// Pitch classes that bass, comp and pads sound, in the mean of the frames in which there is a melody and they do.
    pub fn sound_size(&self) -> Option<f64> {
        self.size(|frame| self.sounding[frame])
    }

    fn size(&self, set: impl Fn(usize) -> u16) -> Option<f64> {
        let sets = (0..self.len()).filter(|&i| self.melody[i].is_some()).map(set).filter(|set| *set != 0);
        let sizes: Vec<u32> = sets.map(u16::count_ones).collect();
        (!sizes.is_empty()).then(|| f64::from(sizes.iter().sum::<u32>()) / sizes.len() as f64)
    }

    /// How many frames of the melody have no chord.
    pub fn without_chord(&self) -> Share {
        self.bare(|frame| self.chords[frame].is_none())
    }

    /// How many frames of the melody have neither bass, comp nor pads.
    pub fn without_sound(&self) -> Share {
        self.bare(|frame| self.sounding[frame] == 0)
    }

    /// The first half bar is forgiven: nobody can answer what was not played yet.
    fn bare(&self, is_bare: impl Fn(usize) -> bool) -> Share {
        const FORGIVEN: usize = 8;
        Share::count((FORGIVEN..self.len()).filter(|&i| self.melody[i].is_some()), is_bare)
    }

    /// By how much, in log-odds, the melody lies more in these chords than in the same chords moved by each other
    /// interval. A chord that never changes, whatever the key, has about 0 in the mean of many songs.
    pub fn margin(&self) -> Option<f64> {
        let odds = |share: Share| {
            let (hits, misses) = (share.hits as f64 + 0.5, (share.of - share.hits) as f64 + 0.5);
            (hits / misses).ln()
        };
        let moved = |shift: u8| self.inside(0..self.len(), shift, |frame| self.chord_pcs(frame));
        let others: f64 = (1..12).map(|shift| odds(moved(shift))).sum::<f64>() / 11.0;
        (self.in_chord().of > 0).then(|| odds(moved(0)) - others)
    }
}

/// The frames that a note fills, to the nearest, and at least one where there is room.
fn span(note: &Sounding, frames: usize) -> std::ops::Range<usize> {
    let nearest = |tick: Tick| usize::try_from((tick + SIXTEENTH / 2).div_euclid(SIXTEENTH)).unwrap_or(0);
    let from = nearest(note.on).min(frames);
    from..nearest(note.off).max(from + 1).min(frames)
}

/// The frames whose middle lies in a span of ticks.
fn middles(from: Tick, to: Tick, frames: usize) -> std::ops::Range<usize> {
    let first = |tick: Tick| {
        usize::try_from((tick + SIXTEENTH / 2 - 1).div_euclid(SIXTEENTH)).unwrap_or(0).min(frames)
    };
    first(from)..first(to).max(first(from))
}
