//! What cannot be done is refused with a code and one line that names it, and nothing else is on the terminal.

use std::fs;
use std::net::UdpSocket;

use super::program::{Folder, Program};

/// Runs a command that must fail, with this code and these words.
pub fn refused(folder: &Folder, args: &[&str], code: i32, names: &[&str]) {
    let ended = Program::start(folder, args).end();
    assert_eq!(ended.code, Some(code), "{args:?}: {ended:?}");
    for name in names {
        assert!(ended.said.contains(name), "{args:?} does not name `{name}`: {}", ended.said);
    }
    if code != 2 {
        let lines: Vec<&str> = ended.said.lines().filter(|line| !is_log(line)).collect();
        assert!(matches!(lines[..], [line] if line.starts_with("sideman: ")), "{args:?}: {}", ended.said);
    }
}

/// Whether a line of stderr was written by the program's own log.
fn is_log(line: &str) -> bool {
    ["INFO ", "WARN ", "ERROR "].iter().any(|level| line.trim_start().starts_with(level))
}

#[test]
fn each_refusal_has_its_code_and_names_what_is_refused() {
    let folder = Folder::new("refusals");
    fs::write(folder.file("broken.sf2"), b"RIFF\x10\0\0\0sfbkLIST").unwrap();
    fs::write(folder.file("broken.toml"), "title = \"Broken\"\ntempoo = 120\n").unwrap();
    let play = |args: &[&str], code, names: &[&str]| {
        let usual = ["play", "--headless", "--for", "0.1", "--osc", "127.0.0.1:0"];
        refused(&folder, &[&usual, args].concat(), code, names);
    };
    play(&["medium-swin", "--audio", "none"], 3, &["medium-swin`", "`medium-swing`"]);
    play(&["./broken.toml", "--audio", "none"], 3, &["broken.toml", "tempoo"]);
    play(&["--audio", "none", "--soundfont", "broken.sf2"], 7, &["broken.sf2"]);
    play(&["--audio", "none", "--soundfont", "missing.sf2"], 7, &["missing.sf2"]);
    play(&["--audio", "none", "--midi-in", "no such keyboard"], 5, &["no such keyboard"]);
    play(&["--audio", "none", "--midi-out", "no such synth"], 5, &["no such synth"]);
    play(&["--audio", "alsa:no-such-card"], 4, &["alsa", "no-such-card"]);
    play(&["--audio", "jack"], 4, &["jack"]);
    play(&["--audio", "gramophone"], 4, &["gramophone", "none"]);
    play(&["--audio", "none", "--performer", "missing.mid"], 1, &["missing.mid"]);
    play(&["--audio", "none", "--tempo", "fast"], 2, &["fast", "--tempo"]);
    play(&["--audio", "none", "--louder"], 2, &["--louder"]);
}

#[test]
fn a_port_that_is_taken_is_named_and_costs_no_recording() {
    let folder = Folder::new("taken_port");
    let taken = UdpSocket::bind("127.0.0.1:0").unwrap();
    let addr = taken.local_addr().unwrap().to_string();
    fs::create_dir_all(folder.file("show")).unwrap();
    fs::write(folder.file("show/band.wav"), "the show of yesterday").unwrap();
    let args = ["play", "--audio", "none", "--headless", "--record", "show", "--osc", &addr];
    refused(&folder, &args, 6, &[&taken.local_addr().unwrap().port().to_string()]);
    assert_eq!(fs::read_to_string(folder.file("show/band.wav")).unwrap(), "the show of yesterday");
}

#[test]
fn the_terminal_is_left_to_the_program() {
    let folder = Folder::new("terminal");
    for args in [&["play", "--headless", "--for", "0.1", "--osc", "127.0.0.1:0"][..], &["devices"]] {
        let ended = Program::start(&folder, args).end();
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert!(ended.said.lines().all(is_log), "{}", ended.said);
    }
    assert!(fs::exists(folder.file("sideman-take/report.json")).unwrap(), "where nobody plays, a take does");
}
