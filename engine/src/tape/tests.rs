//! What the tape leaves on the disk.

use std::ops::Deref;

use super::*;
use crate::wires::{Logged, Wires, wires};
use crate::{Part, Sounded, SoundedKind};
use ringbuf::traits::Producer;

/// An empty folder, removed when the test ends well.
pub(crate) struct Folder(PathBuf);

pub(crate) fn folder(name: &str) -> Folder {
    let dir = std::env::temp_dir().join(format!("sideman-{}-{name}", std::process::id()));
    fs::create_dir_all(&dir).unwrap();
    Folder(dir)
}

impl Deref for Folder {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !thread::panicking() {
            fs::remove_dir_all(&self.0).unwrap();
        }
    }
}

fn config(dir: &Path) -> TapeConfig {
    let header = Header { rate: 48_000, ..Header::default() };
    TapeConfig { dir: dir.to_owned(), wav: true, stems: true, midi: true, log: true, header }
}

fn play(audio: &mut crate::wires::AudioEnds, frames: usize) {
    audio.samples.push_slice(&vec![0.5; frames * TAPE_CHANNELS]);
    for frame in 0..10 {
        let kind = SoundedKind::On { part: Part::Bass, key: 40, velocity: 80, moved: false };
        audio.sounded.push(Sounded { frame, tick: frame as i64 * 480, kind }).unwrap();
        audio.log.push(Logged::Patch { frame, rig: crate::RigName::new("rock") }).unwrap();
    }
}

#[test]
fn everything_that_was_sent_is_in_the_files_after_the_stop() {
    let dir = folder("tape");
    let Wires { mut audio, tape: ends, .. } = wires(48_000);
    let tape = Tape::start(ends, config(&dir)).unwrap();
    play(&mut audio, 5000);
    let recorded = tape.stop().unwrap();
    assert_eq!((recorded.frames, recorded.files.len()), (5000, 3 + Part::COUNT));
    assert!(recorded.files.iter().all(|file| file.exists()));
    assert_eq!(hound::WavReader::open(dir.join("band.wav")).unwrap().duration(), 5000);
    let log = Log::read(&dir.join("events.log")).unwrap();
    assert!(log.is_whole && log.entries.len() == 10 && log.header.rate == 48_000);
    assert!(midly::Smf::parse(&fs::read(dir.join("take.mid")).unwrap()).is_ok());
}

#[test]
fn what_was_flushed_is_valid_without_an_end() {
    let dir = folder("killed");
    let Wires { mut audio, tape: mut ends, .. } = wires(48_000);
    let mut deck = Deck::new(&config(&dir)).unwrap();
    for _ in 0..3 {
        play(&mut audio, 1000);
        deck.take_in(&mut ends).unwrap();
        deck.flush().unwrap();
    }
    std::mem::forget(deck);
    assert_eq!(hound::WavReader::open(dir.join("drums.wav")).unwrap().duration(), 3000);
    assert_eq!(Log::read(&dir.join("events.log")).unwrap().entries.len(), 30);
    assert!(midly::Smf::parse(&fs::read(dir.join("take.mid")).unwrap()).is_ok());
}

#[test]
fn a_folder_that_cannot_be_made_is_an_error_that_names_it() {
    let dir = folder("no-folder");
    let file = dir.join("file");
    fs::write(&file, "").unwrap();
    let Wires { tape: ends, .. } = wires(100);
    let error = Tape::start(ends, config(&file)).unwrap_err().to_string();
    assert!(error.contains(&file.display().to_string()), "{error}");
}

#[test]
fn after_an_error_the_queues_are_still_emptied() {
    let dir = folder("full-disk");
    let Wires { mut audio, tape: mut ends, .. } = wires(48_000);
    let mut deck = Deck::new(&config(&dir)).unwrap();
    deck.close();
    play(&mut audio, 1000);
    deck.take_in(&mut ends).unwrap();
    assert!(ends.samples.is_empty() && ends.sounded.is_empty() && ends.log.is_empty());
}
