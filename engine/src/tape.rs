//! The recording: sound, notes and the event log, written to disk by a thread of its own.

mod decode;
mod encode;
mod header;
mod log;
mod midi;
mod tempo_map;
mod wav;

use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use ringbuf::traits::{Consumer, Observer};

pub use header::{Header, hash, instruction_set};
pub use log::{Log, LogError, LogWriter, MAGIC};
pub use midi::MidiWriter;
pub use wav::{Reel, WavWriter};

use crate::wires::{TAPE_CHANNELS, TapeEnds};

/// How often the queues are emptied.
const ROUND: Duration = Duration::from_millis(20);

/// How often all files are made valid: well within two seconds.
const FLUSH: Duration = Duration::from_secs(1);

/// What is recorded, and where.
#[derive(Clone, Debug)]
pub struct TapeConfig {
    /// The folder; it is made if need be.
    pub dir: PathBuf,
    /// Whether to write `band.wav`.
    pub wav: bool,
    /// Whether to write a WAV file for each part beside it.
    pub stems: bool,
    /// Whether to write `take.mid`.
    pub midi: bool,
    /// Whether to write `events.log`.
    pub log: bool,
    /// What the log begins with; its rate is that of the WAV files.
    pub header: Header,
}

/// What was recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recorded {
    /// Frames of sound.
    pub frames: u64,
    /// Every file that was written.
    pub files: Vec<PathBuf>,
}

/// A recording cannot go on; what was written before is valid.
#[derive(Debug)]
pub struct TapeError {
    path: PathBuf,
    error: io::Error,
}

impl fmt::Display for TapeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot record to {}: {}", self.path.display(), self.error)
    }
}

impl std::error::Error for TapeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

/// A recording that runs.
#[derive(Debug)]
pub struct Tape {
    dir: PathBuf,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<io::Result<Recorded>>>,
}

impl Tape {
    /// Starts to record what comes through `ends`.
    ///
    /// # Errors
    /// The folder or a file cannot be made.
    pub fn start(ends: TapeEnds, config: TapeConfig) -> Result<Tape, TapeError> {
        let dir = config.dir.clone();
        let failed = |error| TapeError { path: config.dir.clone(), error };
        let deck = Deck::new(&config).map_err(failed)?;
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = stop.clone();
        let thread = thread::Builder::new().name("tape".into()).spawn(move || record(deck, ends, &stopped));
        Ok(Tape { dir, stop, thread: Some(thread.map_err(failed)?) })
    }

    /// Writes what is still in the queues and ends the files.
    ///
    /// # Errors
    /// Something could not be written, now or while the tape ran; what was written before is valid.
    pub fn stop(mut self) -> Result<Recorded, TapeError> {
        let recorded = self.join();
        recorded.map_err(|error| TapeError { path: std::mem::take(&mut self.dir), error })
    }

    fn join(&mut self) -> io::Result<Recorded> {
        self.stop.store(true, Ordering::Relaxed);
        match self.thread.take().map(JoinHandle::join) {
            Some(Ok(recorded)) => recorded,
            Some(Err(_)) => Err(io::Error::other("the tape thread panicked")),
            None => Ok(Recorded::default()),
        }
    }
}

impl Drop for Tape {
    fn drop(&mut self) {
        // Who wants to know of errors calls `stop`.
        let _ = self.join();
    }
}

/// The tape thread. After an error it only empties the queues, so that nobody else notices.
#[expect(
    clippy::disallowed_methods,
    reason = "the tape is no part of the audio thread and has nothing else to do"
)]
fn record(mut deck: Deck, mut ends: TapeEnds, stop: &AtomicBool) -> io::Result<Recorded> {
    let mut failure = None;
    let mut flushed = Instant::now();
    loop {
        // Read first: what came before the word is then written.
        let is_last = stop.load(Ordering::Relaxed);
        let mut result = deck.take_in(&mut ends);
        if result.is_ok() && flushed.elapsed() >= FLUSH && failure.is_none() {
            flushed = Instant::now();
            result = deck.flush();
        }
        if let Err(error) = result {
            deck.close();
            failure.get_or_insert(error);
        }
        if is_last {
            break;
        }
        thread::sleep(ROUND);
    }
    match failure {
        None => deck.finish(),
        Some(error) => Err(error),
    }
}

/// The files of a recording.
struct Deck {
    dir: PathBuf,
    reel: Option<Reel>,
    midi: Option<MidiWriter>,
    log: Option<LogWriter<BufWriter<File>>>,
    samples: Vec<f32>,
    recorded: Recorded,
}

impl Deck {
    fn new(config: &TapeConfig) -> io::Result<Deck> {
        let TapeConfig { dir, wav, stems, midi, log, header } = config;
        fs::create_dir_all(dir)?;
        let mut files = Vec::new();
        let log = if *log {
            let path = dir.join("events.log");
            let log = LogWriter::new(BufWriter::new(File::create(&path)?), header)?;
            files.push(path);
            Some(log)
        } else {
            None
        };
        let mut deck = Deck {
            dir: dir.clone(),
            reel: (*wav || *stems).then(|| Reel::create(dir, header.rate, *stems)).transpose()?,
            midi: midi.then(MidiWriter::default),
            log,
            samples: vec![0.0; 1024 * TAPE_CHANNELS],
            recorded: Recorded { frames: 0, files },
        };
        deck.flush()?;
        Ok(deck)
    }

    /// Empties the queues.
    fn take_in(&mut self, ends: &mut TapeEnds) -> io::Result<()> {
        while let Ok(sounded) = ends.sounded.pop() {
            if let Some(midi) = &mut self.midi {
                midi.write(&sounded);
            }
        }
        while let Ok(logged) = ends.log.pop() {
            if let Some(log) = &mut self.log {
                log.write(&logged)?;
            }
        }
        loop {
            let whole = ends.samples.occupied_len() / TAPE_CHANNELS * TAPE_CHANNELS;
            let samples = &mut self.samples[..whole.min(1024 * TAPE_CHANNELS)];
            let taken = ends.samples.pop_slice(samples);
            if taken == 0 {
                return Ok(());
            }
            if let Some(reel) = &mut self.reel {
                reel.write(&samples[..taken])?;
                self.recorded.frames += (taken / TAPE_CHANNELS) as u64;
            }
        }
    }

    /// Makes every file valid as it is.
    fn flush(&mut self) -> io::Result<()> {
        if let Some(reel) = &mut self.reel {
            reel.flush()?;
        }
        if let Some(log) = &mut self.log {
            log.flush()?;
        }
        if let Some(midi) = &self.midi {
            replace(&self.dir.join("take.mid"), &midi.bytes()?)?;
        }
        Ok(())
    }

    /// Writes nothing more.
    fn close(&mut self) {
        (self.reel, self.midi, self.log) = (None, None, None);
    }

    fn finish(mut self) -> io::Result<Recorded> {
        self.flush()?;
        if self.midi.is_some() {
            self.recorded.files.push(self.dir.join("take.mid"));
        }
        if let Some(reel) = self.reel {
            self.recorded.files.extend(reel.finish()?);
        }
        Ok(self.recorded)
    }
}

/// Puts a file in the place of another at once, so that there is a whole one at any time.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let new = path.with_extension("mid.tmp");
    fs::write(&new, bytes)?;
    fs::rename(new, path)
}

#[cfg(test)]
pub(crate) mod tests;
