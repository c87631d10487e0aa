//! What `render` writes: the mix, the parts, the MIDI, the log. In memory or straight to the files.

use std::fs;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use engine::tape::{Header, LogWriter, MidiWriter, Reel, WavWriter};
use engine::wires::{TAPE_CHANNELS, TapeEnds};
use ringbuf::traits::Consumer;

/// Where each thing goes, if anywhere.
#[derive(Clone, Debug, Default)]
pub struct Outputs {
    /// The mix.
    pub wav: Option<PathBuf>,
    /// A folder for the parts.
    pub stems: Option<PathBuf>,
    /// What was played.
    pub midi: Option<PathBuf>,
    /// The event log.
    pub log: Option<PathBuf>,
}

/// Takes in what the tape's queues hold, and writes it.
#[allow(missing_debug_implementations, reason = "hound's writer has none")]
pub struct Recorder {
    outputs: Outputs,
    wav: Option<WavWriter>,
    reel: Option<Reel>,
    midi: MidiWriter,
    log: Option<LogWriter<BufWriter<fs::File>>>,
    samples: Vec<f32>,
    stereo: Vec<f32>,
    failed: Option<(PathBuf, io::Error)>,
}

impl Recorder {
    /// Opens what is written as it comes.
    ///
    /// # Errors
    /// The file or folder that cannot be made.
    pub fn create(outputs: Outputs, rate: u32, header: &Header) -> Result<Recorder, (PathBuf, io::Error)> {
        let wav =
            outputs.wav.as_deref().map(|path| at(path, |path| WavWriter::create(path, rate))).transpose()?;
        let reel = outputs.stems.as_deref().map(|dir| at(dir, |dir| stems(dir, rate))).transpose()?;
        let open = |path: &Path| LogWriter::new(BufWriter::new(fs::File::create(path)?), header);
        let log = outputs.log.as_deref().map(|path| at(path, open)).transpose()?;
        let samples = vec![0.0; 1024 * TAPE_CHANNELS];
        Ok(Recorder {
            wav,
            reel,
            midi: MidiWriter::default(),
            log,
            samples,
            stereo: Vec::new(),
            failed: None,
            outputs,
        })
    }

    /// Empties the queues. After a failure nothing more is written; [`Recorder::finish`] tells it.
    pub fn take(&mut self, ends: &mut TapeEnds) {
        while let Ok(sounded) = ends.sounded.pop() {
            self.midi.write(&sounded);
        }
        while let Ok(logged) = ends.log.pop() {
            let written = self.log.as_mut().map_or(Ok(()), |log| log.write(&logged));
            self.keep_failure(self.outputs.log.clone(), written);
        }
        loop {
            let n = ends.samples.pop_slice(&mut self.samples);
            if n == 0 {
                break;
            }
            self.take_samples(n);
        }
    }

    fn take_samples(&mut self, n: usize) {
        let samples = &self.samples[..n];
        self.stereo.clear();
        samples.chunks_exact(TAPE_CHANNELS).for_each(|frame| self.stereo.extend(&frame[..2]));
        let mix = self.wav.as_mut().map_or(Ok(()), |wav| wav.write(&self.stereo));
        let parts = self.reel.as_mut().map_or(Ok(()), |reel| reel.write(samples));
        self.keep_failure(self.outputs.wav.clone(), mix);
        self.keep_failure(self.outputs.stems.clone(), parts);
    }

    fn keep_failure(&mut self, path: Option<PathBuf>, result: io::Result<()>) {
        if let Err(error) = result
            && self.failed.is_none()
        {
            self.failed = Some((path.unwrap_or_default(), error));
        }
    }

    /// Ends the files.
    ///
    /// # Errors
    /// The first thing that could not be written.
    pub fn finish(self) -> Result<(), (PathBuf, io::Error)> {
        let Recorder { outputs, wav, reel, midi, log, failed, .. } = self;
        if let Some(failed) = failed {
            return Err(failed);
        }
        let named = |path: &Option<PathBuf>, result: io::Result<()>| {
            result.map_err(|e| (path.clone().unwrap_or_default(), e))
        };
        named(&outputs.wav, wav.map_or(Ok(()), |wav| wav.finish().map(drop)))?;
        named(&outputs.stems, reel.map_or(Ok(()), |reel| reel.finish().map(drop)))?;
        named(&outputs.log, log.map_or(Ok(()), |mut log| log.flush()))?;
        match &outputs.midi {
            Some(path) => at(path, |path| fs::write(path, midi.bytes()?)),
            None => Ok(()),
        }
    }
}

fn stems(dir: &Path, rate: u32) -> io::Result<Reel> {
    fs::create_dir_all(dir)?;
    Reel::create(dir, rate, true)
}

/// Runs something on a path whose folder exists, and names the path if it fails.
fn at<T>(path: &Path, make: impl FnOnce(&Path) -> io::Result<T>) -> Result<T, (PathBuf, io::Error)> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let folder = parent.map_or(Ok(()), fs::create_dir_all);
    folder.and_then(|()| make(path)).map_err(|error| (path.to_owned(), error))
}
