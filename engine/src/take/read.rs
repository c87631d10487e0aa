//! From the bytes of a MIDI file to a take. Any tempo map, resolution and number of tracks.

use midly::{Format, MetaMessage, MidiMessage, Smf, Timing, Track, TrackEventKind};

use super::{Take, TakeError, grid_at};
use crate::{Cue, EventKind, Level, Meter, TICKS_PER_QUARTER, Tick};

/// The track that plays, if there is one of this name.
const PERFORMER: &str = "performer";

/// What a marker begins with that asks for something.
const CUE: &str = "cue:";

/// What a marker may ask for.
const CUES: [(&str, EventKind); 9] = [
    ("main_a", EventKind::Cue(Cue::Main(Level::A))),
    ("main_b", EventKind::Cue(Cue::Main(Level::B))),
    ("main_c", EventKind::Cue(Cue::Main(Level::C))),
    ("main_d", EventKind::Cue(Cue::Main(Level::D))),
    ("fill", EventKind::Cue(Cue::Fill)),
    ("break", EventKind::Cue(Cue::Break)),
    ("intro", EventKind::Cue(Cue::Intro)),
    ("ending", EventKind::Cue(Cue::Ending)),
    ("stop", EventKind::Stop),
];

/// The channel of drums in General MIDI, from 0.
const DRUM_CHANNEL: u8 = 9;

/// The longest take, in ticks: more than four days at 120.
const MOST_TICKS: Tick = 1 << 30;

/// A hand that lets go so much after the last bar line opens no bar.
const SLOPPY: Tick = TICKS_PER_QUARTER / 2;

pub(super) fn cue_names() -> Vec<&'static str> {
    CUES.iter().map(|(name, _)| *name).collect()
}

impl Take {
    /// Reads a standard MIDI file of type 0 or 1.
    ///
    /// A track named `performer` alone plays; where there is none, all do, but for the drum channel if there is
    /// another. Tempo, meter and `cue:` markers are read from every track.
    ///
    /// # Errors
    /// See [`TakeError`].
    pub fn read(bytes: &[u8]) -> Result<Take, TakeError> {
        if counts_seconds(bytes) {
            return Err(TakeError::Timecode);
        }
        let smf = Smf::parse(bytes).map_err(|error| TakeError::Malformed(error.to_string()))?;
        if smf.header.format == Format::Sequential {
            return Err(TakeError::Sequential);
        }
        let ppq = match smf.header.timing {
            Timing::Metrical(ppq) if ppq.as_int() > 0 => Tick::from(ppq.as_int()),
            Timing::Metrical(_) => return Err(TakeError::Malformed("it has no resolution".into())),
            Timing::Timecode(..) => return Err(TakeError::Timecode),
        };
        let mut raw = Raw::default();
        for (i, track) in smf.tracks.iter().enumerate() {
            raw.read(i, track, ppq)?;
        }
        let performers: Vec<bool> = smf.tracks.iter().map(is_performer).collect();
        raw.into_take(&performers)
    }
}

/// Whether the header gives frames a second. Asked before parsing: the parser fails on a rate of -128.
fn counts_seconds(bytes: &[u8]) -> bool {
    const RESOLUTION: usize = 12;
    bytes.windows(RESOLUTION + 1).any(|head| head.starts_with(b"MThd") && head[RESOLUTION] & 0x80 != 0)
}

fn is_performer(track: &Track<'_>) -> bool {
    track.iter().any(|event| match event.kind {
        TrackEventKind::Meta(MetaMessage::TrackName(name)) => {
            String::from_utf8_lossy(name).trim().eq_ignore_ascii_case(PERFORMER)
        }
        _ => false,
    })
}

/// A message, and where it was found.
#[derive(Clone, Copy)]
struct Message {
    tick: Tick,
    track: usize,
    channel: u8,
    message: MidiMessage,
}

