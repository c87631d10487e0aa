//! Takes that were written come back, and broken ones are refused in words.

use super::*;
use crate::Clock;
use crate::audio::transport::Transport;
use crate::tape::MidiWriter;
use crate::{Cue, Level, Part, Sounded, SoundedKind};
use midly::num::{u7, u15, u24, u28};
use midly::{Format, Header, MetaMessage, MidiMessage, Smf, Timing, TrackEvent, TrackEventKind};

type Tracks = Vec<Vec<(u32, TrackEventKind<'static>)>>;

/// A file from tracks of (delta, event).
fn file(ppq: u16, tracks: Tracks) -> Vec<u8> {
    let mut smf = Smf::new(Header::new(Format::Parallel, Timing::Metrical(u15::from(ppq))));
    for mut track in tracks {
        if !matches!(track.last(), Some((_, TrackEventKind::Meta(MetaMessage::EndOfTrack)))) {
            track.push((0, TrackEventKind::Meta(MetaMessage::EndOfTrack)));
        }
        let event = |(delta, kind)| TrackEvent { delta: u28::from(delta), kind };
        smf.tracks.push(track.into_iter().map(event).collect());
    }
    let mut bytes = Vec::new();
    smf.write_std(&mut bytes).unwrap();
    bytes
}

fn midi(channel: u8, message: MidiMessage) -> TrackEventKind<'static> {
    TrackEventKind::Midi { channel: channel.into(), message }
}

fn on(key: u8) -> TrackEventKind<'static> {
    midi(0, MidiMessage::NoteOn { key: u7::from(key), vel: u7::from(80) })
}

fn off(key: u8) -> TrackEventKind<'static> {
    midi(0, MidiMessage::NoteOn { key: u7::from(key), vel: u7::from(0) })
}

fn meta(message: MetaMessage<'static>) -> TrackEventKind<'static> {
    TrackEventKind::Meta(message)
}

fn meter(numerator: u8, power: u8) -> TrackEventKind<'static> {
    meta(MetaMessage::TimeSignature(numerator, power, 24, 8))
}

fn tempo(bpm: u32) -> TrackEventKind<'static> {
    meta(MetaMessage::Tempo(u24::from(60_000_000 / bpm)))
}

/// One bar of 4/4, one of 6/8 and two of 3/4, each with its own tempo in quarters.
fn medley() -> Vec<u8> {
    file(
        96,
        vec![
            vec![
                (0, tempo(100)),
                (384, meter(6, 3)),
                (0, tempo(180)),
                (288, meter(3, 2)),
                (50, tempo(77)),
                (0, meta(MetaMessage::Marker(b"cue: Fill"))),
            ],
            vec![(0, on(60)), (380, off(60)), (4, on(62)), (100, off(62)), (188, on(64)), (288, on(65))],
        ],
    )
}

#[test]
fn a_written_recording_is_read_back() {
    let mut midi = MidiWriter::default();
    let mut write = |tick, kind| midi.write(&Sounded { frame: 0, tick, kind });
    let performed = [
        (0, 60, true),
        (7, 64, true),
        (955, 60, false),
        (960, 67, true),
        (1000, 64, false),
        (2000, 67, false),
    ];
    write(0, SoundedKind::Tempo(93.0));
    for (tick, key, down) in performed {
        let part = Part::Lead;
        write(tick, SoundedKind::On { part: Part::Comp, key: 50, velocity: 10, moved: false });
        write(
            tick,
            match down {
                true => SoundedKind::On { part, key, velocity: 70, moved: false },
                false => SoundedKind::Off { part, key },
            },
        );
    }
    let take = Take::read(&midi.bytes().unwrap()).unwrap();
    let expected = performed.map(|(tick, key, down)| match down {
        true => (tick, EventKind::NoteOn { key, velocity: 70 }),
        false => (tick, EventKind::NoteOff { key }),
    });
    assert_eq!(take.events(), expected);
    assert!((take.bpm() - 93.0).abs() < 0.001);
    assert_eq!((take.meter(), take.bars(), take.end()), (Meter::COMMON, 1, 3840));
}

