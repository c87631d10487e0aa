//! Measures the feel of the corpus's drummers: how late and how loud each piece is at each place of the beat.

use std::collections::BTreeMap;

use super::style::style_of;
use super::{Song, Timing};
use crate::groove::feel::cell::{Case, Energy, Group, Piece, Place};

/// Ticks of a beat in the corpus.
const BEAT: i64 = 480;
/// Below this a stroke of the snare is a ghost.
const GHOST: u8 = 50;

/// A stroke of a take, on the grid.
#[derive(Clone, Copy, Debug)]
pub struct Stroke {
    pub case: Case,
    /// Beat of the take.
    pub beat: i64,
    /// Grid position.
    pub position: u8,
    /// Place in the bar, in grid positions.
    pub slot: i64,
    /// Milliseconds behind the grid.
    pub late: f32,
    /// As played.
    pub velocity: f32,
}

/// The strokes of a drummer's groove; none of a fill, and of a take without a tempo or with a compound metre.
pub fn strokes(song: &Song) -> Vec<Stroke> {
    let (Some(bpm), Some("beat"), [(0, beats, 4)]) = (song.bpm, song.kind.as_deref(), &song.meters[..]) else {
        return Vec::new();
    };
    let notes = song.part("drums");
    let onsets: Vec<_> = notes.iter().map(|note| (note.0, note.3)).collect();
    let timing = Timing::measure(&onsets, BEAT);
    let energy = Energy::of(loudness(notes.iter().map(|note| note.3)));
    let group = Group::of(style_of(song));
    let on_grid = |note: &(i64, i64, u8, u8)| {
        let (beat, position, micro) = timing.place(note.0, BEAT);
        let piece = Piece::of(note.2, note.3 < GHOST)?;
        Some(Stroke {
            case: Case { group, piece, place: Place::of(position), energy },
            beat,
            position,
            slot: beat.rem_euclid(i64::from(*beats)) * 12 + i64::from(position),
            late: micro * 60_000.0 / bpm as f32,
            velocity: f32::from(note.3),
        })
    };
    notes.iter().filter_map(on_grid).collect()
}

fn loudness(velocities: impl Iterator<Item = u8>) -> f32 {
    let loud: Vec<f32> = velocities.filter(|velocity| *velocity >= GHOST).map(f32::from).collect();
    loud.iter().sum::<f32>() / loud.len().max(1) as f32
}

/// Exploration.
pub fn explore(takes: &[Vec<Stroke>]) {
    let mut cells: BTreeMap<String, [f64; 16]> = BTreeMap::new();
    for take in takes {
        if take.len() < 40 { continue; }
        let mut by: BTreeMap<Case, Vec<&Stroke>> = BTreeMap::new();
        for s in take { by.entry(s.case).or_default().push(s); }
        by.retain(|_, s| s.len() >= 4);
        let mean: BTreeMap<Case, f32> = by.iter().map(|(c, s)| (*c, s.iter().map(|s| s.late).sum::<f32>() / s.len() as f32)).collect();
        let mut beats: BTreeMap<i64, Vec<f64>> = BTreeMap::new();
        let mut slots: BTreeMap<(i64, u8), Vec<(Piece, f64)>> = BTreeMap::new();
        let mut all = 0.0; let mut n = 0.0;
        for s in take { if let Some(m) = mean.get(&s.case) {
            let r = f64::from(s.late - m); all += r * r; n += 1.0;
            if s.case.place == Place::Between { continue; }
            beats.entry(s.beat).or_default().push(r);
            slots.entry((s.beat, s.position)).or_default().push((s.case.piece, r));
        } }
        let w: BTreeMap<i64, f64> = beats.iter().map(|(b, r)| (*b, r.iter().sum::<f64>() / r.len() as f64)).collect();
        let keys = [format!("{:?}", take[0].case.group), format!("all"), format!("{:?}", take[0].case.energy)];
        for k in keys {
            let x = cells.entry(k).or_default();
            x[14] += all; x[15] += n;
            for v in slots.values() { for (i, a) in v.iter().enumerate() { for b in &v[..i] { if a.0 != b.0 { x[0] += a.1 * b.1; x[1] += 1.0; } } } }
            for (j, lag) in [1, 2, 4, 8, 16].into_iter().enumerate() {
                for (b, r) in &w { if let Some(o) = w.get(&(b + lag)) { x[2 + 2 * j] += r * o; x[3 + 2 * j] += 1.0; } }
            }
        }
    }
    for (k, x) in &cells {
        println!("{k:<10} n {} sd {:.1} together {:.1} lag1 {:.1} lag2 {:.1} lag4 {:.1} lag8 {:.1} lag16 {:.1}", x[15], (x[14]/x[15]).sqrt(), (x[0]/x[1]), x[2]/x[3], x[4]/x[5], x[6]/x[7], x[8]/x[9], x[10]/x[11]);
    }
}
