//! Every rig loads, grows and lands; every mistake is told where it is.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use engine::{Level, Part};
use models::{Pattern, Piece, Rig, Stroke};

use super::*;

/// The rig that the broken files are made of.
const GOOD: &str = include_str!("../../../presets/medium-swing.toml");
const README: &str = include_str!("../../../presets/README.md");

fn rigs() -> Vec<Rig> {
    embedded().map(|name| find(name, &[]).unwrap_or_else(|e| panic!("{e}"))).collect()
}

/// Steps in a bar and the sum of their velocities, in the mean of the alternatives.
fn weight(alternatives: &[Pattern]) -> (f32, f32) {
    let of = |pattern: &Pattern| {
        let steps = pattern.steps.iter();
        let sums = steps.fold((0.0, 0.0), |sum, step| (sum.0 + 1.0, sum.1 + step.dynamic.velocity()));
        (sums.0 / f32::from(pattern.bars), sums.1 / f32::from(pattern.bars))
    };
    let count = alternatives.len().max(1) as f32;
    let sums = alternatives.iter().map(of).fold((0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1));
    (sums.0 / count, sums.1 / count)
}

/// Onsets a bar and onsets × mean velocity a bar of all parts, and how many voices play.
fn energy(piece: &Piece) -> (f32, f32, usize) {
    let lanes = piece.drums.iter().map(|lane| lane.patterns.as_slice());
    let voices: Vec<_> =
        lanes.chain([&piece.bass[..], &piece.comp, &piece.pads]).filter(|p| !p.is_empty()).collect();
    let sums = voices.iter().map(|p| weight(p)).fold((0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1));
    (sums.0, sums.1 * piece.velocity, voices.len())
}

#[test]
fn every_rig_loads_and_none_is_left_outside_the_binary() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../presets");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|file| file.extension().is_some_and(|ending| ending == "toml"));
    let files: BTreeSet<_> =
        files.map(|file| file.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    assert_eq!(files, embedded().map(str::to_owned).collect());
    assert!(rigs().len() >= 15);
}

#[test]
fn every_main_is_a_tenth_stronger_than_the_one_before_and_denser_or_larger() {
    for rig in rigs() {
        for (quiet, loud) in rig.mains.iter().zip(&rig.mains[1..]) {
            let ((steps, force, voices), (more, stronger, larger)) = (energy(quiet), energy(loud));
            assert!(stronger >= force * 1.1, "{}: {force} then {stronger}", rig.name);
            assert!(more > steps || larger > voices, "{}: {steps} then {more} onsets", rig.name);
        }
    }
}

#[test]
fn every_main_has_drums_bass_and_comp_and_the_fullest_has_pads() {
    for rig in rigs() {
        assert!(rig.mains.iter().all(|main| !main.drums.is_empty() && !main.bass.is_empty()), "{}", rig.name);
        assert!(rig.mains.iter().all(|main| !main.comp.is_empty()), "{}", rig.name);
        assert!(!rig.mains[Level::D.index()].pads.is_empty(), "{}", rig.name);
    }
}

#[test]
fn every_ending_lands_on_one_of_its_last_bar_and_holds() {
    for rig in rigs() {
        let last = u16::from(rig.ending.bars - 1) * rig.meter.beats_per_bar() as u16;
        let ending = &rig.ending;
        let final_steps = |pattern: &Pattern| {
            let steps: Vec<_> = pattern.steps.iter().copied().filter(|step| step.beat >= last).collect();
            steps
        };
        for pattern in ending.bass.iter().chain(&ending.comp) {
            let steps = final_steps(pattern);
            assert_eq!(steps.len(), 1, "{}", rig.name);
            assert!((steps[0].beat, steps[0].position) == (last, 0) && steps[0].length >= 24, "{}", rig.name);
        }
        let lands = |lane: &models::Lane| final_steps(&lane.patterns[0]).iter().any(|s| s.beat == last);
        assert!(ending.drums.iter().filter(|lane| lands(lane)).count() >= 2, "{}", rig.name);
        for lane in &ending.drums {
            assert!(
                final_steps(&lane.patterns[0]).iter().all(|s| s.beat == last && s.position == 0),
                "{}",
                rig.name
            );
        }
    }
}

#[test]
fn every_fill_is_written_up_to_the_bar_line_and_leads_on() {
    for rig in rigs() {
        let beats = rig.meter.beats_per_bar() as u16;
        for fill in rig.fills.iter().flatten() {
            let last_beat = u16::from(fill.bars) * beats - 1;
            let drums = fill.drums.iter().flat_map(|lane| &lane.patterns[0].steps);
            let struck = drums.filter(|step| step.beat == last_beat).count();
            assert!(struck >= 2, "{}: {struck} strokes on the last beat of a fill", rig.name);
        }
    }
}

