use std::fs;
use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::*;
use crate::corpus::mix::testing::{material, rigs};
use crate::tokens::{Class, read};

/// Streams of every kind of made-up material.
fn streams() -> Vec<Stream> {
    let all = [Set::Drummer, Set::Teacher, Set::Pianist, Set::Soloist].map(material);
    let rigs = rigs();
    let cast = Cast::new(&rigs, &all, Split::Train);
    let items = (0..24).flat_map(|seed| all.iter().map(move |material| (material, seed)));
    items.filter_map(|(material, seed)| cast.item(material, seed)).map(|item| Stream::of(&item)).collect()
}

#[test]
fn every_line_reads_back() {
    for stream in streams() {
        let mut lines = stream.lines.iter();
        for words in stream.words.chunk_by(|_, next| next.class != Class::Beat) {
            assert_eq!(read(words).as_ref(), Ok(lines.next().unwrap()));
        }
        assert_eq!(lines.next(), None);
    }
}

#[test]
fn a_frame_counts_nothing_but_for_the_chord_the_melody_and_the_end_of_the_line_before() {
    #[rustfmt::skip]
    let notes = [Class::Position, Class::Push, Class::Drum, Class::Ornament, Class::Touch, Class::Bass, Class::Chordal, Class::Tie];
    #[rustfmt::skip]
    let chord = [Class::Hold, Class::NoChord, Class::Change, Class::Alteration, Class::Slash];
    let mut chords_that_count = 0;
    for stream in streams() {
        assert_eq!(stream.words.len(), stream.weights.len());
        for (word, weight) in stream.words.iter().zip(&stream.weights) {
            match word.class {
                class if notes.contains(&class) => {
                    assert!([40, 50, 100].contains(weight), "{word:?} {weight}")
                }
                Class::Beat => assert!([0, 40, 50, 100].contains(weight)),
                class if chord.contains(&class) => {
                    assert!([0, 20].contains(weight));
                    chords_that_count += usize::from(*weight > 0);
                }
                Class::Play | Class::Rest | Class::Lead | Class::Degree => {
                    assert_eq!(*weight, 10, "{word:?}")
                }
                _ => assert_eq!(*weight, 0, "{word:?}"),
            }
        }
    }
    assert!(chords_that_count > 0);
}

#[test]
fn a_drummer_counts_in_full_and_the_word_that_ends_them_too() {
    let all = [material(Set::Drummer), material(Set::Teacher)];
    let rigs = rigs();
    let cast = Cast::new(&rigs, &all, Split::Train);
    let stream = Stream::of(&cast.item(&all[0], 1).unwrap());
    let words = || stream.words.iter().zip(&stream.weights);
    assert!(words().filter(|(word, _)| word.class == Class::Drum).all(|(_, weight)| *weight == 100));
    let after = words().skip(1).zip(words()).filter(|(_, before)| before.0.class == Class::Drum);
    assert!(after.into_iter().all(|((_, weight), _)| *weight == 100));
}

/// Writes a file of a corpus.
fn file(folder: &Path, name: &str, lines: &[String]) {
    let file = fs::File::create(folder.join(format!("{name}.jsonl.gz"))).unwrap();
    let mut gz = GzEncoder::new(file, Compression::fast());
    lines.iter().for_each(|line| writeln!(gz, "{line}").unwrap());
    gz.finish().unwrap();
}

fn song(set: &str, number: usize, split: &str, more: &str) -> String {
    let chords: Vec<String> =
        (0..16).map(|bar| format!(r#"[{},1920,{},"min",{}]"#, bar * 1920, bar % 5, bar % 5)).collect();
    format!(
        r#"{{"id":"{set}:{number}","set":"{set}","split":"{split}","licence":"","bpm":120,"meters":[[0,4,4]],"chords":[{}],{more}}}"#,
        chords.join(",")
    )
}

/// A tiny corpus with one song that must not be trained on.
fn corpus(folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    let drums = r#""parts":{"drums":[[0,100,36,100],[480,100,38,90],[960,100,36,100],[30000,100,38,90]]}"#;
    let melody = r#""parts":{"melody":[[0,400,72,80],[480,400,74,80],[15000,400,76,80]]}"#;
    let both = |set, more| ["train", "valid"].map(|split| song(set, 1, split, more));
    for set in ["wjd", "bands", "billboard", "openewld", "neonscribe", "pop909"] {
        file(folder, set, &both(set, melody));
    }
    file(folder, "gmd", &both("gmd", drums));
    let evaluated = song("irb", 2, "train", r#""use":"evaluate""#);
    file(folder, "irb", &[song("irb", 1, "train", r#""style":["jazz"]"#), evaluated]);
}

#[test]
fn the_same_plan_writes_the_same_shards_and_nothing_that_is_for_evaluation() {
    let folder = std::env::temp_dir().join(format!("sideman-shards-{}", std::process::id()));
    corpus(&folder);
    let rigs = rigs();
    let written = |out: &str| {
        let out = folder.join(out);
        let trials = Trials::default();
        let plan = Plan { corpus: folder.clone(), out: out.clone(), seed: 1, passes: 1, limit: 9, trials };
        let statistics = write_shards(&plan, &rigs).unwrap();
        assert!(!statistics.to_string().contains("irb | train | 2"));
        ["train.bin", "train.weight", "train.idx", "train.set", "valid.bin", "meta.json"]
            .map(|name| fs::read(out.join(name)).unwrap())
    };
    let (first, again) = (written("a"), written("b"));
    fs::remove_dir_all(&folder).unwrap();
    assert_eq!(first, again);
    assert!(first.iter().all(|file| !file.is_empty()));
    let last = u64::from_le_bytes(first[2][first[2].len() - 8..].try_into().unwrap());
    assert_eq!((first[0].len() as u64, first[1].len() as u64), (2 * last, last));
}
