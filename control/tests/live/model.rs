//! The trained model on stage: it plays, and what it played can be played again; and where its file is broken, `render`
//! refuses and `play` goes on without it and says so.

use std::fs;

use serde_json::{Value, json};

use super::program::{Folder, Program};
use super::recording::Sound;
use super::refusals::refused;

const TAKE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../presets/takes/first-take.mid");
/// The rig that the folder of a test has: every part of the band is the model's.
const RIG: &str = "./written.toml";
const BROKEN: &str = "broken.safetensors";

/// A folder with the rig.
fn folder(test: &str) -> Folder {
    let folder = Folder::new(test);
    let band = ["drums = {", "bass = {", "comp = {", "pads = {"];
    let line = |line: &str| match line.split_once('{') {
        Some((name, rest)) if band.iter().any(|part| line.starts_with(part)) && !rest.contains("source") => {
            format!("{name}{{ source = \"model\",{rest}\n")
        }
        _ => format!("{line}\n"),
    };
    let text: String = include_str!("../../../presets/funk.toml").lines().map(line).collect();
    fs::write(folder.file(RIG), text).unwrap();
    folder
}

/// Plays the take with the rig for some seconds; returns what was said.
fn play(folder: &Folder, seconds: &str, args: &[&str]) -> String {
    let usual = [RIG, "--audio", "none", "--headless", "--performer", TAKE, "--for", seconds];
    let ended = Program::play(folder, &[&usual, args].concat()).end();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    ended.said
}

/// The weights inside, with a description that was changed.
fn described(change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let (mut header, numbers) = split();
    let json = header["__metadata__"]["config"].as_str().unwrap();
    let mut config = serde_json::from_str(json).unwrap();
    change(&mut config);
    header["__metadata__"]["config"] = config.to_string().into();
    let header = header.to_string();
    [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), numbers].concat()
}

/// The weights inside, with one key of the description changed.
fn with(key: &str, value: Value) -> Vec<u8> {
    described(|config| config[key] = value)
}

/// Header and numbers of the weights inside.
fn split() -> (Value, &'static [u8]) {
    let (length, rest) = models::WEIGHTS.split_at(8);
    let (header, numbers) = rest.split_at(u64::from_le_bytes(length.try_into().unwrap()) as usize);
    (serde_json::from_slice(header).unwrap(), numbers)
}

/// The weights inside, with the last norm so large that no number comes out: each is finite by itself.
fn absurd() -> Vec<u8> {
    let (header, numbers) = split();
    let place = |i| header["norm.weight"]["data_offsets"][i].as_u64().unwrap() as usize;
    let before = models::WEIGHTS.len() - numbers.len();
    let mut bytes = models::WEIGHTS.to_vec();
    bytes[before + place(0)..before + place(1)].fill(0x7f);
    bytes
}

/// The weights inside, with a last number that is none.
fn without_a_number() -> Vec<u8> {
    let mut bytes = models::WEIGHTS.to_vec();
    let end = bytes.len();
    bytes[end - 2..].fill(0xff);
    bytes
}

#[test]
fn a_render_with_a_broken_file_is_refused_and_names_file_and_fault() {
    let folder = folder("broken_render");
    let hidden = |config: &mut Value| config["hidden"] = (config["hidden"].as_u64().unwrap() + 64).into();
    let cut = |len: usize| models::WEIGHTS[..len].to_vec();
    let spoilt = [
        (Vec::new(), "no safetensors file"),
        (b"RIFF, and no weights at all".to_vec(), "no safetensors file"),
        (cut(1000), "no safetensors file"),
        (cut(models::WEIGHTS.len() - 1), "no safetensors file"),
        (with("heads", json!(0)), "config: heads is 0"),
        (with("context", json!(1_u64 << 40)), "config: context is"),
        (with("context", json!(64)), "config: context is 64"),
        (with("tokens", json!("0123456789abcdef")), "config: tokens is 0123456789abcdef"),
        (with("layers", json!(60_000)), "attn_norm.weight: missing"),
        (described(hidden), "layers.0.gate_up.weight: shape"),
        (without_a_number(), "is not finite"),
    ];
    for (bytes, fault) in spoilt {
        fs::write(folder.file(BROKEN), bytes).unwrap();
        let args = ["render", RIG, "--performer", TAKE, "--bars", "1", "--wav", "out.wav", "--model", BROKEN];
        refused(&folder, &args, 1, &[BROKEN, fault]);
        assert!(!folder.file("out.wav").exists(), "nothing is begun");
    }
}

#[test]
fn a_show_with_a_broken_file_is_played_by_groove_and_says_so() {
    let folder = folder("broken_show");
    let cut = models::WEIGHTS[..models::WEIGHTS.len() / 2].to_vec();
    for (bytes, fault) in [(cut, "no safetensors file"), (with("heads", json!(0)), "heads is 0")] {
        fs::write(folder.file(BROKEN), bytes).unwrap();
        let said = play(&folder, "3", &["--model", BROKEN]);
        let notice = said.lines().find(|line| line.contains(BROKEN)).expect(&said);
        assert!(notice.contains("ERROR") && notice.contains(fault), "{notice}");
        assert!(notice.contains("without the model"), "{notice}");
        assert_groove_played(&folder);
    }
}

#[test]
fn a_model_that_fails_in_the_show_gives_way_to_groove_and_says_so() {
    let folder = folder("absurd_show");
    fs::write(folder.file(BROKEN), absurd()).unwrap();
    let said = play(&folder, "3", &["--model", BROKEN]);
    assert!(said.lines().any(|line| line.contains("WARN") && line.contains("the model failed")), "{said}");
    assert_groove_played(&folder);
    assert!(folder.report()["model"]["failures"].as_u64() > Some(0));
}

/// The show of this folder was played by the rig's patterns, and all of it can be heard.
fn assert_groove_played(folder: &Folder) {
    let report = folder.report();
    assert_eq!(
        (&report["model"]["name"], &report["silent_blocks"]),
        (&"groove".into(), &0.into()),
        "{report}"
    );
    let sound = Sound::read(&folder.file("show/band.wav"));
    assert!(sound.longest_silence().expect("it is not silent") < 1.0);
}

#[test]
fn a_live_take_that_the_model_played_is_played_again_by_its_log() {
    let folder = folder("model_again");
    play(&folder, "10", &[]);
    let report = folder.report();
    assert_ne!(report["model"]["name"], "groove", "{report}");
    assert!(report["model"]["tokens"].as_u64() > Some(100), "{report}");
    assert_eq!(report["model"]["failures"], 0, "{report}");
    Program::replay(&folder);
}
