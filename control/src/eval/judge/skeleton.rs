//! The bones of a bar: kick, snare and bass on the grid, without swing, velocity and the looseness of hands.

use std::collections::BTreeSet;

use engine::{POSITIONS, Part, Tick};

use super::{Band, Share, Sounding};

/// Bars of a phrase.
const PHRASE: usize = 8;

/// What is struck in a bar: place in twelfths of a beat, and kick, snare or bass.
pub type Bar = BTreeSet<(u16, Bone)>;

/// What a skeleton is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bone {
    /// Keys 35 and 36, louder than 50.
    Kick,
    /// Keys 37, 38 and 40, louder than 50.
    Snare,
    /// Any onset of the bass.
    Bass,
}

/// The skeleton of every bar, unswung, on the grid that fits its notes best: of four or of three places a beat, or
/// of six in a compound meter. People are looser than a twelfth of a beat is wide.
pub fn skeleton(band: &Band) -> Vec<Bar> {
    let mut bars = vec![Bar::new(); band.bars()];
    let swing = Swing::of(band);
    let bones: Vec<(f64, Bone)> = band
        .notes
        .iter()
        .filter_map(|note| Some((swing.straight(note.on, band.beat()), bone(note)?)))
        .collect();
    let twelfths = mesh(band, &bones);
    let grid = band.beat() as f64 / f64::from(POSITIONS) * twelfths as f64;
    let per_bar = band.bar() / (band.beat() / Tick::from(POSITIONS));
    for (tick, bone) in bones {
        let position = (tick / grid).round() as Tick * twelfths;
        let place = (position.rem_euclid(per_bar) as u16, bone);
        if let Some(bar) =
            usize::try_from(position.div_euclid(per_bar)).ok().and_then(|bar| bars.get_mut(bar))
        {
            bar.insert(place);
        }
    }
    bars
}

/// Twelfths of a beat from place to place of the grid.
fn mesh(band: &Band, bones: &[(f64, Bone)]) -> Tick {
    if band.grid.meter.is_compound() {
        return 2;
    }
    let beat = band.beat() as f64;
    let away = |parts: f64| -> f64 {
        // In shares of its own mesh, or the finer one would always be nearer.
        bones.iter().map(|(tick, _)| tick * parts / beat).map(|place| (place - place.round()).abs()).sum()
    };
    if away(3.0) < away(4.0) { 4 } else { 3 }
}

fn bone(note: &Sounding) -> Option<Bone> {
    match (note.part, note.key) {
        (Part::Drums, 35 | 36) if note.velocity > 50 => Some(Bone::Kick),
        (Part::Drums, 37 | 38 | 40) if note.velocity > 50 => Some(Bone::Snare),
        (Part::Bass, _) if !note.moved => Some(Bone::Bass),
        _ => None,
    }
}

/// How many bars differ from the one `lag` bars before.
pub fn changes(bars: &[Bar], lag: usize) -> Share {
    Share::count(lag..bars.len(), |i| bars[i] != bars[i - lag])
}

/// How often the skeleton is new, differing from each of the bars 1, 2 and 4 before: at bars 4 and 8 of each
/// phrase, and elsewhere. The first four bars have nothing to differ from.
///
/// A return to the groove after a fill is not new, nor is the second bar of a two-bar pattern.
pub fn news(bars: &[Bar]) -> (Share, Share) {
    let is_new = |i: usize| [1, 2, 4].into_iter().all(|lag| bars[i] != bars[i - lag]);
    let (ends, elsewhere): (Vec<usize>, Vec<usize>) =
        (4..bars.len()).partition(|i| matches!(i % PHRASE, 3 | 7));
    (Share::count(ends, is_new), Share::count(elsewhere, is_new))
}

/// Where the beats and the off-beats lie, the latter as a share of the beat and of the half beat.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Swing {
    /// How late the drums are at the beats, in the median, in ticks.
    pub offset: f64,
    /// Of the eighth: 0.5 is straight, 0.667 a triplet.
    pub eighths: f64,
    /// Of the sixteenth.
    pub sixteenths: f64,
}

impl Swing {
    /// The swing of the drums: where most off-beat onsets gather.
    pub fn of(band: &Band) -> Swing {
        let offset = super::drumming::offset(band);
        let onsets = || band.struck(Part::Drums).map(|note| note.on as f64 - offset);
        let beat = band.beat() as f64;
        let eighths = gathering(onsets(), beat);
        let halves = onsets().map(|on| warp(on, beat, eighths));
        Swing { offset, eighths, sixteenths: gathering(halves, beat / 2.0) }
    }

    /// Where a tick would lie without the swing.
    pub fn straight(&self, tick: Tick, beat: Tick) -> f64 {
        let eighths = warp(tick as f64 - self.offset, beat as f64, self.eighths);
        warp(eighths, beat as f64 / 2.0, self.sixteenths)
    }
}

/// Moves the off-beat of a unit to its middle, and what lies between in proportion.
fn warp(tick: f64, unit: f64, off_beat: f64) -> f64 {
    let (start, place) = ((tick / unit).floor() * unit, (tick / unit).rem_euclid(1.0));
    let straight = if place < off_beat {
        place / off_beat / 2.0
    } else {
        0.5 + (place - off_beat) / (1.0 - off_beat) / 2.0
    };
    start + straight * unit
}

/// The share of a unit around which most onsets between 0.45 and 0.72 lie; 0.5 where they are few or straight.
fn gathering(onsets: impl Iterator<Item = f64>, unit: f64) -> f64 {
    /// Half the width of a heap.
    const NEAR: f64 = 0.03;
    let places: Vec<f64> =
        onsets.map(|on| (on / unit).rem_euclid(1.0)).filter(|place| (0.45..0.72).contains(place)).collect();
    let heap = |centre: f64| places.iter().copied().filter(move |place| (place - centre).abs() <= NEAR);
    let fullest = places.iter().copied().max_by_key(|&centre| heap(centre).count());
    let Some(centre) = fullest.filter(|&centre| heap(centre).count() >= 4) else { return 0.5 };
    heap(centre).sum::<f64>() / heap(centre).count() as f64
}