#[test]
fn a_clave_is_never_written_against_itself() {
    for rig in rigs().iter().filter(|rig| rig.clave.is_some()) {
        assert_eq!(rig.unit_bars % 2, 0, "{}", rig.name);
        let key = models::drum_key("clave").unwrap();
        let claves = rig.mains.iter().flat_map(|main| main.drums.iter().filter(|lane| lane.key == key));
        let shapes: BTreeSet<Vec<_>> = claves
            .flat_map(|lane| &lane.patterns)
            .map(|pattern| pattern.steps.iter().map(|step| (step.beat, step.position)).collect())
            .collect();
        assert!(shapes.len() <= 1, "{}", rig.name);
    }
}

#[test]
fn the_bass_opens_its_bars_on_the_root_unless_the_style_says_otherwise() {
    const AWAY: [&str; 4] = ["son-montuno", "reggae-one-drop", "afrobeat", "twelve-eight-afro"];
    for rig in rigs().iter().filter(|rig| !AWAY.contains(&rig.name.as_str())) {
        let beats = rig.meter.beats_per_bar() as u16;
        let lines: Vec<_> = rig.mains.iter().flat_map(|main| &main.bass).collect();
        let opens = |bass: &Pattern, bar: u16| {
            let first = bass.steps.iter().find(|step| step.beat / beats == bar);
            first.is_some_and(|step| step.stroke == Stroke::Slot(1))
        };
        let bars: Vec<_> =
            lines.iter().flat_map(|bass| (0..u16::from(bass.bars)).map(|bar| opens(bass, bar))).collect();
        let rooted = bars.iter().filter(|opens| **opens).count();
        assert!(rooted * 10 >= bars.len() * 8, "{}: {rooted} of {}", rig.name, bars.len());
    }
}

#[test]
fn a_player_s_own_file_takes_the_place_of_a_rig_of_the_same_name() {
    let dir = std::env::temp_dir().join(format!("sideman-rigs-{}", std::process::id()));
    fs::create_dir_all(&dir).unwrap();
    fs::write(dir.join("funk.toml"), GOOD.replace("Medium swing", "My own")).unwrap();
    let dirs = [PathBuf::from("nowhere"), dir.clone()];
    let (own, other) = (find("funk", &dirs).unwrap(), find("rock", &dirs).unwrap());
    let by_path = find(dir.join("funk.toml").to_str().unwrap(), &[]).unwrap();
    fs::remove_dir_all(&dir).unwrap();
    assert_eq!((own.title.as_str(), own.name.as_str(), other.title.as_str()), ("My own", "funk", "Rock"));
    assert_eq!(by_path.title, "My own");
}

#[test]
fn an_unknown_rig_names_the_nearest_one() {
    let told = |name: &str| find(name, &[]).unwrap_err().to_string();
    assert_eq!(told("bosa-nova"), "no rig named `bosa-nova`; did you mean `bossa-nova`?");
    assert_eq!(told("qqqqq"), "no rig named `qqqqq`; `sideman rigs` lists them");
    assert!(told("no/such.toml").starts_with("no/such.toml: "));
}

#[test]
fn the_example_of_the_readme_is_a_rig() {
    let example = README.split("```toml").nth(1).unwrap().split("```").next().unwrap();
    let rig = parse("example", Path::new("presets/README.md"), example).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(rig.unit_bars, 2);
}

#[test]
fn the_readme_tells_every_key_and_lists_every_rig() {
    let keys = [read::ROOT, read::TEMPO, read::GROOVE, part::KEYS, piece::KEYS].concat();
    let words = keys.into_iter().chain(embedded()).chain(models::DRUMS.iter().map(|piece| piece.0));
    let untold: Vec<_> = words.filter(|word| !README.contains(&format!("`{word}`"))).collect();
    assert!(untold.is_empty(), "{untold:?}");
}