#[test]
fn tempo_and_meter_are_told_as_the_band_counts_them() {
    let take = Take::read(&medley()).unwrap();
    assert_eq!((take.bars(), take.end()), (4, 3840 + 2880 + 2 * 2880));
    let schedule = take.schedule(48_000, None);
    let told: Vec<String> = schedule
        .events
        .iter()
        .filter_map(|(_, kind)| match kind {
            EventKind::Set { value, .. } => Some(format!("{value:.1}")),
            EventKind::Meter(meter) => Some(meter.to_string()),
            _ => None,
        })
        .collect();
    assert_eq!(told, ["100.0", "4/4", "6/8", "120.0", "3/4", "180.0", "77.0"]);
    assert!(schedule.events.is_sorted_by_key(|(frame, _)| *frame));
    assert!(schedule.events.iter().any(|(_, kind)| *kind == EventKind::Cue(Cue::Fill)));
    let override_told = take.schedule(48_000, Some(90.0)).events;
    let sets = override_told.iter().filter(|(_, kind)| matches!(kind, EventKind::Set { .. }));
    assert_eq!(sets.count(), 1);
}

/// Plays a schedule to the transport, one frame at a time, and tells at which tick each event came.
fn ticks_by_transport(schedule: &Schedule, take: &Take) -> Vec<Tick> {
    let mut transport = Transport::new(48_000, take.bpm(), take.meter());
    transport.start(0, 0);
    let mut events = schedule.events.iter().peekable();
    let mut ticks = Vec::new();
    for frame in 0..schedule.end {
        let beat = transport.beat();
        transport.enter(beat);
        while let Some((_, kind)) = events.next_if(|(at, _)| *at == frame) {
            match *kind {
                EventKind::Set { value, .. } => transport.set_tempo(frame, value),
                EventKind::Meter(meter) => transport.set_meter(frame, meter),
                _ => {}
            }
            let tick = transport.advance(frame + 1).end - 1;
            match kind {
                EventKind::Set { .. } | EventKind::Meter(_) => {}
                _ => ticks.push(tick),
            }
        }
        transport.advance(frame + 1);
    }
    ticks
}

#[test]
fn the_transport_is_at_the_tick_of_an_event_when_it_comes() {
    let take = Take::read(&medley()).unwrap();
    let schedule = take.schedule(48_000, None);
    let ticks = ticks_by_transport(&schedule, &take);
    let expected: Vec<Tick> =
        take.events().iter().map(|(tick, _)| *tick).filter(|&t| t < take.end()).collect();
    assert_eq!(ticks.len(), expected.len());
    for (tick, expected) in ticks.iter().zip(expected) {
        assert!((tick - expected).abs() <= 1, "{tick} instead of {expected}");
    }
}

#[test]
fn a_steady_take_is_exact_at_any_rate_and_tempo() {
    let notes = (0..200).map(|i| (37, if i % 2 == 0 { on(60) } else { off(60) })).collect();
    let take = Take::read(&file(120, vec![notes])).unwrap();
    for (rate, bpm) in [(44_100, 93.7), (48_000, 61.3), (96_000, 299.0)] {
        let schedule = take.schedule(rate, Some(bpm));
        let clock = Clock::new(0, 0, rate, f64::from(bpm), 960);
        let notes = schedule
            .events
            .iter()
            .filter(|(_, kind)| !matches!(kind, EventKind::Set { .. } | EventKind::Meter(_)));
        for ((frame, _), (tick, _)) in notes.zip(take.events()) {
            assert_eq!(clock.tick_at(*frame), *tick);
        }
    }
}

#[test]
fn the_performer_plays_alone_and_without_one_all_but_the_drums() {
    let drums = midi(9, MidiMessage::NoteOn { key: u7::from(36), vel: u7::from(80) });
    let named = |name: &'static [u8]| (0, meta(MetaMessage::TrackName(name)));
    let keys = |bytes: &[u8]| -> Vec<u8> {
        let take = Take::read(bytes).unwrap();
        take.events
            .iter()
            .filter_map(|(_, kind)| match kind {
                EventKind::NoteOn { key, .. } => Some(*key),
                _ => None,
            })
            .collect()
    };
    let others = vec![named(b"bass"), (0, on(40)), (0, drums)];
    assert_eq!(keys(&file(96, vec![vec![named(b"Performer"), (0, on(60))], others.clone()])), [60]);
    assert_eq!(keys(&file(96, vec![vec![named(b"piano"), (0, on(60))], others])), [60, 40]);
    assert_eq!(keys(&file(96, vec![vec![(0, drums)]])), [36]);
}

