//! The supervisor over a back end whose ports come and go as a test says.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::*;
use crate::midi::ports::Output;
use engine::wires::{AudioEnds, wires};
use engine::{EventKind, FrameClock};

#[derive(Default)]
struct State {
    ports: Vec<Port>,
    open: BTreeMap<String, Shared>,
    has_died: bool,
}

type World = Arc<Mutex<State>>;

struct Fake(World);

/// Keeps a port open.
struct Held(World, String);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.lock().unwrap().open.remove(&self.1);
    }
}

impl Backend for Fake {
    fn name(&self) -> &'static str {
        "fake"
    }

    fn refresh(&mut self) -> bool {
        !std::mem::take(&mut self.0.lock().unwrap().has_died)
    }

    fn inputs(&mut self) -> Vec<Port> {
        self.0.lock().unwrap().ports.clone()
    }

    fn outputs(&mut self) -> Vec<Port> {
        Vec::new()
    }

    fn open_input(&mut self, port: &Port, receiver: Shared) -> Result<Connection, MidiError> {
        self.0.lock().unwrap().open.insert(port.id.clone(), receiver);
        Ok(Box::new(Held(self.0.clone(), port.id.clone())))
    }

    fn open_output(&mut self, port: &Port) -> Result<Box<dyn Output>, MidiError> {
        Err(MidiError::Open { port: port.name.clone(), why: "there is none".into() })
    }

    fn virtual_input(&mut self, receiver: Shared) -> Result<Connection, MidiError> {
        self.0.lock().unwrap().open.insert("virtual".into(), receiver);
        Ok(Box::new(Held(self.0.clone(), "virtual".into())))
    }

    fn virtual_output(&mut self) -> Result<Box<dyn Output>, MidiError> {
        Err(MidiError::NoSystem("there is none".into()))
    }
}

fn port(name: &str) -> Port {
    let device = name.split_once(':').map(|(device, _)| device.to_owned());
    Port { id: name.into(), name: name.into(), device, is_default: !name.starts_with("Through") }
}

/// What a test looks at: the ports, the supervisor, and what the audio thread would hear.
struct Stage {
    world: World,
    supervisor: Supervisor,
    audio: AudioEnds,
}

impl Stage {
    fn new(wanted: Inputs, ports: &[&str]) -> Stage {
        let world = World::default();
        world.lock().unwrap().ports = ports.iter().map(|name| port(name)).collect();
        let wires = wires(0);
        let clock = Arc::new(FrameClock::new(48_000));
        let shared = |input| Shared::new(input, clock.clone(), wires.stats.clone());
        let pool = wires.inputs.into_iter().take(4).map(shared).collect();
        let supervisor = Supervisor::new(vec![Box::new(Fake(world.clone()))], wanted, pool, None);
        Stage { world, supervisor, audio: wires.audio }
    }

    fn plug(&mut self, ports: &[&str]) {
        self.world.lock().unwrap().ports = ports.iter().map(|name| port(name)).collect();
        self.supervisor.look();
    }

    fn open(&self) -> Vec<String> {
        self.world.lock().unwrap().open.keys().cloned().collect()
    }

    fn play(&self, port: &str, bytes: &[u8]) {
        let receiver = self.world.lock().unwrap().open[port].clone();
        receiver.receive(bytes);
    }

    fn heard(&mut self) -> Vec<EventKind> {
        let mut kinds = Vec::new();
        self.audio.drain(|event| kinds.push(event.kind));
        kinds
    }
}

fn named(names: &[&str]) -> Inputs {
    Inputs::Named(names.iter().map(|name| (*name).to_owned()).collect())
}

#[test]
fn all_real_devices_are_heard_and_the_loop_is_not() {
    let mut stage = Stage::new(Inputs::All, &["Keys:MIDI 20:0", "Pads:MIDI 24:0", "Through:0 14:0"]);
    stage.supervisor.start().unwrap();
    assert_eq!(stage.open(), ["Keys:MIDI 20:0", "Pads:MIDI 24:0", "virtual"]);
}

#[test]
fn a_vanished_port_releases_its_keys_its_pedal_and_its_wheel() {
    let mut stage = Stage::new(Inputs::All, &["Keys:MIDI 20:0"]);
    stage.supervisor.start().unwrap();
    stage.play("Keys:MIDI 20:0", &[0x90, 60, 100, 0xB0, 64, 127, 0xE0, 0, 0]);
    assert_eq!(stage.heard().len(), 3);
    stage.plug(&[]);
    let released =
        [EventKind::Controller { number: 64, value: 0 }, EventKind::PitchBend(0), EventKind::AllNotesOff];
    assert_eq!(stage.heard(), released);
    assert_eq!(stage.open(), ["virtual"]);
}

