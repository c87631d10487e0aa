//! Tempo and meter as a MIDI file tells them.

use midly::num::u24;
use midly::{MetaMessage, TrackEventKind};

use crate::{Knob, Meter, TICKS_PER_QUARTER, Tick};

/// A change of tempo, in felt pulses a minute, or of meter.
#[derive(Clone, Copy, Debug)]
pub(super) enum Mark {
    Tempo(f32),
    Meter(Meter),
}

/// Tempo and meter from `begin` on. The band counts felt pulses, the file quarters, so each meter may restate the tempo.
pub(super) fn conductor(marks: &[(Tick, Mark)], begin: Tick) -> Vec<(Tick, TrackEventKind<'static>)> {
    let mut map = marks.to_vec();
    map.sort_by_key(|(tick, _)| *tick);
    let (mut bpm, mut meter) = (Knob::Tempo.spec().default, Meter::COMMON);
    let mut events = Vec::new();
    let (mut written_tempo, mut written_meter) = (u24::from(0), None);
    // What was set before the file begins holds at its start.
    let mut state = map.iter().map(|(tick, mark)| ((*tick).max(begin), *mark)).peekable();
    let mut at = begin;
    loop {
        while let Some((_, mark)) = state.next_if(|(tick, _)| *tick <= at) {
            match mark {
                Mark::Tempo(new) => bpm = new,
                Mark::Meter(new) => meter = new,
            }
        }
        if written_meter.replace(meter) != Some(meter) {
            events.push((at, TrackEventKind::Meta(time_signature(meter))));
        }
        let tempo = microseconds(bpm, meter);
        if std::mem::replace(&mut written_tempo, tempo) != tempo {
            events.push((at, TrackEventKind::Meta(MetaMessage::Tempo(tempo))));
        }
        match state.peek() {
            Some((tick, _)) => at = *tick,
            None => return events,
        }
    }
}

/// Microseconds in a quarter.
fn microseconds(bpm: f32, meter: Meter) -> u24 {
    let quarters = f64::from(bpm) * meter.ticks_per_beat() as f64 / TICKS_PER_QUARTER as f64;
    u24::from((60e6 / quarters).round().clamp(1.0, 16_777_215.0) as u32)
}

fn time_signature(meter: Meter) -> MetaMessage<'static> {
    let clocks = (24 * meter.ticks_per_beat() / TICKS_PER_QUARTER) as u8;
    MetaMessage::TimeSignature(meter.numerator(), meter.denominator().trailing_zeros() as u8, clocks, 8)
}
