//! The whole program between other clients of JACK's.

use super::keyboard::Keyboard;
use super::server::{Running, connect, has_port, jackd, run, with_server};
use crate::program::{Folder, Program};
use crate::recording::{Note, Score, Sound};
use crate::wait_for;

/// Amplitudes below this are silence, above that sound.
const SILENCE: f32 = 1e-4;
const SOUND: f32 = 0.01;

/// F major below the split.
const CHORD: [u8; 3] = [41, 45, 48];

/// Two beats of medium swing, in seconds: a groove may breathe, but no longer.
const BEATS_OF_SWING: f64 = 1.0;

/// A quarter, in ticks.
const QUARTER: u32 = 960;

fn play(folder: &Folder, args: &[&str]) -> Program {
    let program = Program::play(folder, &[&["medium-swing", "--audio", "jack"], args].concat());
    program.await_news("recording to");
    program
}

/// Connects the ears of `keys` to the band.
fn hear() {
    connect("sideman_out:out_0", "keys:left");
    connect("sideman_out:out_1", "keys:right");
}

/// Waits until the band hears `keys` for the `nth` time, so that what is played there arrives.
fn await_keys(program: &Program, keys: &Keyboard, nth: usize) {
    program.await_news_again("midi in: keys:out\n", nth);
    // A connection counts from one of the next cycles on.
    keys.listen(8);
}

fn is_playing(line: &str) -> bool {
    !line.contains("waiting")
}

/// Ends a show that must have gone well.
fn end(program: Program, folder: &Folder) -> (serde_json::Value, Score) {
    program.terminate();
    let ended = program.end();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let report = folder.report();
    assert_eq!((&report["notes"]["stuck"], &report["tape"]["dropped"]), (&0.into(), &0.into()), "{report}");
    (report, Score::read(&folder.file("show/take.mid")))
}

#[test]
fn the_first_chord_starts_the_band() {
    with_server("jack::band::the_first_chord_starts_the_band", |_server| {
        let folder = Folder::new("first_chord");
        let mut keys = Keyboard::new();
        let program = play(&folder, &["--midi-in", "keys:out"]);
        await_keys(&program, &keys, 1);
        hear();
        assert!(keys.listen(100) < SILENCE, "the band plays before it is asked to");
        keys.press(&CHORD);
        wait_for("sound", || (keys.listen(1) > SOUND).then_some(()));
        program.await_status("F", 0, |line| is_playing(line) && line.contains(" F "));
        keys.release(&CHORD);
        keys.press(&[72]);
        program.await_seconds(1);
        drop(keys);
        program.await_seconds(3);
        let (report, score) = end(program, &folder);
        assert_eq!((&report["audio"], &report["events"]["midi"]), (&"jack".into(), &7.into()), "{report}");
        assert_eq!(score.markers("chords"), ["F"]);
        let first = score.notes("drums").iter().map(|note| note.on).min();
        let chord: Vec<&Note> =
            score.notes("performer").iter().filter(|note| CHORD.contains(&note.key)).collect();
        assert!(chord.len() == 3 && chord.iter().all(|note| note.on < QUARTER / 8), "{chord:?}");
        assert!(first.is_some_and(|tick| tick < QUARTER), "the band began at {first:?}");
        assert!(is_let_go(&score), "{score:?}");
        Program::replay(&folder);
    });
}

/// Whether the first melody note ended long before the show.
fn is_let_go(score: &Score) -> bool {
    let melody = score.notes("performer").iter().find(|note| note.key == 72);
    melody.is_some_and(|note| note.off + 2 * QUARTER < score.end)
}

/// Strikes F and a melody note every two seconds, and holds them almost as long.
fn sequencer() -> Running {
    let notes = [41, 45, 48, 72].map(|key| ["0".to_owned(), format!("{key}"), "90000".to_owned()]);
    let args: Vec<String> = ["seq", "96000"].map(str::to_owned).into_iter().chain(notes.concat()).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let running = run("jack_midiseq", &args).expect("jack_midiseq is part of jackd2");
    wait_for("port", || has_port("seq:out").then_some(()));
    running
}

#[test]
fn a_keyboard_that_dies_lets_go_and_may_come_back() {
    with_server("jack::band::a_keyboard_that_dies_lets_go_and_may_come_back", |_server| {
        let folder = Folder::new("keyboard_dies");
        let mut keyboard = sequencer();
        let program = play(&folder, &["--midi-in", "seq:out"]);
        program.await_status("start", 0, is_playing);
        keyboard.0.kill().unwrap();
        keyboard.0.wait().unwrap();
        program.await_news("seq:out has gone");
        program.await_seconds(2);
        let _keyboard = sequencer();
        program.await_news_again("midi in: seq:out\n", 2);
        let (report, score) = end(program, &folder);
        assert!(report["events"]["midi"].as_u64() >= Some(4), "{report}");
        assert!(is_let_go(&score), "{score:?}");
    });
}

#[test]
fn the_band_outlives_the_server() {
    with_server("jack::band::the_band_outlives_the_server", |mut server| {
        let folder = Folder::new("server_dies");
        let mut keys = Keyboard::new();
        let program = play(&folder, &["--midi-in", "keys:out"]);
        await_keys(&program, &keys, 1);
        keys.press(&CHORD);
        program.await_status("start", 0, is_playing);
        drop(keys);
        server.end();
        program.await_news("audio device lost");
        program.await_seconds(1);
        let _server = jackd().unwrap();
        program.await_news("audio device is back");
        let mut keys = Keyboard::new();
        hear();
        wait_for("sound", || (keys.listen(1) > SOUND).then_some(()));
        await_keys(&program, &keys, 2);
        keys.press(&[72]);
        program.await_seconds(1);
        let played = program.since().elapsed().as_secs_f64();
        let (report, score) = end(program, &folder);
        assert_eq!(report["events"]["midi"], 4, "{report}");
        assert!(score.notes("performer").iter().any(|note| note.key == 72));
        let sound = Sound::read(&folder.file("show/band.wav"));
        let hole = sound.longest_silence().unwrap();
        assert!(hole < BEATS_OF_SWING, "a hole of {hole} s");
        assert!(sound.seconds() > 0.8 * played - 1.0, "{} s of {played} s", sound.seconds());
    });
}