/// What the file says, track after track.
#[derive(Default)]
struct Raw {
    messages: Vec<Message>,
    markers: Vec<(Tick, String)>,
    tempos: Vec<(Tick, f64)>,
    meters: Vec<(Tick, (u8, u8))>,
    last: Tick,
}

impl Raw {
    fn read(&mut self, place: usize, track: &Track<'_>, ppq: Tick) -> Result<(), TakeError> {
        let mut ticks: Tick = 0;
        for event in track {
            ticks += Tick::from(event.delta.as_int());
            let tick = (ticks * TICKS_PER_QUARTER + ppq / 2) / ppq;
            if tick > MOST_TICKS {
                return Err(TakeError::TooLong);
            }
            self.last = self.last.max(tick);
            match event.kind {
                TrackEventKind::Midi { channel, message } => {
                    self.messages.push(Message { tick, track: place, channel: channel.as_int(), message });
                }
                TrackEventKind::Meta(MetaMessage::Tempo(tempo)) => {
                    self.tempos.push((tick, 60e6 / f64::from(tempo.as_int().max(1))));
                }
                TrackEventKind::Meta(MetaMessage::TimeSignature(numerator, power, ..)) => {
                    self.meters.push((tick, (numerator, power)));
                }
                TrackEventKind::Meta(MetaMessage::Marker(text) | MetaMessage::CuePoint(text)) => {
                    self.markers.push((tick, String::from_utf8_lossy(text).trim().to_owned()));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn into_take(mut self, performers: &[bool]) -> Result<Take, TakeError> {
        self.messages.sort_by_key(|message| message.tick);
        let has_performer = performers.contains(&true);
        let others = self.messages.iter().any(|m| m.channel != DRUM_CHANNEL);
        self.messages.retain(|message| {
            let plays = performers.get(message.track) == Some(&true);
            if has_performer { plays } else { message.channel != DRUM_CHANNEL || !others }
        });
        let meters = meters(&mut self.meters)?;
        let mut events = cues(&self.markers, &meters)?;
        events.extend(played(&self.messages));
        events.sort_by_key(|(tick, _)| *tick);
        let end = end(&events, self.last, &meters).ok_or(TakeError::Empty)?;
        let hanging: Vec<u8> = hanging(&events).collect();
        events.extend(hanging.into_iter().map(|key| (end, EventKind::NoteOff { key })));
        // A sloppy release does not outlast the take.
        events.iter_mut().for_each(|(tick, _)| *tick = end.min(*tick));
        Ok(Take { events, tempos: tempos(self.tempos), meters, end })
    }
}

/// Where a bar line is wanted: after the last key that goes down, and at the end of the file.
fn end(events: &[(Tick, EventKind)], last: Tick, meters: &[(Tick, Meter)]) -> Option<Tick> {
    let struck = events.iter().rev().find(|(_, kind)| !matches!(kind, EventKind::NoteOff { .. }))?;
    let wanted = (struck.0 + 1).max(last - SLOPPY);
    let grid = grid_at(meters, wanted);
    let beat = grid.beat_at(wanted - 1).plus(1);
    Some(grid.tick_of(grid.next_bar(beat)))
}

/// The tempo from tick 0 on; the last one said at a tick holds.
fn tempos(mut tempos: Vec<(Tick, f64)>) -> Vec<(Tick, f64)> {
    tempos.sort_by_key(|(tick, _)| *tick);
    tempos.insert(0, (0, 120.0));
    last_at_each_tick(tempos)
}

fn last_at_each_tick<T: Copy>(changes: Vec<(Tick, T)>) -> Vec<(Tick, T)> {
    let mut kept: Vec<(Tick, T)> = Vec::with_capacity(changes.len());
    for change in changes {
        match kept.last_mut() {
            Some(last) if last.0 == change.0 => *last = change,
            _ => kept.push(change),
        }
    }
    kept
}

/// The meter from tick 0 on, each one at a bar line and one that the band can play.
fn meters(written: &mut Vec<(Tick, (u8, u8))>) -> Result<Vec<(Tick, Meter)>, TakeError> {
    written.sort_by_key(|(tick, _)| *tick);
    let mut meters = vec![(0, Meter::COMMON)];
    for (tick, (numerator, power)) in last_at_each_tick(std::mem::take(written)) {
        let grid = grid_at(&meters, tick);
        let beat = grid.beat_at(tick);
        let (bar, place) = grid.place(beat);
        let denominator = 1u128.checked_shl(u32::from(power)).unwrap_or(0);
        let known = u8::try_from(denominator).ok().and_then(|denominator| Meter::new(numerator, denominator));
        let Some(meter) = known else {
            return Err(TakeError::Meter { bar: bar + 1, meter: format!("{numerator}/{denominator}") });
        };
        if tick == 0 {
            meters = vec![(0, meter)];
        } else if meter != grid.meter {
            if place != 0 || grid.tick_of(beat) != tick {
                return Err(TakeError::InsideBar { bar: bar + 1, meter });
            }
            meters.push((tick, meter));
        }
    }
    Ok(meters)
}

fn cues(markers: &[(Tick, String)], meters: &[(Tick, Meter)]) -> Result<Vec<(Tick, EventKind)>, TakeError> {
    let asked = markers.iter().filter_map(|(tick, text)| Some((*tick, text.strip_prefix(CUE)?.trim())));
    asked
        .map(|(tick, name)| match CUES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
            Some((_, kind)) => Ok((tick, *kind)),
            None => {
                let grid = grid_at(meters, tick);
                Err(TakeError::Cue { bar: grid.place(grid.beat_at(tick)).0 + 1, name: name.to_owned() })
            }
        })
        .collect()
}

/// What the messages do. A key that two voices hold is up when both have let it go.
fn played(messages: &[Message]) -> Vec<(Tick, EventKind)> {
    let mut held = [0u32; 128];
    let mut events = Vec::with_capacity(messages.len());
    for &Message { tick, message, .. } in messages {
        match message {
            MidiMessage::NoteOn { key, vel } if vel.as_int() > 0 => {
                let key = key.as_int();
                if held[usize::from(key)] > 0 {
                    events.push((tick, EventKind::NoteOff { key }));
                }
                held[usize::from(key)] += 1;
                events.push((tick, EventKind::NoteOn { key, velocity: vel.as_int() }));
            }
            MidiMessage::NoteOn { key, .. } | MidiMessage::NoteOff { key, .. } => {
                let count = &mut held[usize::from(key.as_int())];
                if *count == 1 {
                    events.push((tick, EventKind::NoteOff { key: key.as_int() }));
                }
                *count = count.saturating_sub(1);
            }
            // All sound off, all notes off.
            MidiMessage::Controller { controller, .. } if matches!(controller.as_int(), 120 | 123) => {
                held = [0; 128];
                events.push((tick, EventKind::AllNotesOff));
            }
            MidiMessage::Controller { controller, value } => {
                events.push((
                    tick,
                    EventKind::Controller { number: controller.as_int(), value: value.as_int() },
                ));
            }
            MidiMessage::PitchBend { bend } => events.push((tick, EventKind::PitchBend(bend.as_int()))),
            MidiMessage::Aftertouch { .. }
            | MidiMessage::ChannelAftertouch { .. }
            | MidiMessage::ProgramChange { .. } => {}
        }
    }
    events
}

/// Keys that are never let go.
fn hanging(events: &[(Tick, EventKind)]) -> impl Iterator<Item = u8> {
    let mut held = [false; 128];
    for (_, kind) in events {
        match *kind {
            EventKind::NoteOn { key, .. } => held[usize::from(key & 127)] = true,
            EventKind::NoteOff { key } => held[usize::from(key & 127)] = false,
            EventKind::AllNotesOff => held = [false; 128],
            _ => {}
        }
    }
    (0..128).filter(move |&key| held[usize::from(key)])
}
