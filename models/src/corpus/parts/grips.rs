//! The onsets of a pitched part: what one hand strikes at once, on the grid.

use crate::corpus::Timing;
use crate::tokens::Length;

use super::stretch::Stretch;

/// Milliseconds between neighbours in a rolled chord.
const GAP_MS: f64 = 36.0;
/// Milliseconds from its first note to its last.
const SPAN_MS: f64 = 60.0;
/// Grid positions in a beat.
const BEAT: i64 = 12;

/// Keys that are struck together.
#[derive(Clone, Debug, PartialEq)]
pub struct Grip {
    /// Grid positions from the start of the stretch.
    pub at: i64,
    /// Where its middle note ends, on the same scale; after `at`.
    pub until: i64,
    /// The keys, ascending, each once.
    pub keys: Vec<u8>,
    /// Of the loudest; 0 is unknown.
    pub velocity: u8,
}

impl Grip {
    /// The beat in which it is struck.
    pub fn beat(&self) -> usize {
        (self.at / BEAT) as usize
    }

    /// Its position in the beat.
    pub fn position(&self) -> u8 {
        (self.at % BEAT) as u8
    }
}

/// Start, duration (ticks), key, velocity.
type Note = (i64, i64, u8, u8);

/// The grips of notes, which are sorted by their start.
pub fn grips(notes: &[Note], stretch: &Stretch<'_>) -> Vec<Grip> {
    let timing = timing(notes, stretch);
    let mut grips: Vec<Grip> = Vec::new();
    for struck in struck(notes, stretch) {
        let Some(grip) = grip(struck, stretch, &timing) else { continue };
        match grips.last_mut() {
            Some(last) if last.at >= grip.at => last.join(grip),
            _ => grips.push(grip),
        }
    }
    grips
}

/// How a pitched part lies on the grid, by the first note of each grip.
pub fn timing(notes: &[Note], stretch: &Stretch<'_>) -> Timing {
    let onsets: Vec<(i64, u8)> = struck(notes, stretch)
        .iter()
        .filter_map(|struck| struck.first())
        .map(|note| (note.0, note.3))
        .collect();
    Timing::measure(&onsets, stretch.beat())
}

/// The notes that are struck together.
fn struck<'a>(notes: &'a [Note], stretch: &Stretch<'_>) -> Vec<&'a [Note]> {
    let runs = notes.chunk_by(|a, b| stretch.ms(a.0, b.0) <= GAP_MS);
    runs.flat_map(|run| spans(run, stretch)).collect()
}

/// Where an onset of a stretch lies in grid positions from its start.
pub fn place(tick: i64, stretch: &Stretch<'_>, timing: &Timing) -> i64 {
    let (beat, position, _) = timing.place(tick, stretch.beat());
    (beat * BEAT + i64::from(position)).max(0)
}

/// Parts a run of close notes where it has become too long for one grip.
fn spans<'a>(run: &'a [Note], stretch: &Stretch<'_>) -> Vec<&'a [Note]> {
    let mut spans = Vec::new();
    let mut rest = run;
    while let Some(first) = rest.first() {
        let (span, others) =
            rest.split_at(rest.partition_point(|note| stretch.ms(first.0, note.0) <= SPAN_MS).max(1));
        spans.push(span);
        rest = others;
    }
    spans
}

/// Notes struck together; none where they belong to what comes after the stretch.
fn grip(struck: &[Note], stretch: &Stretch<'_>, timing: &Timing) -> Option<Grip> {
    let first = struck.first()?;
    let at = place(first.0, stretch, timing);
    let mut lengths: Vec<i64> = struck.iter().map(|note| note.1).collect();
    lengths.sort_unstable();
    let until = end(first.0, lengths[lengths.len() / 2], at, stretch, timing);
    let mut keys: Vec<u8> = struck.iter().map(|note| note.2).collect();
    keys.sort_unstable();
    keys.dedup();
    let velocity = struck.iter().map(|note| note.3).max().unwrap_or(0);
    (at < stretch.beats as i64 * BEAT).then_some(Grip { at, until, keys, velocity })
}

/// Where a note ends in grid positions: on the grid of the take if it is long, by its length if it is short.
pub fn end(tick: i64, duration: i64, at: i64, stretch: &Stretch<'_>, timing: &Timing) -> i64 {
    let short = duration * 3 <= stretch.beat();
    let by_length = (duration * BEAT + stretch.beat() / 2) / stretch.beat();
    let until = if short { at + by_length } else { place(tick + duration, stretch, timing) };
    until.max(at + 1)
}

impl Grip {
    /// Takes in what falls on the same position.
    fn join(&mut self, other: Grip) {
        self.keys.extend(other.keys);
        self.keys.sort_unstable();
        self.keys.dedup();
        self.until = self.until.max(other.until);
        self.velocity = self.velocity.max(other.velocity);
    }
}

/// How long each grip lasts, and for each beat whether what was struck before goes on.
pub fn lengths(grips: &[Grip], beats: usize) -> (Vec<Length>, Vec<bool>) {
    let mut ties = vec![false; beats];
    let next = |i: usize| grips.get(i + 1).map_or(i64::MAX, |next| next.at);
    let mut lengths = Vec::with_capacity(grips.len());
    for (i, grip) in grips.iter().enumerate() {
        let tied = tie(grip, next(i), &mut ties);
        lengths.push(if tied { Length::Tied } else { length(grip, next(i)) });
    }
    (lengths, ties)
}

/// Marks the beats into which a grip goes on, for half of the room there or more; whether there is one.
fn tie(grip: &Grip, next: i64, ties: &mut [bool]) -> bool {
    let mut tied = false;
    for (beat, tie) in ties.iter_mut().enumerate().skip(grip.beat() + 1) {
        let line = beat as i64 * BEAT;
        let room = next.min(line + BEAT) - line;
        if room <= 0 || 2 * (grip.until - line) < room {
            break;
        }
        (*tie, tied) = (true, true);
    }
    tied
}

/// The nearest length inside a beat.
fn length(grip: &Grip, next: i64) -> Length {
    let room = next.min((grip.beat() as i64 + 1) * BEAT) - grip.at;
    let lasts = (grip.until - grip.at).min(room) as f32;
    let classes = [(Length::Full, room), (Length::Half, 4), (Length::Short, 2), (Length::Dead, 1)];
    let fits = classes.into_iter().filter(|(class, length)| *class == Length::Full || *length < room);
    let far = |length: i64| (lasts / length as f32).ln().abs();
    fits.min_by(|a, b| far(a.1).total_cmp(&far(b.1))).map_or(Length::Full, |class| class.0)
}
