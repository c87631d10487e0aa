//! How well the chords of melody mode suit songs that were not counted: note-in-chord and its guards.

use engine::Chord;
use engine::audio::melody::Follower;
use engine::audio::melody::states::{QUALITIES, number};
use engine::audio::melody::tables::{Sound, Style};

use super::prompter::Prompter;
use super::sheet::{BEAT, Sheet};

/// Beats of melody after which it is pushed: the field's own, and more for sets of few songs.
pub const PUSHES: [usize; 4] = [16, 32, 48, 64];

/// What the follower may know.
#[derive(Clone, Copy)]
#[allow(missing_debug_implementations, reason = "a function has none")]
pub struct Protocol<'a> {
    /// Whether a note on the beat is heard before the beat's chord is chosen, as on stage; else it is as in the
    /// literature: twelfth t is never heard before the chord of twelfth t is out.
    pub is_live: bool,
    /// Makes somebody for each song who expects chords.
    pub prompter: &'a dyn Fn(&Sheet) -> Box<dyn Prompter>,
}

/// What was measured on one song.
#[derive(Clone, Copy, Debug, Default)]
pub struct Judged {
    /// Share of the melody's time in which its note is in the chord.
    pub in_chord: f64,
    /// The same for the song's own chords.
    pub human_in_chord: f64,
    /// Share of the melody's time in which the root is that of the song's own chord.
    pub root: f64,
    /// Changes of root in a bar.
    pub moves: f64,
    /// The same for the song's own chords.
    pub human_moves: f64,
    /// Beats of the median chord.
    pub median: f64,
    /// Share of the melody's time without a chord, after its first two beats.
    pub silence: f64,
    /// Pitch classes of a chord.
    pub tones: f64,
    /// How much likelier the notes are over these chords than over the same chords shifted by the best of the
    /// eleven other intervals, in nats a twelfth.
    pub margin: f64,
}

/// Follows a song and measures the chords.
pub fn judge(follower: &Follower, sheet: &Sheet, protocol: Protocol<'_>, bearing: &Bearing) -> Judged {
    let chords = follow(follower, sheet, protocol);
    let human: Vec<_> = sheet.twelfths.iter().map(|at| at.chord).collect();
    let bars = |chords: &[Option<Chord>]| {
        let beats_per_bar: i32 = sheet.beats.iter().map(|beat| beat.beats_per_bar).sum();
        let per_bar = f64::from(beats_per_bar) / sheet.beats.len().max(1) as f64;
        (chords.iter().flatten().count() as f64 / BEAT as f64 / per_bar).max(1.0)
    };
    let tones: usize = chords.iter().flatten().map(|chord| chord.quality.intervals().len()).sum();
    Judged {
        in_chord: in_chord(sheet, &chords),
        human_in_chord: in_chord(sheet, &human),
        root: root(sheet, &chords),
        moves: moves(&chords) / bars(&chords),
        human_moves: moves(&human) / bars(&human),
        median: median(&chords),
        silence: silence(sheet, &chords),
        tones: tones as f64 / chords.iter().flatten().count().max(1) as f64,
        margin: margin(sheet, &chords, bearing),
    }
}

/// The chord of each twelfth.
fn follow(follower: &Follower, sheet: &Sheet, protocol: Protocol<'_>) -> Vec<Option<Chord>> {
    let mut follower = follower.clone();
    let mut prompter = (protocol.prompter)(sheet);
    let mut chords = Vec::with_capacity(sheet.twelfths.len());
    for (beat, pulse) in sheet.beats.iter().enumerate() {
        let twelfths = &sheet.twelfths[beat * BEAT..][..BEAT];
        let before = beat.checked_sub(1).and_then(|last| sheet.twelfths[last * BEAT + BEAT - 1].key);
        let pitch_class = |key: Option<u8>| key.map(|key| key % 12);
        let first = twelfths[0];
        let struck = first.key.filter(|_| first.is_struck);
        if let Some(key) = struck.filter(|_| protocol.is_live) {
            follower.struck(key % 12, true);
        }
        let sounding = pitch_class(if protocol.is_live { first.key } else { before });
        let expected = prompter.expect(sheet, beat);
        follower.beat(pulse.place, pulse.beats_per_bar, sounding, expected);
        for (i, at) in twelfths.iter().enumerate() {
            let chord = follower.chord();
            if let Some(key) = at.key.filter(|_| at.is_struck && !(i == 0 && protocol.is_live)) {
                follower.struck(key % 12, i == 0);
            }
            follower.twelfth(pitch_class(at.key));
            chords.push(if protocol.is_live { follower.chord() } else { chord });
        }
        prompter.hear(sheet, beat, follower.chord());
    }
    chords
}

fn has(chord: Chord, key: u8) -> bool {
    chord.over(chord.root).holds(key)
}

/// Melody and chord of each twelfth that has both.
fn pairs<'a>(sheet: &'a Sheet, chords: &'a [Option<Chord>]) -> impl Iterator<Item = (u8, Chord)> + 'a {
    sheet.twelfths.iter().zip(chords).filter_map(|(at, chord)| at.key.zip(*chord))
}

fn in_chord(sheet: &Sheet, chords: &[Option<Chord>]) -> f64 {
    mean(pairs(sheet, chords).map(|(key, chord)| f64::from(u8::from(has(chord, key)))))
}

