//! OSC as another program sends it: liblo's `oscsend` plays the band over UDP.

use std::process::Command as Program;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use control::osc::{Command, Server, Sink};
use engine::{Chord, Cue, EventKind, Knob, Level, Param, Part, Quality};

/// Longer than any machine needs to pass on a datagram.
const PATIENCE: Duration = Duration::from_secs(10);

/// What arrived.
#[derive(Clone, Debug, PartialEq)]
enum Heard {
    Event(EventKind),
    Command(Command),
}

struct Ear(Sender<Heard>);

impl Sink for Ear {
    fn send(&mut self, kind: EventKind) {
        self.0.send(Heard::Event(kind)).unwrap();
    }

    fn command(&mut self, command: Command) {
        self.0.send(Heard::Command(command)).unwrap();
    }

    fn is_running(&self) -> bool {
        false
    }
}

fn server() -> (Server, Receiver<Heard>) {
    let (sender, heard) = channel();
    (Server::start(([127, 0, 0, 1], 0).into(), Ear(sender)).unwrap(), heard)
}

/// Runs `oscsend`; `false` if it is not installed.
fn oscsend(server: &Server, message: &str) -> bool {
    let port = server.addr().port().to_string();
    let sent = Program::new("oscsend").args(["127.0.0.1", &port]).args(message.split(' ')).status();
    match sent {
        Ok(status) => {
            assert!(status.success(), "oscsend {message}");
            true
        }
        Err(error) => {
            eprintln!("skipped: oscsend (package liblo-tools) does not run: {error}");
            false
        }
    }
}

#[test]
fn every_type_that_oscsend_knows_is_understood() {
    let set = |knob, part, value| Heard::Event(EventKind::Set { param: Param::on(knob, part), value });
    let chord = Chord::new(6, Quality::HalfDim).over(0);
    let messages = [
        ("/sideman/transport/play i 1", Heard::Event(EventKind::Start)),
        ("/sideman/transport/stop", Heard::Event(EventKind::Stop)),
        ("/sideman/transport/continue T", Heard::Event(EventKind::Continue)),
        ("/sideman/transport/restart I", Heard::Event(EventKind::Restart)),
        ("/sideman/transport/panic N", Heard::Event(EventKind::Panic)),
        ("/sideman/tempo/bpm f 96.5", set(Knob::Tempo, Part::Drums, 96.5)),
        ("/sideman/tempo/bpm d 96.5", set(Knob::Tempo, Part::Drums, 96.5)),
        ("/sideman/tempo/bpm h 97", set(Knob::Tempo, Part::Drums, 97.0)),
        ("/sideman/tempo/bpm s 98", set(Knob::Tempo, Part::Drums, 98.0)),
        ("/sideman/tempo/ramp ff 140 2", Heard::Event(EventKind::Ramp { bpm: 140.0, bars: 2.0 })),
        ("/sideman/mix/bass/db i 0", set(Knob::Volume, Part::Bass, 0.75)),
        ("/sideman/mix/comp/mute F", set(Knob::Mute, Part::Comp, 0.0)),
        ("/sideman/mix/master/volume/norm f 0.5", set(Knob::Master, Part::Drums, 0.5)),
        ("/sideman/section/main/c f 1", Heard::Event(EventKind::Cue(Cue::Main(Level::C)))),
        ("/sideman/section/main s main_b", Heard::Event(EventKind::Cue(Cue::Main(Level::B)))),
        ("/sideman/section/main c d", Heard::Event(EventKind::Cue(Cue::Main(Level::D)))),
        ("/sideman/chord/set s F#m7b5/C", Heard::Event(EventKind::Chord(Some(chord)))),
        ("/sideman/preset/load s bossa", Heard::Command(Command::LoadRig("bossa".into()))),
    ];
    let (server, heard) = server();
    for (message, wanted) in messages {
        if !oscsend(&server, message) {
            return;
        }
        assert_eq!(heard.recv_timeout(PATIENCE), Ok(wanted), "{message}");
    }
}

#[test]
fn a_wildcard_from_oscsend_reaches_all_parts() {
    let (server, heard) = server();
    if oscsend(&server, "/sideman/mix/*/mute i 1") {
        let parts = (0..Part::COUNT).map(|_| heard.recv_timeout(PATIENCE).unwrap());
        assert!(parts.collect::<Vec<_>>().contains(&Heard::Event(EventKind::Set {
            param: Param::on(Knob::Mute, Part::Pads),
            value: 1.0
        })));
    }
}

#[test]
fn what_oscsend_gets_wrong_is_counted_and_harms_nothing() {
    let (server, heard) = server();
    for message in ["/sideman/tempo/bpm s fast", "/sideman/nothing i 1", "/sideman/section/fill i 0"] {
        if !oscsend(&server, message) {
            return;
        }
    }
    oscsend(&server, "/sideman/section/fill i 1");
    assert_eq!(heard.recv_timeout(PATIENCE), Ok(Heard::Event(EventKind::Cue(Cue::Fill))));
    assert_eq!(server.counts().misfits.get(), 2);
}