#[test]
fn keys_that_hang_are_let_go_at_the_end_and_shared_ones_once() {
    let take = Take::read(&file(
        960,
        vec![vec![(0, on(60)), (10, on(60)), (10, off(60)), (10, on(61)), (5, off(60))]],
    ))
    .unwrap();
    let kinds: Vec<String> = take
        .events()
        .iter()
        .map(|(tick, kind)| match kind {
            EventKind::NoteOn { key, .. } => format!("{tick} on {key}"),
            EventKind::NoteOff { key } => format!("{tick} off {key}"),
            _ => String::new(),
        })
        .collect();
    assert_eq!(kinds, ["0 on 60", "10 off 60", "10 on 60", "30 on 61", "35 off 60", "3840 off 61"]);
}

#[test]
fn cues_are_read_and_unknown_ones_named_with_their_bar() {
    let cue = |text: &'static [u8]| vec![vec![(0, on(60)), (4000, meta(MetaMessage::Marker(text)))]];
    let take = Take::read(&file(960, cue(b"cue:main_c"))).unwrap();
    assert!(take.events().contains(&(4000, EventKind::Cue(Cue::Main(Level::C)))));
    assert!(Take::read(&file(960, cue(b"Verse 2"))).is_ok());
    let error = Take::read(&file(960, cue(b"cue:mian_c"))).unwrap_err();
    assert_eq!(error, TakeError::Cue { bar: 2, name: "mian_c".into() });
    assert!(error.to_string().contains("main_c"));
}

#[test]
fn meters_that_cannot_be_played_are_named_with_their_bar() {
    let with = |delta, kind| Take::read(&file(960, vec![vec![(0, on(60)), (delta, kind)]])).unwrap_err();
    assert_eq!(with(7680, meter(11, 4)), TakeError::Meter { bar: 3, meter: "11/16".into() });
    assert_eq!(with(0, meter(4, 200)), TakeError::Meter { bar: 1, meter: "4/0".into() });
    let inside = TakeError::InsideBar { bar: 2, meter: Meter::new(3, 4).unwrap() };
    assert_eq!(with(5000, meter(3, 2)), inside);
    assert_eq!(inside.to_string(), "bar 2: 3/4 begins inside the bar");
}

#[test]
fn what_is_no_take_is_refused_in_words() {
    assert!(matches!(Take::read(b"RIFF"), Err(TakeError::Malformed(_))));
    assert_eq!(Take::read(&file(960, vec![vec![(0, tempo(100))]])), Err(TakeError::Empty));
    let mut timecode = file(960, vec![vec![(0, on(60))]]);
    timecode[12] = 0x80;
    assert_eq!(Take::read(&timecode), Err(TakeError::Timecode));
    let far = (0..8).map(|_| (u32::from(u28::max_value()), on(60))).collect();
    assert_eq!(Take::read(&file(1, vec![far])), Err(TakeError::TooLong));
}

#[test]
fn ten_thousand_broken_files_are_read_or_refused() {
    let mut random = fastrand::Rng::with_seed(3);
    let whole = medley();
    for _ in 0..10_000 {
        let mut bytes = whole.clone();
        for _ in 0..random.usize(1..6) {
            let place = random.usize(..bytes.len());
            bytes[place] = random.u8(..);
        }
        if random.u8(..4) == 0 {
            bytes.truncate(random.usize(..bytes.len()));
        }
        if let Ok(take) = Take::read(&bytes) {
            let schedule = take.schedule(48_000, None);
            assert!(schedule.events.is_sorted_by_key(|(frame, _)| *frame));
        }
    }
}