fn root(sheet: &Sheet, chords: &[Option<Chord>]) -> f64 {
    let sung = sheet.twelfths.iter().zip(chords).filter(|(at, _)| at.key.is_some());
    let both = sung.filter_map(|(at, chord)| at.chord.zip(*chord));
    mean(both.map(|(theirs, ours)| f64::from(u8::from(theirs.root == ours.root))))
}

fn moves(chords: &[Option<Chord>]) -> f64 {
    let roots: Vec<u8> = chords.iter().flatten().map(|chord| chord.root).collect();
    roots.windows(2).filter(|pair| pair[0] != pair[1]).count() as f64
}

fn median(chords: &[Option<Chord>]) -> f64 {
    let held: Vec<Chord> = chords.iter().flatten().copied().collect();
    let mut beats: Vec<usize> = held.chunk_by(|a, b| a == b).map(<[Chord]>::len).collect();
    beats.sort_unstable();
    beats.get(beats.len() / 2).map_or(0.0, |twelfths| *twelfths as f64 / BEAT as f64)
}

fn silence(sheet: &Sheet, chords: &[Option<Chord>]) -> f64 {
    let sung = sheet.twelfths.iter().zip(chords).filter(|(at, _)| at.key.is_some());
    mean(sung.skip(2 * BEAT).map(|(_, chord)| f64::from(u8::from(chord.is_none()))))
}

/// Log-odds against the best shift, by how often each tone lies above the root of a quality.
fn margin(sheet: &Sheet, chords: &[Option<Chord>], bearing: &Bearing) -> f64 {
    let score = |shift: u8| {
        mean(pairs(sheet, chords).map(|(key, chord)| {
            bearing[number(chord, chord.root)][usize::from((key + 24 - chord.root - shift) % 12)]
        }))
    };
    score(0) - (1..12).map(score).fold(f64::MIN, f64::max)
}

/// For each quality the logarithm of how often each tone above its root is sung, whatever the style.
type Bearing = [[f64; 12]; QUALITIES.len()];

/// What the tables say of the tones over each quality.
pub fn bearing(styles: &[Style]) -> Bearing {
    let mut sums = [[0.0; 12]; QUALITIES.len()];
    for style in styles {
        for (state, notes) in style.notes[Sound::Held as usize].iter().enumerate() {
            for (tone, p) in notes.iter().enumerate() {
                let above_root = (tone + 12 - state / QUALITIES.len()) % 12;
                sums[state % QUALITIES.len()][above_root] += f64::from(p * style.first[state]);
            }
        }
    }
    sums.map(|row| row.map(|sum| (sum / row.iter().sum::<f64>()).ln()))
}

/// Note-in-chord of the eight beats before a push by so many semitones and the 16 after it, over several songs, each
/// pushed after so many beats of its melody in turn.
pub fn pushed(
    follower: impl Fn(&Sheet) -> Follower,
    sheets: &[&Sheet],
    semitones: u8,
    after: &[usize],
    protocol: Protocol<'_>,
) -> Vec<f64> {
    let push = |sheet, after| push(&follower(sheet), sheet, semitones, after, protocol);
    let all = sheets.iter().flat_map(|sheet| after.iter().map(move |after| (*sheet, *after)));
    let curves: Vec<Vec<f64>> = all.filter_map(|(sheet, after)| push(sheet, after)).collect();
    let at = |beat: usize| mean(curves.iter().map(|curve| curve[beat]).filter(|share| !share.is_nan()));
    (0..24).map(at).collect()
}

/// Beats until the melody is in the chord again as often as before a push, to a twentieth; none if it never is.
pub fn recovery(pushed: &[f64]) -> Option<usize> {
    let before = mean(pushed[..8].iter().copied());
    pushed[8..].windows(2).position(|pair| (pair[0] + pair[1]) / 2.0 >= 0.95 * before)
}

/// Note-in-chord of the eight beats before the push and the 16 after it; none where the song is too short.
fn push(
    follower: &Follower,
    sheet: &Sheet,
    semitones: u8,
    after: usize,
    protocol: Protocol<'_>,
) -> Option<Vec<f64>> {
    let first = sheet.twelfths.iter().position(|at| at.key.is_some())? / BEAT;
    let beat = (first + after..sheet.beats.len()).find(|beat| sheet.beats[*beat].place == 0)?;
    let mut pushed = sheet.pushed(semitones, beat);
    (beat + 16 <= pushed.beats.len()).then(|| {
        pushed.beats.truncate(beat + 16);
        pushed.twelfths.truncate((beat + 16) * BEAT);
        let chords = follow(follower, &pushed, protocol);
        let share = |beat: usize| {
            let span = beat * BEAT..(beat + 1) * BEAT;
            let sung = pushed.twelfths[span.clone()].iter().zip(&chords[span]);
            let held = sung.filter_map(|(at, chord)| at.key.zip(*chord));
            mean(held.map(|(key, chord)| f64::from(u8::from(has(chord, key)))))
        };
        (beat - 8..beat + 16).map(share).collect()
    })
}

/// Not a number where there is nothing.
fn mean(numbers: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0);
    for number in numbers {
        sum += number;
        count += 1.0;
    }
    sum / count
}
