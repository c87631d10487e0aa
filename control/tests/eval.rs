//! `sideman eval` judges a folder: every take, every set, and the people on the takes.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Parser;
use control::args::Cli;
use control::{Exit, takes};
use engine::tape::MidiWriter;
use engine::{Chord, Part, Quality, Sounded, SoundedKind, Tick};
use serde_json::Value;

const BAR: Tick = 3840;

/// An empty folder of the test.
fn folder(test: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    // It may be there from another run.
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

/// What `eval` writes of a folder.
fn judged(folder: &Path, options: &[&str]) -> Value {
    let json = folder.join("report.json");
    let (dir, file) = (folder.to_str().unwrap(), json.to_str().unwrap());
    let named = ["sideman", "eval", dir, "--model", "none", "--json", file];
    let args = named.iter().chain(options).copied();
    control::run(Cli::parse_from(args)).unwrap();
    serde_json::from_slice(&fs::read(&json).unwrap()).unwrap()
}

/// Eight bars: a left hand that changes each bar, a melody of its roots, and a human bass that plays `above` them.
fn take_with_bass(above: u8) -> Vec<u8> {
    let mut events: Vec<(Tick, SoundedKind)> = Vec::new();
    for (bar, root) in (0..).zip([0, 9, 2, 7, 0, 9, 2, 7_u8]) {
        let tick = bar * BAR;
        let chord = Some(Chord::new(root, Quality::Maj));
        events.push((tick, SoundedKind::Chord { chord, since: tick }));
        let hands = [36, 40, 43, 72].map(|key| (Part::Lead, key + root));
        for (part, key) in hands.into_iter().chain([(Part::Bass, 36 + (root + above) % 12)]) {
            events.push((tick, SoundedKind::On { part, key, velocity: 80, moved: false }));
            events.push((tick + BAR - 10, SoundedKind::Off { part, key }));
        }
    }
    events.sort_by_key(|(tick, _)| *tick);
    let mut file = MidiWriter::default();
    events.into_iter().for_each(|(tick, kind)| file.write(&Sounded { frame: 0, tick, kind }));
    file.bytes().unwrap()
}

#[test]
fn people_are_judged_by_the_tracks_of_the_take_and_the_band_by_what_it_plays() {
    let dir = folder("eval_people");
    fs::write(dir.join("root_a.mid"), take_with_bass(0)).unwrap();
    fs::write(dir.join("fifth_a.mid"), take_with_bass(7)).unwrap();
    let report = judged(&dir, &["--rig", "rock"]);
    let of = |set: &str, take: &str, who: &str| report["sets"][set]["takes"][take][who].clone();
    assert_eq!(of("root", "root_a", "people")["bass_root"], 1.0);
    assert_eq!(of("fifth", "fifth_a", "people")["bass_root"], 0.0);
    assert_eq!(of("root", "root_a", "people")["in_chord"], 1.0);
    assert_eq!(of("root", "root_a", "people").get("comp_move"), None, "nobody comped");
    for (set, take) in [("root", "root_a"), ("fifth", "fifth_a")] {
        let band = of(set, take, "groove");
        assert!(band["bass_root"].as_f64().unwrap() >= 0.8, "{band}");
        assert!(band["fresh"].as_f64().unwrap() > 0.9, "{band}");
        assert_eq!(band["failures"], 0.0);
    }
    assert_eq!(report["all"]["mean"]["people"]["bass_root"], 0.5);
    assert_eq!(report["all"]["mean"]["people_90"]["bass_root"], 1.0);
}

#[test]
fn the_same_seed_gives_the_same_figures_and_another_one_others() {
    let dir = folder("eval_seeds");
    let (name, bytes) = takes::EMBEDDED[0];
    fs::write(dir.join(name), bytes).unwrap();
    let once = judged(&dir, &["--bars", "8"]);
    assert_eq!(once, judged(&dir, &["--bars", "8"]));
    assert_ne!(once["all"], judged(&dir, &["--bars", "8", "--seed", "2"])["all"]);
}

#[test]
fn a_slow_model_delivers_late_and_the_band_goes_on() {
    let dir = folder("eval_late");
    let (name, bytes) = takes::EMBEDDED[0];
    fs::write(dir.join(name), bytes).unwrap();
    let fresh = |latency: &str| {
        let report = judged(&dir, &["--bars", "8", "--model-latency", latency]);
        report["all"]["mean"]["groove"]["fresh"].as_f64().unwrap()
    };
    assert!(fresh("0") > fresh("9000"));
}

#[test]
fn a_folder_without_takes_and_a_model_that_is_not_there_are_said_so() {
    let dir = folder("eval_nothing");
    fs::write(dir.join("broken.mid"), b"no music").unwrap();
    let refused = |options: &[&str]| {
        let args = ["sideman", "eval", dir.to_str().unwrap()];
        control::run(Cli::parse_from(args.iter().chain(options))).unwrap_err().exit
    };
    assert_eq!(refused(&[]), Exit::Usage);
    fs::write(dir.join("take.mid"), takes::EMBEDDED[0].1).unwrap();
    assert_eq!(refused(&["--model", "nowhere.safetensors"]), Exit::Runtime);
}
