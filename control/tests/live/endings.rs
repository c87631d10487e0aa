//! However a show ends, what was played is on disk, and it can be played again.

use std::time::Duration;

use engine::tape::Log;

use super::program::{Folder, Program};
use super::recording::{Score, Sound};

/// The take that these shows play.
const TAKE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../presets/takes/first-take.mid");

fn play(folder: &Folder, args: &[&str]) -> Program {
    let usual = ["medium-swing", "--audio", "none", "--headless", "--performer", TAKE];
    Program::play(folder, &[&usual, args].concat())
}

#[test]
fn a_show_that_is_asked_to_end_ends_in_order() {
    let folder = Folder::new("asked_to_end");
    let program = play(&folder, &[]);
    program.await_news("recording to");
    std::thread::sleep(Duration::from_secs(3));
    program.terminate();
    let ended = program.end();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    for file in ["band.wav", "take.mid", "events.log"] {
        assert!(ended.said.contains(&format!("wrote show/{file}")), "{ended:?}");
    }
    let report = folder.report();
    assert_eq!((&report["notes"]["stuck"], &report["events"]["dropped"]), (&0.into(), &0.into()), "{report}");
    assert!(report["seconds"].as_f64() > Some(3.0) && report["audio"] == "none", "{report}");
    assert!(Sound::read(&folder.file("show/band.wav")).longest_silence().is_some());
    let score = Score::read(&folder.file("show/take.mid"));
    assert!(score.band().count() > 10 && !score.markers("chords").is_empty(), "{score:?}");
    assert!(Log::read(&folder.file("show/events.log")).unwrap().is_whole);
}

#[test]
fn a_show_that_is_killed_leaves_all_but_its_last_two_seconds() {
    let folder = Folder::new("killed");
    let mut program = play(&folder, &[]);
    program.await_news("recording to");
    let opening = program.since().elapsed();
    std::thread::sleep(Duration::from_secs(4));
    let played = program.since().elapsed() - opening;
    program.kill();
    assert_eq!(program.end().code, None);
    let sound = Sound::read(&folder.file("show/band.wav"));
    assert!(sound.seconds() >= played.as_secs_f64() - 2.0, "{} s of {played:?}", sound.seconds());
    assert!(sound.longest_silence().is_some());
    assert!(Score::read(&folder.file("show/take.mid")).band().count() > 0);
    assert!(!Log::read(&folder.file("show/events.log")).unwrap().entries.is_empty());
    let again =
        Program::start(&folder, ["render", "--replay", "show/events.log", "--midi", "again.mid"]).end();
    assert_eq!(again.code, Some(0), "{again:?}");
    assert!(Score::read(&folder.file("again.mid")).band().count() > 0);
}

#[test]
fn a_live_take_is_played_again_by_its_log() {
    let folder = Folder::new("played_again");
    let ended = play(&folder, &["--for", "12"]).end();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(Sound::read(&folder.file("show/band.wav")).seconds() > 11.0);
    Program::replay(&folder);
}
