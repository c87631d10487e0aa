//! A take of random chords: one in each beat, spread, its last key some milliseconds before or after the place at
//! which one part strikes.

use std::path::Path;

use engine::{EventKind, Tick};
use fastrand::Rng;
use midly::num::u15;
use midly::{Format, Header, MetaMessage, MidiMessage, Smf, Timing, TrackEvent, TrackEventKind};

use crate::support::random_take::{Manner, Struck, chords_in};

/// Ticks of a beat.
pub const BEAT: Tick = 960;
/// Frames of a beat at 150 a minute.
pub const BEAT_FRAMES: usize = 19_200;
/// Ticks from a beat to where the rig has one part strike: five twelfths.
pub const STRIKE: Tick = 400;
/// Ticks of a millisecond.
const MS: f64 = 2.4;
/// How long before the place of the strike the last key comes, in ms.
const BEFORE_MS: (f64, f64) = (-3.0, 12.0);
/// The most that the keys of a chord are spread, in ms.
const SPREAD_MS: f64 = 25.0;
/// Ticks from a beat to where all keys go up.
const LIFT: Tick = 900;

/// The chords of a take: the first comes with the first beat, each other one in its own.
pub fn chords(seed: u64, n: usize) -> Vec<Struck> {
    chords_in(seed, n, &Manner { spread_ms: SPREAD_MS, ..Manner::default() })
}

/// Writes them as a MIDI file.
pub fn write(chords: &[Struck], seed: u64, path: &Path) {
    let mut rng = Rng::with_seed(seed);
    let mut events = Vec::new();
    for (i, struck) in chords.iter().enumerate() {
        let beat = i as Tick * BEAT;
        let before = BEFORE_MS.0 + (BEFORE_MS.1 - BEFORE_MS.0) * rng.f64();
        let last = if i == 0 { 0.0 } else { beat as f64 + STRIKE as f64 - before * MS };
        for press in &struck.keys {
            let at = last - (struck.last() - press.on) * 1000.0 * MS;
            events
                .push((at.max(0.0) as Tick, EventKind::NoteOn { key: press.key, velocity: press.velocity }));
            events.push((beat + LIFT, EventKind::NoteOff { key: press.key }));
        }
    }
    events.sort_by_key(|event| event.0);
    let mut track = vec![
        meta(MetaMessage::TrackName(b"performer")),
        meta(MetaMessage::TimeSignature(3, 2, 24, 8)),
        meta(MetaMessage::Tempo(400_000.into())),
    ];
    let mut now = 0;
    for (tick, kind) in events {
        let delta = ((tick - now) as u32).into();
        track.push(TrackEvent {
            delta,
            kind: TrackEventKind::Midi { channel: 0.into(), message: message(kind) },
        });
        now = tick;
    }
    track.push(meta(MetaMessage::EndOfTrack));
    let header = Header::new(Format::SingleTrack, Timing::Metrical(u15::new(BEAT as u16)));
    Smf { header, tracks: vec![track] }.save(path).unwrap();
}

fn meta(message: MetaMessage<'_>) -> TrackEvent<'_> {
    TrackEvent { delta: 0.into(), kind: TrackEventKind::Meta(message) }
}

fn message(kind: EventKind) -> MidiMessage {
    match kind {
        EventKind::NoteOn { key, velocity } => MidiMessage::NoteOn { key: key.into(), vel: velocity.into() },
        EventKind::NoteOff { key } => MidiMessage::NoteOff { key: key.into(), vel: 0.into() },
        _ => unreachable!("hands only press keys"),
    }
}
