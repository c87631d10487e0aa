//! MIDI over a real JACK server: another client's notes arrive at their sample, and the band's notes leave.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use control::midi::{Api, Inputs, Midi, MidiConfig, MidiError, Out, OutPort};
use engine::wires::{Wires, wires};
use engine::{Event, EventKind, Frame, FrameClock, Part, Sounded, SoundedKind};

use super::server::{self, RATE, Running, connect, has_port, jackd, run, with_server};
use crate::wait_for;

const PERIOD: Frame = server::PERIOD as Frame;

/// How many notes must arrive; twice as many are sent, for a server that skips cycles loses what they held.
const WANTED: usize = 12;

/// Frames between the two notes that `jack_midiseq` strikes: less than a period, so that only offsets tell them
/// apart, and a server that skips cycles on a busy machine cannot move them.
const SPACING: Frame = 100;

/// A band without sound: only its clock runs, in exact time however late its thread wakes.
struct Band {
    clock: Arc<FrameClock>,
    end: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Band {
    fn new() -> Band {
        let (clock, end) = (Arc::new(FrameClock::new(RATE)), Arc::new(AtomicBool::new(false)));
        let (pace, ended) = (clock.clone(), end.clone());
        let start = Instant::now();
        let thread = std::thread::spawn(move || {
            let mut frame = 0;
            while !ended.load(Relaxed) {
                let due = start + Duration::from_secs_f64(frame as f64 / f64::from(RATE));
                std::thread::sleep(due.saturating_duration_since(Instant::now()));
                pace.publish(frame, due);
                frame += PERIOD;
            }
        });
        Band { clock, end, thread: Some(thread) }
    }
}

impl Drop for Band {
    fn drop(&mut self) {
        self.end.store(true, Relaxed);
        self.thread.take().map(JoinHandle::join);
    }
}

/// Strikes key 60 twice a second for ever, and key 64 [`SPACING`] frames later.
fn sequencer() -> Running {
    let (loops, second) = ((RATE / 2).to_string(), SPACING.to_string());
    let running = run("jack_midiseq", &["seq", &loops, "0", "60", "6000", &second, "64", "6000"]);
    running.expect("jack_midiseq is part of jackd2")
}

fn start(band: &Band, wires: &mut Wires, inputs: Inputs, out: Option<Out>) -> Midi {
    let pool = wires.inputs.split_off(wires.inputs.len() - 4);
    let config = MidiConfig { api: Api::Jack, inputs, out };
    Midi::start(config, pool, band.clock.clone(), wires.stats.clone()).unwrap()
}

/// The next `count` note-ons.
fn note_ons(wires: &mut Wires, count: usize) -> Vec<(Frame, u8)> {
    let mut notes = Vec::new();
    wait_for("notes", || {
        wires.audio.drain(|event| {
            if let Event { arrival, kind: EventKind::NoteOn { key, .. }, .. } = event {
                notes.push((arrival, key));
            }
        });
        (notes.len() >= count).then_some(())
    });
    notes
}

/// Waits until all keys are released.
fn await_release(wires: &mut Wires) {
    wait_for("release", || {
        let mut is_released = false;
        wires.audio.drain(|event| is_released |= event.kind == EventKind::AllNotesOff);
        is_released.then_some(())
    });
}

#[test]
fn notes_of_another_client_arrive_at_their_sample() {
    with_server("jack::midi::notes_of_another_client_arrive_at_their_sample", |_server| {
        let _sequencer = sequencer();
        let (band, mut wires) = (Band::new(), wires(0));
        wait_for("port", || has_port("seq:out").then_some(()));
        let _midi = start(&band, &mut wires, Inputs::Named(vec!["SEQ:out".into()]), None);
        let notes = note_ons(&mut wires, 16);
        let pairs = notes.windows(2).filter(|pair| (pair[0].1, pair[1].1) == (60, 64));
        let mut spacings: Vec<Frame> = pairs.map(|pair| pair[1].0.abs_diff(pair[0].0)).collect();
        spacings.sort_unstable();
        assert_eq!(spacings[spacings.len() / 2], SPACING, "{notes:?}");
    });
}

#[test]
fn the_server_may_die_and_come_back() {
    with_server("jack::midi::the_server_may_die_and_come_back", |server| {
        let (band, mut wires) = (Band::new(), wires(0));
        let _midi = start(&band, &mut wires, Inputs::All, None);
        let mut server = Some(server);
        for _ in 0..2 {
            let _sequencer = sequencer();
            connect("seq:out", "sideman:midi_in");
            note_ons(&mut wires, 2);
            if let Some(mut server) = server.take() {
                server.0.kill().unwrap();
            }
            await_release(&mut wires);
            server = jackd();
        }
    });
}

#[test]
fn who_leaves_lets_go_of_the_keys() {
    with_server("jack::midi::who_leaves_lets_go_of_the_keys", |_server| {
        let (band, mut wires) = (Band::new(), wires(0));
        let _midi = start(&band, &mut wires, Inputs::All, None);
        let mut sequencer = sequencer();
        connect("seq:out", "sideman:midi_in");
        note_ons(&mut wires, 2);
        sequencer.0.kill().unwrap();
        await_release(&mut wires);
    });
}

#[test]
fn what_the_band_plays_leaves_when_it_is_due() {
    with_server("jack::midi::what_the_band_plays_leaves_when_it_is_due", |_server| {
        let (band, mut wires) = (Band::new(), wires(0));
        let (mut queue, sounded) = rtrb::RingBuffer::new(64);
        let out = Out { port: OutPort::Virtual, sounded, delay: PERIOD };
        let player = start(&band, &mut wires, Inputs::All, Some(out));
        let _listener = start(&band, &mut wires, Inputs::Named(vec!["sideman:midi_out".into()]), None);
        let first = band.clock.now() + Frame::from(RATE) / 2;
        for i in 0..2 * WANTED as Frame {
            let frame = first + i * 1000;
            let kind = SoundedKind::On { part: Part::Bass, key: 40 + i as u8, velocity: 90, moved: false };
            queue.push(Sounded { frame, tick: 0, kind }).unwrap();
        }
        let notes = note_ons(&mut wires, WANTED);
        let late: Vec<i64> = notes
            .iter()
            .map(|(arrival, key)| *arrival as i64 - (first + Frame::from(key - 40) * 1000 + PERIOD) as i64)
            .collect();
        let on_time = late.iter().filter(|late| late.abs() < PERIOD as i64 / 4).count();
        assert!(on_time > late.len() / 2, "frames late: {late:?}");
        drop(player);
        let mut offs = 0;
        wait_for("note-offs", || {
            wires.audio.drain(|event| offs += usize::from(matches!(event.kind, EventKind::NoteOff { .. })));
            (offs >= WANTED).then_some(())
        });
    });
}

#[test]
fn without_a_server_jack_is_an_error_and_no_panic() {
    let clock = Arc::new(FrameClock::new(RATE));
    let config = MidiConfig { api: Api::Jack, ..MidiConfig::default() };
    let started = Midi::start(config, Vec::new(), clock, Arc::default());
    assert!(started.is_ok() || matches!(started, Err(MidiError::NoSystem(_))));
}