/// A line of the good rig, what a careless hand makes of it, where in that the mistake is, its key, and what must be told.
#[rustfmt::skip]
const BROKEN: &[(&str, &str, &str, &str, &[&str])] = &[
    ("swing = 0.64", "swimg = 0.64", "swimg", "tempo.swimg", &["unknown key `swimg`", "did you mean `swing`?"]),
    ("schema = 1", "shema = 1", "shema", "shema", &["unknown key", "did you mean `schema`?"]),
    ("bpm = 132", "bpm = \"fast\"", "\"fast", "tempo.bpm", &["found the text \"fast\"", "a number from 96 to 220"]),
    ("bpm = 132", "bpm = 60", "60", "tempo.bpm", &["60 is out of range", "96 to 220"]),
    ("meter = \"4/4\"", "meter = \"4/3\"", "\"4/3", "tempo.meter", &["\"4/3\"", "expected a meter", "12/8"]),
    ("swing = 0.64", "swing = 0.9", "0.9", "tempo.swing", &["0.9 is out of range", "0.5 to 0.75"]),
    ("feel = \"jazz\"", "feel = \"jaz\"", "\"jaz", "groove.feel", &["unknown name", "\"laid-back\"", "did you mean `jazz`?"]),
    ("bass_pushes = false", "bass_pushes = 0", "0", "groove.bass_pushes", &["found the number 0", "true or false"]),
    ("unit_bars = 2", "unit_bars = 0", "0", "groove.unit_bars", &["0 is out of range", "from 1 to 8"]),
    ("unit_bars = 2", "unit_bars = [2]", "[2]", "groove.unit_bars", &["found a list", "a whole number"]),
    ("\"jazz-guitar\"", "\"jaz-guitar\"", "\"jaz", "parts.comp.sound", &["unknown name", "did you mean `jazz-guitar`?"]),
    ("\"kit-jazz\"", "\"piano\"", "\"piano", "parts.drums.sound", &["\"piano\"", "expected a kit"]),
    ("[\"E1\", \"G3\"]", "[\"E1\", \"H3\"]", "\"H3", "parts.bass.range", &["\"H3\" is no note", "C4 is the middle C"]),
    ("\"barre\"", "\"bare\"", "\"bare", "parts.comp.family", &["\"top-three\"", "did you mean `barre`?"]),
    ("feel.answer = ", "feel.anwser = ", "anwser", "knobs.feel.anwser", &["unknown knob", "did you mean `feel.answer`?"]),
    ("harmony.colour = 2", "harmony.colour = 7", "7", "knobs.harmony.colour", &["out of range", "0 to 2 (triad, seventh, extended)"]),
    ("[break]", "[brake]", "brake", "brake", &["unknown key `brake`", "did you mean `break`?"]),
    ("drums.rim = ", "drums.rimm = ", "rimm", "intro.drums.rimm", &["unknown key `rimm`", "did you mean `rim`?"]),
    ("kick = \"g . g .\"", "kick = \"g . q .\"", "q .", "intro.drums.kick", &["found `q`", "one of `. g s x X"]),
    ("kick = \"g . g .\"", "kick = \"g . g\"", "g . g", "intro.drums.kick", &["a bar of 3 beats", "4 beats in 4/4"]),
    ("kick = \"g . g .\"", "kick = \"g . g .....\"", ".....", "intro.drums.kick", &["5 steps", "1, 2, 3, 4, 6 or 12"]),
    ("kick = \"g . g .\"", "kick = \". . . . | . . . . | . . . .\"", "\".", "intro.drums.kick", &["a pattern of 3 bars", "goes into the section's 4"]),
    ("kick = \"g . g .\"", "kick = [\"g . g .\", \"g . g . | g . ? .\"]", "? .", "intro.drums.kick", &["found `?`", "after a stroke"]),
    ("kick = \"g . g .\"", "kick = 3", "3", "intro.drums.kick", &["found the number 3", "a pattern"]),
    ("kick = \"g . g .\"", "kick = \"g . g .", "\n", "", &["expected TOML"]),
];

/// Line and column, from 1, of a byte.
fn place(text: &str, byte: usize) -> String {
    let lines: Vec<_> = text[..byte].split('\n').collect();
    format!("{}:{}", lines.len(), lines[lines.len() - 1].chars().count() + 1)
}

#[test]
fn every_mistake_tells_file_line_key_expectation_and_nearest_name() {
    for (good, bad, wrong, key, words) in BROKEN {
        let at = GOOD.find(good).unwrap_or_else(|| panic!("{good}"));
        let text = GOOD.replacen(good, bad, 1);
        let at = at + text[at..].find(wrong).unwrap();
        let key = if key.is_empty() { String::new() } else { format!("{key}: ") };
        let start = format!("my/bad.toml:{}: {key}", place(&text, at));
        let told = parse("bad", Path::new("my/bad.toml"), &text).unwrap_err().to_string();
        assert!(told.starts_with(&start), "{told}\nis not at\n{start}");
        assert!(words.iter().all(|word| told.contains(word)), "{told}\nlacks one of {words:?}");
    }
}

#[test]
fn what_is_missing_is_told_by_name() {
    let without = |section: &str| {
        let from = GOOD.find(section).unwrap();
        let to = GOOD[from + 1..].find("\n[").map_or(GOOD.len(), |end| from + 1 + end);
        format!("{}{}", &GOOD[..from], &GOOD[to..])
    };
    let told = |text: &str| parse("bad", Path::new("bad.toml"), text).unwrap_err().to_string();
    assert_eq!(
        told(&without("[ending]")),
        "bad.toml:1:1: ending: `ending` is missing; expected a section `[ending]`"
    );
    assert!(told(&without("[main_c]")).contains("`main_c` is missing"));
    assert!(
        told(&GOOD.replacen("[intro]\nbars = 4", "[intro]", 1)).contains("intro.bars: `bars` is missing")
    );
    assert!(told("").contains("`schema` is missing"));
}

#[test]
fn a_knob_may_be_given_as_a_word_or_a_switch() {
    let with = |line: &str| GOOD.replacen("harmony.colour = 2", line, 1);
    let knobs = |line: &str| parse("rig", Path::new("rig.toml"), &with(line)).unwrap().knobs;
    let extended = engine::Param::of(engine::Knob::Colour);
    assert!(knobs("harmony.colour = \"extended\"").contains(&(extended, 2.0)));
    assert!(knobs("section.auto_fill = false").contains(&(engine::Param::of(engine::Knob::AutoFill), 0.0)));
    assert!(
        knobs("part.bass.density = 0.3")
            .contains(&(engine::Param::on(engine::Knob::Density, Part::Bass), 0.3))
    );
}
