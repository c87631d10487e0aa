//! Does the band listen? Answers in the player's gaps, and a density that follows.

use engine::{Part, Tick};

use super::{Band, Share, Sounding};

/// A span in which the player strikes nothing, from half a beat after a stroke to the next one; it counts as a
/// gap where the player rests for a beat or more.
pub fn gaps(player: &[Sounding], beat: Tick, end: Tick) -> Vec<(Tick, Tick)> {
    let mut strokes: Vec<Tick> = player.iter().filter(|note| !note.moved).map(|note| note.on).collect();
    strokes.sort_unstable();
    let starts = [-beat / 2].into_iter().chain(strokes.iter().copied());
    let spans = starts.zip(strokes.iter().copied().chain([end])).map(|(from, to)| (from + beat / 2, to));
    spans.filter(|(from, to)| to - from >= beat).collect()
}

/// How many of the notes fall into the player's gaps.
pub fn answered<'a>(
    notes: impl IntoIterator<Item = &'a Sounding>,
    player: &[Sounding],
    beat: Tick,
    end: Tick,
) -> Share {
    let gaps = gaps(player, beat, end);
    Share::count(notes, |note| gaps.iter().any(|&(from, to)| (from..to).contains(&note.on)))
}

/// The onsets with which a band answers: comp, and the pieces of a fill (toms, and snare or crash in a fill).
pub fn answers(band: &Band) -> Vec<&Sounding> {
    let in_fill = |tick| matches!(band.section_at(tick), engine::Section::Fill(_));
    let speaks = |note: &&Sounding| match note.part {
        Part::Comp => true,
        Part::Drums => match note.key {
            41 | 43 | 45 | 47 | 48 | 50 => true,
            38 | 40 | 49 | 57 => in_fill(note.on),
            _ => false,
        },
        _ => false,
    };
    band.notes.iter().filter(|note| !note.moved).filter(speaks).collect()
}

/// By how much, of 1, the band's answers fall into the gaps of what it heard rather than into the gaps of the
/// same take moved by two beats. A band that listens is above 0.15; `None` where it says nothing.
pub fn listens(band: &Band, heard: &[Sounding]) -> Option<f64> {
    let into = |player: &[Sounding]| answered(answers(band), player, band.beat(), band.end).ratio();
    Some(into(heard)? - into(&shifted(heard, 2 * band.beat()))?)
}

/// The same notes, later.
pub fn shifted(notes: &[Sounding], by: Tick) -> Vec<Sounding> {
    notes.iter().map(|note| Sounding { on: note.on + by, off: note.off + by, ..*note }).collect()
}

/// Notes struck in each of `bars` bars; one a hair before a bar line belongs to the bar that begins.
pub fn per_bar<'a>(notes: impl IntoIterator<Item = &'a Sounding>, bar: Tick, bars: usize) -> Vec<f64> {
    let mut counts = vec![0.0; bars];
    for note in notes.into_iter().filter(|note| !note.moved) {
        let slot = usize::try_from((note.on + bar / 48).div_euclid(bar)).ok().and_then(|i| counts.get_mut(i));
        if let Some(count) = slot {
            *count += 1.0;
        }
    }
    counts
}

/// How the band's density goes with the player's: the correlation of onsets a bar, in the same bar or one
/// later, whichever is further from 0. `None` where either does not vary.
pub fn density_follows(band: &Band, part: Part) -> Option<f64> {
    let bars = band.bars();
    let player = per_bar(&band.performer, band.bar(), bars);
    let ours = per_bar(band.part(part), band.bar(), bars);
    let lags = [0, 1]
        .into_iter()
        .filter_map(|lag| correlation(&player[..bars.saturating_sub(lag)], ours.get(lag..)?));
    lags.max_by(|a, b| a.abs().total_cmp(&b.abs()))
}

/// How the band's dynamics go with the player's: correlation and slope of the mean velocity of each bar, where
/// both sound. `None` where the player's do not vary.
pub fn dynamics_follow(band: &Band) -> Option<(f64, f64)> {
    let bars = band.bars();
    let mean = |notes: &[Sounding]| -> Vec<Option<f64>> {
        let onsets = per_bar(notes, band.bar(), bars);
        let mut sums = vec![0.0; bars];
        for note in notes.iter().filter(|note| !note.moved && note.on >= 0) {
            sums[((note.on / band.bar()) as usize).min(bars - 1)] += f64::from(note.velocity);
        }
        sums.iter().zip(onsets).map(|(sum, n)| (n > 0.0).then(|| sum / n)).collect()
    };
    let pairs = mean(&band.performer).into_iter().zip(mean(&band.notes));
    let (player, ours): (Vec<f64>, Vec<f64>) = pairs.filter_map(|(a, b)| Some((a?, b?))).unzip();
    let r = correlation(&player, &ours)?;
    Some((r, r * spread(&ours) / spread(&player)))
}

/// Pearson's correlation; `None` where either side is flat or they are of unlike length.
pub fn correlation(a: &[f64], b: &[f64]) -> Option<f64> {
    if a.len() != b.len() || spread(a) <= 1e-9 || spread(b) <= 1e-9 {
        return None;
    }
    let (ma, mb) = (mean(a), mean(b));
    let product: f64 = a.iter().zip(b).map(|(x, y)| (x - ma) * (y - mb)).sum();
    Some(product / (spread(a) * spread(b)))
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// The root of the summed squares about the mean.
fn spread(values: &[f64]) -> f64 {
    let mean = mean(values);
    values.iter().map(|x| (x - mean).powi(2)).sum::<f64>().sqrt()
}
