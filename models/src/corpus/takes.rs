//! Songs of the corpus as takes for judging: a performer with the melody and a left hand, beside him what people played.

use std::fmt;
use std::str::FromStr;

use engine::tape::MidiWriter;
use engine::{Chord, Meter, Part, Quality, Sounded, SoundedKind, Tick};

use super::{Harmony, Song};

/// Ticks of the engine for one of the corpus.
const SCALE: Tick = 2;
/// The lowest key of the right hand: the engine's split.
const SPLIT: u8 = 54;
/// The lowest bass of a left hand in close position: it stays below the split.
const LOWEST: u8 = 31;
/// The velocity of a left hand, and of notes that have none.
const PLAIN: u8 = 76;
/// Where the song has no tempo: quarters a minute.
const TEMPO: f64 = 120.0;
/// Fewer bars say nothing.
const LEAST_BARS: Tick = 8;

/// What the performer's left hand does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftHand {
    /// Nothing: the melody decides the chord.
    None,
    /// The song's chords in close position; where it has none, I vi ii V in C.
    Chords,
    /// The whole comping part of the song, which is then no part of the band's.
    Comp,
}

impl FromStr for LeftHand {
    type Err = String;

    fn from_str(text: &str) -> Result<LeftHand, String> {
        match text {
            "none" => Ok(LeftHand::None),
            "chords" => Ok(LeftHand::Chords),
            "comp" => Ok(LeftHand::Comp),
            _ => Err(format!("{text}: expected none, chords or comp")),
        }
    }
}

/// Why a song is no take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// The band cannot play its meter, or it changes.
    Meter,
    /// It is shorter than eight bars.
    Short,
    /// The performer has nothing to play.
    Silent,
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Unfit::Meter => "its meter changes or is none that the band can play",
            Unfit::Short => "it is shorter than eight bars",
            Unfit::Silent => "it has nothing for the performer",
        })
    }
}

impl std::error::Error for Unfit {}

/// The set that a song is judged in: drummers by their first style word, since each style has its own habits.
pub fn set_of(song: &Song) -> String {
    match song.style.first().filter(|_| song.set == "gmd") {
        Some(style) => format!("gmd-{style}"),
        None => song.set.clone(),
    }
}

/// A song as a MIDI file: tracks `performer`, `drums`, `bass`, `comp`, `pads`, and markers in `chords`.
///
/// The melody is moved up by octaves until it lies above the split. The bass of `wjd` is left out: a machine made it.
///
/// # Errors
/// If it cannot be a take.
pub fn take(song: &Song, left: LeftHand) -> Result<Vec<u8>, Unfit> {
    let meter = meter(song).ok_or(Unfit::Meter)?;
    let end = song.end() * SCALE;
    if end < LEAST_BARS * meter.ticks_per_bar() {
        return Err(Unfit::Short);
    }
    let mut events = vec![(0, SoundedKind::Meter(meter)), (0, SoundedKind::Tempo(tempo(song, meter)))];
    let performer = performer(song, left, meter, end);
    if performer.is_empty() {
        return Err(Unfit::Silent);
    }
    events.extend(strokes(Part::Lead, performer));
    for part in Part::BAND.into_iter().filter(|part| is_human(song, *part, left)) {
        events.extend(strokes(part, song.part(part.name()).iter().copied()));
    }
    events.extend(markers(&song.harmony().collect::<Vec<_>>()));
    // What ends at a tick ends before what begins there.
    events.sort_by_key(|(tick, kind)| (*tick, matches!(kind, SoundedKind::On { .. })));
    let mut file = MidiWriter::default();
    events.into_iter().for_each(|(tick, kind)| file.write(&Sounded { frame: 0, tick, kind }));
    file.bytes().map_err(|_| Unfit::Silent)
}

/// The one meter of a song; a bar of two halves is one of four quarters.
fn meter(song: &Song) -> Option<Meter> {
    match song.meters.as_slice() {
        [(_, 2, 2)] => Some(Meter::COMMON),
        [(_, numerator, denominator)] => Meter::new(*numerator, *denominator),
        _ => None,
    }
}

/// Felt pulses a minute.
fn tempo(song: &Song, meter: Meter) -> f32 {
    let quarters = song.bpm.unwrap_or(TEMPO);
    (quarters * engine::TICKS_PER_QUARTER as f64 / meter.ticks_per_beat() as f64) as f32
}

/// Whether people played a part of the band, and not the performer or a machine.
fn is_human(song: &Song, part: Part, left: LeftHand) -> bool {
    match part {
        Part::Bass => song.set != "wjd",
        Part::Comp => left != LeftHand::Comp,
        _ => true,
    }
}

type Notes = Vec<(i64, i64, u8, u8)>;

fn performer(song: &Song, left: LeftHand, meter: Meter, end: Tick) -> Notes {
    let mut notes = lifted(song.part("melody"));
    match left {
        LeftHand::None => {}
        LeftHand::Comp => notes.extend(song.part("comp")),
        LeftHand::Chords if song.chords.is_empty() => notes.extend(vamp(meter, end)),
        LeftHand::Chords => {
            let sounding = song.harmony().filter_map(|harmony| Some((harmony, harmony.chord?)));
            notes.extend(sounding.flat_map(|(at, chord)| hand(at.tick, at.duration, chord)));
        }
    }
    notes.sort_unstable();
    notes
}

