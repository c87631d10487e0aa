//! WAV files that are valid at every flush, and the set of them that a recording is.

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use hound::{SampleFormat, WavSpec};

use crate::Part;
use crate::wires::TAPE_CHANNELS;

/// A file rolls over before it reaches this size: many programs take sizes in a WAV file as signed.
const MOST_BYTES: u64 = 2 << 30;

/// A stereo WAV file of 32-bit floats, or several where it would grow beyond 2 GiB: `band.wav`, `band-2.wav`.
#[allow(missing_debug_implementations, reason = "hound's writer has none")]
pub struct WavWriter {
    path: PathBuf,
    spec: WavSpec,
    writer: hound::WavWriter<BufWriter<File>>,
    bytes: u64,
    most_bytes: u64,
    files: Vec<PathBuf>,
}

impl WavWriter {
    /// Makes the file, in place of another of its name.
    ///
    /// # Errors
    /// Those of the system.
    pub fn create(path: &Path, rate: u32) -> io::Result<WavWriter> {
        let spec = WavSpec {
            channels: 2,
            sample_rate: rate,
            bits_per_sample: 32,
            sample_format: SampleFormat::Float,
        };
        let writer = hound::WavWriter::create(path, spec).map_err(to_io)?;
        let path = path.to_owned();
        Ok(WavWriter { files: vec![path.clone()], path, spec, writer, bytes: 0, most_bytes: MOST_BYTES })
    }

    /// Adds interleaved stereo.
    ///
    /// # Errors
    /// Those of the system.
    pub fn write(&mut self, stereo: &[f32]) -> io::Result<()> {
        if self.bytes + size_of_val(stereo) as u64 > self.most_bytes {
            self.roll_over()?;
        }
        self.bytes += size_of_val(stereo) as u64;
        stereo.iter().try_for_each(|&sample| self.writer.write_sample(sample)).map_err(to_io)
    }

    /// Makes what was written so far a valid file.
    ///
    /// # Errors
    /// Those of the system.
    pub fn flush(&mut self) -> io::Result<()> {
        self.writer.flush().map_err(to_io)
    }

    /// Ends the file; returns every file that was written.
    ///
    /// # Errors
    /// Those of the system.
    pub fn finish(self) -> io::Result<Vec<PathBuf>> {
        self.writer.finalize().map_err(to_io)?;
        Ok(self.files)
    }

    fn roll_over(&mut self) -> io::Result<()> {
        let stem = self.path.file_stem().unwrap_or_default().to_string_lossy();
        let next = self.path.with_file_name(format!("{stem}-{}.wav", self.files.len() + 1));
        let writer = hound::WavWriter::create(&next, self.spec).map_err(to_io)?;
        std::mem::replace(&mut self.writer, writer).finalize().map_err(to_io)?;
        self.files.push(next);
        self.bytes = 0;
        Ok(())
    }
}

fn to_io(error: hound::Error) -> io::Error {
    match error {
        hound::Error::IoError(error) => error,
        other => io::Error::other(other),
    }
}

/// The mix and, if wanted, the stems.
#[allow(missing_debug_implementations, reason = "hound's writer has none")]
pub struct Reel {
    /// Where in a frame of the tape's samples a file's left channel is.
    files: Vec<(usize, WavWriter)>,
    stereo: Vec<f32>,
}

impl Reel {
    /// Makes `band.wav` in a folder, and with `stems` a file for each part.
    ///
    /// # Errors
    /// Those of the system.
    pub fn create(dir: &Path, rate: u32, stems: bool) -> io::Result<Reel> {
        let parts = Part::ALL.into_iter().filter(|_| stems).map(|part| (2 + 2 * part.index(), part.name()));
        let files = [(0, "band")].into_iter().chain(parts).map(|(channel, name)| {
            let path = dir.join(name).with_extension("wav");
            Ok((channel, WavWriter::create(&path, rate)?))
        });
        Ok(Reel { files: files.collect::<io::Result<_>>()?, stereo: Vec::new() })
    }

    /// Adds frames of [`TAPE_CHANNELS`] interleaved samples.
    ///
    /// # Errors
    /// Those of the system.
    pub fn write(&mut self, samples: &[f32]) -> io::Result<()> {
        for (channel, file) in &mut self.files {
            self.stereo.clear();
            let frames = samples.chunks_exact(TAPE_CHANNELS);
            frames.for_each(|frame| self.stereo.extend(&frame[*channel..*channel + 2]));
            file.write(&self.stereo)?;
        }
        Ok(())
    }

    /// Makes what was written so far valid files.
    ///
    /// # Errors
    /// Those of the system.
    pub fn flush(&mut self) -> io::Result<()> {
        self.files.iter_mut().try_for_each(|(_, file)| file.flush())
    }

    /// Ends the files; returns every file that was written.
    ///
    /// # Errors
    /// Those of the system.
    pub fn finish(self) -> io::Result<Vec<PathBuf>> {
        let files: io::Result<Vec<Vec<PathBuf>>> =
            self.files.into_iter().map(|(_, file)| file.finish()).collect();
        Ok(files?.concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tape::tests::folder;

    fn read(path: &Path) -> Vec<f32> {
        hound::WavReader::open(path).unwrap().samples().map(Result::unwrap).collect()
    }

    #[test]
    fn the_mix_and_each_stem_get_their_own_channels() {
        let dir = folder("reel");
        let mut reel = Reel::create(&dir, 48_000, true).unwrap();
        let frame: Vec<f32> = (0..TAPE_CHANNELS).map(|i| i as f32).collect();
        reel.write(&frame.repeat(3)).unwrap();
        assert_eq!(reel.finish().unwrap().len(), 1 + Part::COUNT);
        assert_eq!(read(&dir.join("band.wav")), [0.0, 1.0].repeat(3));
        assert_eq!(read(&dir.join("bass.wav")), [4.0, 5.0].repeat(3));
        assert_eq!(read(&dir.join("click.wav")), [12.0, 13.0].repeat(3));
    }

    #[test]
    fn what_was_flushed_is_a_valid_file_though_it_never_ends() {
        let dir = folder("flush");
        let path = dir.join("band.wav");
        let mut wav = WavWriter::create(&path, 48_000).unwrap();
        wav.write(&[0.5; 2000]).unwrap();
        wav.flush().unwrap();
        wav.write(&[0.25; 2000]).unwrap();
        std::mem::forget(wav);
        assert_eq!(read(&path), [0.5; 2000]);
    }

    #[test]
    fn a_file_that_would_grow_too_long_goes_on_in_another() {
        let dir = folder("roll");
        let path = dir.join("band.wav");
        let mut wav = WavWriter::create(&path, 48_000).unwrap();
        wav.most_bytes = 1000;
        (0..5).for_each(|i| wav.write(&[i as f32; 100]).unwrap());
        let files = wav.finish().unwrap();
        let names: Vec<_> = files.iter().filter_map(|file| file.file_name()?.to_str()).collect();
        assert_eq!(names, ["band.wav", "band-2.wav", "band-3.wav"]);
        assert_eq!(read(&files[1])[..2], [2.0, 2.0]);
        assert_eq!(files.iter().map(|file| read(file).len()).sum::<usize>(), 500);
    }
}
