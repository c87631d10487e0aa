//! How loud a recording is, by ITU-R BS.1770.

use ebur128::{EbuR128, Mode};

/// Loudness of a whole recording.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Loudness {
    /// Integrated loudness in LUFS; minus infinity for silence.
    pub integrated: f64,
    /// The greatest sample, in dBFS.
    pub sample_peak: f64,
    /// The greatest value between the samples, in dBTP.
    pub true_peak: f64,
}

/// Measures interleaved stereo.
pub fn loudness(samples: &[f32], rate: u32) -> Loudness {
    let mode = Mode::I | Mode::SAMPLE_PEAK | Mode::TRUE_PEAK;
    let mut meter = EbuR128::new(2, rate, mode).expect("stereo at an audio rate");
    meter.add_frames_f32(samples).expect("whole frames");
    let louder = |peak: fn(&EbuR128, u32) -> Result<f64, ebur128::Error>| {
        let channels = [0, 1].map(|channel| peak(&meter, channel).expect("a channel of two"));
        20.0 * channels[0].max(channels[1]).log10()
    };
    Loudness {
        integrated: meter.loudness_global().expect("the mode was asked for"),
        sample_peak: louder(EbuR128::sample_peak),
        true_peak: louder(EbuR128::true_peak),
    }
}
