//! `sideman variations` writes MIDI files that can be played, each with a melody of its own, the best first.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Parser;
use control::args::Cli;
use control::eval::judge::{Band, score};
use control::{Exit, Failure, takes};
use engine::take::Take;
use engine::{Meter, Part, Tick};
use serde_json::Value;

/// An empty folder of the test.
fn folder(test: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    // It may be there from another run.
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

fn vary(take: &Path, out: &Path, options: &[&str]) -> Result<(), Failure> {
    let (take, out) = (take.to_str().unwrap(), out.to_str().unwrap());
    let named = ["sideman", "variations", "medium-swing", "--performer", take, "--out", out];
    control::run(Cli::parse_from(named.iter().chain(options)))
}

/// Variations of the take inside.
fn varied(out: &Path, options: &[&str]) -> Value {
    vary(Path::new("first-take"), out, options).unwrap();
    serde_json::from_slice(&fs::read(out.join("variations.json")).unwrap()).unwrap()
}

/// Every file in a folder by name, with its bytes.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let read =
        |entry: fs::DirEntry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap());
    let mut files: Vec<(String, Vec<u8>)> = entries.map(read).collect();
    files.sort();
    files
}

/// The melody of a file, without its chord hand.
fn melody(band: &Band) -> Vec<(Tick, u8)> {
    let lead = band.performer.iter().filter(|note| note.key >= 54);
    lead.map(|note| (note.on, note.key)).collect()
}

#[test]
fn twenty_variations_are_twenty_melodies_over_the_chords_of_the_phrase() {
    let dir = folder("variations_twenty");
    let list = varied(&dir, &["--count", "20", "--bars", "4"]);
    let names: Vec<String> = files(&dir).into_iter().map(|file| file.0).collect();
    let expected = (1..=20).map(|rank| format!("{rank:02}.mid")).chain(["variations.json".into()]);
    assert!(names.into_iter().eq(expected));
    let mut melodies = BTreeSet::new();
    for (name, bytes) in files(&dir).into_iter().take(20) {
        let (take, band) = (Take::read(&bytes).unwrap(), score::read(&bytes).unwrap());
        assert_eq!((take.bars(), take.meter()), (4, Meter::COMMON), "{name}");
        let names: Vec<String> = band.chords.iter().map(|(_, chord)| chord.unwrap().to_string()).collect();
        assert_eq!(names, ["Fmaj7", "D7b9", "Gm7", "C7"], "{name}");
        assert!(Part::BAND.into_iter().all(|part| band.part(part).next().is_none()), "{name}");
        assert!(!melody(&band).is_empty(), "{name}");
        melodies.insert(melody(&band));
    }
    assert_eq!(melodies.len(), 20);
    assert_eq!(list["found"], 20);
}

#[test]
fn the_list_ranks_by_likelihood_and_tells_distances() {
    let list = varied(&folder("variations_ranked"), &["--count", "20"]);
    let rows = list["variations"].as_array().unwrap();
    let number = |row: &Value, of: &str| row[of].as_f64().unwrap();
    for (rank, row) in (1..).zip(rows) {
        assert_eq!((&row["rank"], &row["file"]), (&rank.into(), &format!("{rank:02}.mid").into()));
        assert!(number(row, "log_likelihood") <= number(&rows[0], "log_likelihood"));
        assert!((0.0..=1.0).contains(&number(row, "from_original")) && number(row, "from_original") > 0.0);
    }
    assert_eq!(rows[0]["nearest"], Value::Null);
    assert!(rows[1..].iter().all(|row| number(row, "nearest") > 0.0));
}

#[test]
fn the_same_seed_writes_the_same_files_and_another_one_others() {
    let (one, again, other) =
        (folder("variations_one"), folder("variations_again"), folder("variations_other"));
    varied(&one, &["--count", "20"]);
    varied(&again, &["--count", "20"]);
    varied(&other, &["--count", "20", "--seed", "2"]);
    assert!(files(&one) == files(&again));
    assert!(files(&one) != files(&other));
}

#[test]
fn fewer_variations_in_the_same_folder_leave_none_of_those_before_and_all_else() {
    let dir = folder("variations_fewer");
    varied(&dir, &["--count", "12"]);
    fs::write(dir.join("mine.mid"), b"untouched").unwrap();
    varied(&dir, &["--count", "3"]);
    let names: Vec<String> = files(&dir).into_iter().map(|file| file.0).collect();
    assert_eq!(names, ["01.mid", "02.mid", "03.mid", "mine.mid", "variations.json"]);
}

#[test]
fn a_variation_can_be_varied_again() {
    let (dir, again) = (folder("variations_first"), folder("variations_second"));
    varied(&dir, &["--count", "1"]);
    vary(&dir.join("01.mid"), &again, &["--count", "3"]).unwrap();
    let band = score::read(&files(&again)[0].1).unwrap();
    let names: Vec<String> = band.chords.iter().map(|(_, chord)| chord.unwrap().to_string()).collect();
    assert_eq!(names, ["Fmaj7", "D7b9", "Gm7", "C7"]);
}

#[test]
fn a_take_without_a_melody_and_a_model_that_is_none_or_broken_are_said_so() {
    let dir = folder("variations_refused");
    let refused = |take: &Path, options: &[&str]| {
        let failure = vary(take, &dir.join("out"), options).unwrap_err();
        (failure.exit, failure.to_string())
    };
    let chords = dir.join("chords.mid");
    fs::write(&chords, without_melody(takes::EMBEDDED[0].1)).unwrap();
    let (exit, why) = refused(&chords, &[]);
    assert!(exit == Exit::Usage && why.contains("no melody"), "{why}");
    let take = Path::new("first-take");
    assert_eq!(refused(take, &["--model", "none"]).0, Exit::Usage);
    let broken = dir.join("broken.safetensors");
    fs::write(&broken, b"no weights").unwrap();
    assert_eq!(refused(take, &["--model", broken.to_str().unwrap()]).0, Exit::Runtime);
    assert_eq!(refused(&dir.join("nowhere.mid"), &[]).0, Exit::Runtime);
    assert!(!dir.join("out").exists(), "nothing was written");
}

/// A MIDI file with the keys of the chord hand alone.
fn without_melody(take: &[u8]) -> Vec<u8> {
    use midly::{MidiMessage, Smf, TrackEventKind};
    let mut smf = Smf::parse(take).unwrap();
    for event in smf.tracks.iter_mut().flatten() {
        if let TrackEventKind::Midi {
            message: MidiMessage::NoteOn { key, vel } | MidiMessage::NoteOff { key, vel },
            ..
        } = &mut event.kind
            && key.as_int() >= 54
        {
            (*key, *vel) = (0.into(), 0.into());
        }
    }
    let mut bytes = Vec::new();
    smf.write_std(&mut bytes).unwrap();
    bytes
}