/// A melody above the split: all of it by as many octaves as it takes, and no key above 108 for that.
fn lifted(melody: &[(i64, i64, u8, u8)]) -> Notes {
    const HIGHEST: u8 = 108;
    let lowest = melody.iter().map(|note| note.2).min().unwrap_or(SPLIT);
    let highest = melody.iter().map(|note| note.2).max().unwrap_or(SPLIT);
    let wanted = SPLIT.saturating_sub(lowest).div_ceil(12);
    let octaves = wanted.min(HIGHEST.saturating_sub(highest) / 12);
    let lift = |key: u8| (key + 12 * octaves..128).step_by(12).find(|key| *key >= SPLIT).unwrap_or(key);
    melody.iter().map(|&(tick, duration, key, velocity)| (tick, duration, lift(key), velocity)).collect()
}

/// A chord in close position above its bass, let go a little before the next one.
fn hand(tick: i64, duration: i64, chord: Chord) -> impl Iterator<Item = (i64, i64, u8, u8)> {
    let bass = LOWEST + (chord.bass + 12 - LOWEST % 12) % 12;
    let held = (duration - 30).max(duration / 2);
    (bass..bass + 12).filter(move |key| chord.holds(*key)).map(move |key| (tick, held, key, PLAIN))
}

/// I vi ii V in C, a chord a bar.
fn vamp(meter: Meter, end: Tick) -> impl Iterator<Item = (i64, i64, u8, u8)> {
    const VAMP: [Chord; 4] = [
        Chord::new(0, Quality::Maj7),
        Chord::new(9, Quality::Min7),
        Chord::new(2, Quality::Min7),
        Chord::new(7, Quality::Dom7),
    ];
    let bar = meter.ticks_per_bar() / SCALE;
    let bars = (0..end / SCALE / bar).zip(VAMP.into_iter().cycle());
    bars.flat_map(move |(n, chord)| hand(n * bar, bar, chord))
}

/// The notes of a part as they begin and end, in the engine's ticks.
fn strokes(
    part: Part,
    notes: impl IntoIterator<Item = (i64, i64, u8, u8)>,
) -> impl Iterator<Item = (Tick, SoundedKind)> {
    notes.into_iter().flat_map(move |(tick, duration, key, velocity)| {
        let velocity = if velocity == 0 { PLAIN } else { velocity };
        let on = SoundedKind::On { part, key, velocity, moved: false };
        [(tick * SCALE, on), ((tick + duration.max(1)) * SCALE, SoundedKind::Off { part, key })]
    })
}

/// Chords where they begin, and none where one ends and nothing follows at once.
fn markers(harmony: &[Harmony]) -> Vec<(Tick, SoundedKind)> {
    let mut markers = Vec::new();
    let mut mark = |tick: i64, chord| {
        markers.push((tick * SCALE, SoundedKind::Chord { chord, since: tick * SCALE }));
    };
    for (i, at) in harmony.iter().enumerate() {
        mark(at.tick, at.chord);
        let end = at.tick + at.duration;
        if harmony.get(i + 1).is_none_or(|next| next.tick > end) {
            mark(end, None);
        }
    }
    markers
}

#[cfg(test)]
mod tests {
    use super::*;

    fn song(line: &str) -> Song {
        serde_json::from_str(line).unwrap()
    }

    /// Eight bars of four with a low melody.
    fn ballad() -> Song {
        song(
            r#"{"id":"x:1","set":"x","split":"valid","licence":"","bpm":90.0,"meters":[[0,4,4]],
            "chords":[[0,7680,0,"maj",4],[7680,7680,5,"7",5]],
            "parts":{"melody":[[0,480,48,0],[480,480,72,90]],"drums":[[0,60,36,100]],"comp":[[0,480,60,70]]}}"#,
        )
    }

    fn read(left: LeftHand) -> engine::take::Take {
        engine::take::Take::read(&take(&ballad(), left).unwrap()).unwrap()
    }

    fn keys(take: &engine::take::Take) -> Vec<(Tick, u8)> {
        let key = |event: &(Tick, engine::EventKind)| match event.1 {
            engine::EventKind::NoteOn { key, .. } => Some((event.0, key)),
            _ => None,
        };
        take.events().iter().filter_map(key).collect()
    }

    #[test]
    fn the_melody_lies_above_the_split_and_keeps_its_shape() {
        assert_eq!(keys(&read(LeftHand::None)), [(0, 60), (960, 84)]);
    }

    #[test]
    fn the_left_hand_holds_the_chord_below_the_split_over_its_bass() {
        let low: Vec<_> = keys(&read(LeftHand::Chords)).into_iter().filter(|(_, key)| *key < SPLIT).collect();
        assert_eq!(low[0], (0, 40), "E is the bass of C/E");
        assert_eq!(low.iter().filter(|(tick, _)| *tick == 15_360).count(), 4);
    }

    #[test]
    fn tempo_and_length_are_those_of_the_song() {
        let take = read(LeftHand::None);
        assert_eq!((take.bpm().round(), take.bars()), (90.0, 8));
    }

    #[test]
    fn what_the_band_cannot_follow_is_refused() {
        let with = |change: fn(&mut Song)| {
            let mut song = ballad();
            change(&mut song);
            take(&song, LeftHand::None).unwrap_err()
        };
        assert_eq!(with(|song| song.meters = vec![(0, 7, 8)]), Unfit::Meter);
        assert_eq!(with(|song| song.meters.push((1920, 3, 4))), Unfit::Meter);
        assert_eq!(with(|song| song.chords.clear()), Unfit::Short);
        assert_eq!(with(|song| drop(song.parts.remove("melody"))), Unfit::Silent);
    }
}