#[test]
fn a_device_that_comes_back_under_another_number_is_heard_again() {
    let mut stage = Stage::new(named(&["keys"]), &["Keys:MIDI 20:0", "Other:MIDI 24:0"]);
    stage.supervisor.start().unwrap();
    for plugging in [&["Other:MIDI 24:0"][..], &["Keys:MIDI 28:0", "Other:MIDI 24:0"], &["Keys:MIDI 32:0"]] {
        stage.plug(plugging);
    }
    assert_eq!(stage.open(), ["Keys:MIDI 32:0", "virtual"]);
    stage.heard();
    stage.play("Keys:MIDI 32:0", &[0x90, 60, 100]);
    assert_eq!(stage.heard(), [EventKind::NoteOn { key: 60, velocity: 100 }]);
}

#[test]
fn inputs_are_never_used_up_by_plugging() {
    let mut stage = Stage::new(Inputs::All, &["Keys:MIDI 20:0"]);
    stage.supervisor.start().unwrap();
    for _ in 0..50 {
        stage.plug(&[]);
        stage.plug(&["Keys:MIDI 20:0", "Pads:MIDI 24:0"]);
    }
    assert_eq!(stage.open(), ["Keys:MIDI 20:0", "Pads:MIDI 24:0", "virtual"]);
}

#[test]
fn more_ports_than_inputs_leave_the_rest_unheard() {
    let mut stage = Stage::new(Inputs::All, &["A:1 1:0", "B:1 2:0", "C:1 3:0", "D:1 4:0", "E:1 5:0"]);
    stage.supervisor.start().unwrap();
    assert_eq!(stage.open().len(), 4);
    stage.plug(&["E:1 5:0"]);
    assert_eq!(stage.open(), ["E:1 5:0", "virtual"]);
}

#[test]
fn a_named_port_that_is_not_there_or_not_clear_is_an_error_at_start() {
    let ports = ["Keys:MIDI 20:0", "Keys:DAW 20:1"];
    let error = |names: &[&str]| Stage::new(named(names), &ports).supervisor.start().unwrap_err();
    assert!(matches!(error(&["Organ"]), MidiError::Unknown { there, .. } if there.len() == 2));
    assert!(matches!(error(&["keys"]), MidiError::Ambiguous { candidates, .. } if candidates.len() == 2));
}

#[test]
fn a_back_end_that_died_releases_everything_and_comes_back() {
    let mut stage = Stage::new(Inputs::All, &["Keys:MIDI 20:0"]);
    stage.supervisor.start().unwrap();
    stage.play("Keys:MIDI 20:0", &[0x90, 60, 100]);
    stage.world.lock().unwrap().has_died = true;
    stage.plug(&["Keys:MIDI 20:0"]);
    let released = stage.heard().iter().filter(|kind| **kind == EventKind::AllNotesOff).count();
    assert_eq!(released, 2);
    assert_eq!(stage.open(), ["Keys:MIDI 20:0", "virtual"]);
}

#[test]
fn a_device_that_breaks_its_promise_of_active_sensing_is_released_once() {
    let mut stage = Stage::new(Inputs::All, &["Keys:MIDI 20:0"]);
    stage.supervisor.start().unwrap();
    stage.play("Keys:MIDI 20:0", &[0x90, 60, 100, 0xFE]);
    stage.heard();
    let now = Instant::now();
    stage.supervisor.check(now + Duration::from_millis(200));
    assert_eq!(stage.heard(), []);
    stage.supervisor.check(now + Duration::from_secs(1));
    stage.supervisor.check(now + Duration::from_secs(2));
    assert_eq!(stage.heard(), [EventKind::AllNotesOff]);
}

#[test]
fn a_device_that_promised_nothing_may_be_silent() {
    let mut stage = Stage::new(Inputs::All, &["Keys:MIDI 20:0"]);
    stage.supervisor.start().unwrap();
    stage.play("Keys:MIDI 20:0", &[0x90, 60, 100]);
    stage.heard();
    stage.supervisor.check(Instant::now() + Duration::from_secs(60));
    assert_eq!(stage.heard(), []);
}
