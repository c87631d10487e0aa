//! A script plays the band over OSC: chords, sections, another rig, stop.

use std::net::{SocketAddr, UdpSocket};

use rosc::{OscMessage, OscPacket, OscType};

use super::program::{Folder, Program};
use super::recording::{Score, Sound};

/// A quarter, in ticks.
const QUARTER: u32 = 960;

/// The longest that a note of the band may be: two bars of 4/4.
const LONGEST: u32 = 8 * QUARTER;

fn send(to: SocketAddr, address: &str, text: Option<&str>) {
    let args = text.map(|text| OscType::String(text.into())).into_iter().collect();
    let packet = OscPacket::Message(OscMessage { addr: address.into(), args });
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.send_to(&rosc::encoder::encode(&packet).unwrap(), to).unwrap();
}

#[test]
fn a_script_leads_the_band() {
    let folder = Folder::new("script");
    let program = Program::play(
        &folder,
        &["medium-swing", "--audio", "none", "--chord-source", "sent", "--tempo", "200"],
    );
    let osc = program.osc();
    program.await_news("recording to");
    let at = program.await_status("rest", 0, |line| line.contains("waiting"));
    send(osc, "/sideman/chord/set", Some("Cmaj7"));
    send(osc, "/sideman/transport/start", None);
    let at = program.await_status("start", at, |line| line.contains("Cmaj7") && line.contains("main_a"));
    send(osc, "/sideman/section/main/c", None);
    let at = program.await_status("main C", at, |line| line.contains("main_c") && !line.contains('>'));
    send(osc, "/sideman/chord/set", Some("F#m7b5/C"));
    let at = program.await_status("chord", at, |line| line.contains("F#m7b5/C"));
    send(osc, "/sideman/preset/load", Some("nonesuch"));
    program.await_news("no rig named `nonesuch`");
    send(osc, "/sideman/preset/load", Some("disco"));
    program.await_news("disco at the next bar");
    let at = program.await_status("rig", at, |line| !line.contains("200 bpm") && !line.contains("waiting"));
    send(osc, "/sideman/chord/set", Some("G7"));
    let at = program.await_status("chord under the new rig", at, |line| line.contains("G7"));
    send(osc, "/sideman/transport/stop", None);
    program.await_status("rest", at, |line| line.contains("waiting"));
    program.terminate();
    let ended = program.end();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let report = folder.report();
    assert_eq!(report["events"]["osc"], 8, "{report}");
    assert_eq!(report["notes"]["stuck"], 0, "{report}");
    assert_eq!(report["tape"]["dropped"], 0, "{report}");
    let score = Score::read(&folder.file("show/take.mid"));
    let chords = score.markers("chords");
    assert!(chords.starts_with(&["Cmaj7", "F#m7b5/C", "G7"]), "{chords:?}");
    assert!(score.markers("sections").contains(&"main_c"));
    let longest = score.band().map(|note| note.off - note.on).max();
    assert!(longest.is_some_and(|ticks| ticks <= LONGEST), "a note of {longest:?} ticks");
    let silence = Sound::read(&folder.file("show/band.wav")).longest_silence().unwrap();
    assert!(silence < 1.0, "a hole of {silence} s");
    Program::replay(&folder);
}
