//! SoundFonts of pure sines, built in memory, from whose sound every key can be read again.
//!
//! Any velocity sounds equally loud, a note begins at its full level at phase 0, and a loop holds one whole
//! period, so a sound that differs from its neighbour differs because the renderer did something.

/// The sample rate for which the fonts are made.
pub const RATE: u32 = 48_000;

/// Hertz between two keys of the comb font.
pub const TOOTH_HZ: f64 = 250.0;

/// Frames after which every sound of the comb font repeats: the inverse of [`TOOTH_HZ`].
pub const TOOTH_FRAMES: usize = 192;

/// The keys that the comb font has.
pub const TEETH: std::ops::RangeInclusive<u8> = 24..=87;

/// Points in the one period that all samples share: fine enough that interpolation adds nothing audible.
const PERIOD: u32 = 2400;

/// A font at true pitch: key `k` is a sine of `440 * 2^((k - 69) / 12)` Hz, on every program and as a kit.
pub fn tempered() -> Vec<u8> {
    font(1, &[AT_PITCH])
}

/// A font at true pitch with the overtones of a plucked string: twelve, the nth at a level of 1/n.
///
/// A sine of 40 Hz is so smooth that anything is rough beside it; this is what a bass is like.
pub fn reedy() -> Vec<u8> {
    font(12, &[AT_PITCH])
}

/// Every key from one sample, tuned to A4 = 440 Hz.
const AT_PITCH: Region = Region { keys: (0, 127), root: 69, rate: 440 * PERIOD, cents_per_key: 100 };

/// A font in which key `k` is a sine of [`tooth`] Hz: all keys are multiples of 250 Hz, hence orthogonal over
/// 4 ms, so that a whole chord can be read from 192 samples. A bend lands near the tooth of its key.
pub fn comb() -> Vec<u8> {
    let regions: Vec<Region> = TEETH
        .map(|key| Region {
            keys: (key, key),
            root: key,
            rate: tooth(key) as u32 * PERIOD,
            cents_per_key: (600.0 * (tooth(key + 1) / tooth(key - 1)).log2()).round() as u16,
        })
        .collect();
    font(1, &regions)
}

/// The frequency of a key of the comb font, in Hz: 3000 for key 24, 250 more for each key above.
pub fn tooth(key: u8) -> f64 {
    TOOTH_HZ * (f64::from(key) - 12.0)
}

/// The frequency of a key at true pitch, in Hz.
pub fn pitch(key: u8) -> f64 {
    440.0 * ((f64::from(key) - 69.0) / 12.0).exp2()
}

/// Keys that share a sample.
struct Region {
    keys: (u8, u8),
    root: u8,
    rate: u32,
    cents_per_key: u16,
}

/// Generators of SoundFont 2.04, section 8.1.2.
mod generator {
    pub const FILTER_CUTOFF: u16 = 8;
    pub const DELAY: u16 = 33;
    pub const ATTACK: u16 = 34;
    pub const HOLD: u16 = 35;
    pub const DECAY: u16 = 36;
    pub const SUSTAIN: u16 = 37;
    pub const RELEASE: u16 = 38;
    pub const INSTRUMENT: u16 = 41;
    pub const KEY_RANGE: u16 = 43;
    pub const ATTENUATION: u16 = 48;
    pub const SAMPLE: u16 = 53;
    pub const SAMPLE_MODES: u16 = 54;
    pub const SCALE_TUNING: u16 = 56;
    pub const ROOT_KEY: u16 = 58;
}

/// 128 programs of the held instrument, and a kit at 128:0 of the same sound with a decay.
fn font(overtones: u32, regions: &[Region]) -> Vec<u8> {
    let info = list(b"INFO", &[chunk(b"ifil", &[2, 0, 4, 0]), chunk(b"INAM", b"Sines\0")]);
    let sdta = list(b"sdta", &[chunk(b"smpl", &wave(overtones))]);
    let body = [b"sfbk".to_vec(), info, sdta, parameters(regions)].concat();
    chunk(b"RIFF", &body)
}

/// Three periods, of which the second is the loop, and the 46 zeros that the format wants behind a sample.
fn wave(overtones: u32) -> Vec<u8> {
    let turn = |i: u32| std::f64::consts::TAU * f64::from(i) / f64::from(PERIOD);
    let sum = |i: u32| (1..=overtones).map(|n| turn(i * n).sin() / f64::from(n)).sum::<f64>();
    let peak = (0..PERIOD).map(sum).fold(0.0, f64::max);
    let sample = |i: u32| (sum(i) / peak * 32_000.0).round() as i16;
    (0..3 * PERIOD).map(sample).chain([0; 46]).flat_map(i16::to_le_bytes).collect()
}

fn parameters(regions: &[Region]) -> Vec<u8> {
    let zones = regions.len() as u16;
    let mut presets: Vec<u8> = (0..128).flat_map(|p| preset("sine", p, 0, p)).collect();
    presets.extend(preset("kit", 0, 128, 128));
    presets.extend(preset("EOP", 0, 0, 129));
    let instruments = [instrument("sine", 0), instrument("kit", zones), instrument("EOI", 2 * zones)];
    let held = regions.iter().enumerate().map(|(i, region)| zone(i, region, &[]));
    // A kit's pieces ring for a tenth of a second.
    let struck = [(generator::DECAY, -3986_i16 as u16), (generator::SUSTAIN, 1000)];
    let hit = regions.iter().enumerate().map(|(i, region)| zone(i, region, &struck));
    let (bags, generators) = bags(&held.chain(hit).collect::<Vec<_>>());
    let kits = (0..129).map(|preset| vec![(generator::INSTRUMENT, u16::from(preset == 128))]);
    let (preset_bags, preset_generators) = self::bags(&kits.collect::<Vec<_>>());
    let samples: Vec<u8> = regions.iter().flat_map(sample).chain([0; 46]).collect();
    let chunks = [
        chunk(b"phdr", &presets),
        chunk(b"pbag", &preset_bags),
        chunk(b"pgen", &preset_generators),
        chunk(b"inst", &instruments.concat()),
        chunk(b"ibag", &bags),
        chunk(b"igen", &generators),
        chunk(b"shdr", &samples),
    ];
    list(b"pdta", &chunks)
}

/// The generators of a zone: the key range comes first and the sample last, as the format wants it.
fn zone(sample: usize, region: &Region, more: &[(u16, u16)]) -> Vec<(u16, u16)> {
    let keys = u16::from(region.keys.0) | u16::from(region.keys.1) << 8;
    let mut zone = vec![
        (generator::KEY_RANGE, keys),
        // Above half the sample rate, where the synth leaves its filter out.
        (generator::FILTER_CUTOFF, 14_000),
        // A delay that is left out lasts a millisecond, as the format has it.
        (generator::DELAY, i16::MIN as u16),
        (generator::ATTACK, i16::MIN as u16),
        (generator::HOLD, i16::MIN as u16),
        (generator::RELEASE, i16::MIN as u16),
        // So loud that the softest velocity reaches the synth's ceiling of 0 dB too.
        (generator::ATTENUATION, -2110_i16 as u16),
        (generator::SAMPLE_MODES, 1),
        (generator::SCALE_TUNING, region.cents_per_key),
        (generator::ROOT_KEY, u16::from(region.root)),
    ];
    zone.extend_from_slice(more);
    zone.push((generator::SAMPLE, sample as u16));
    zone
}

/// The bag and the generator list of zones.
fn bags(zones: &[Vec<(u16, u16)>]) -> (Vec<u8>, Vec<u8>) {
    let (mut bag, mut list) = (Vec::new(), Vec::new());
    for zone in zones {
        bag.extend(words(&[(list.len() / 4) as u16, 0]));
        list.extend(zone.iter().flat_map(|&(kind, value)| words(&[kind, value])));
    }
    bag.extend(words(&[(list.len() / 4) as u16, 0]));
    list.extend([0; 4]);
    (bag, list)
}

fn preset(name: &str, program: u16, bank: u16, bag: u16) -> Vec<u8> {
    [named(name), words(&[program, bank, bag]), vec![0; 12]].concat()
}

fn instrument(name: &str, bag: u16) -> Vec<u8> {
    [named(name), words(&[bag])].concat()
}

fn sample(region: &Region) -> Vec<u8> {
    let points = [0, 3 * PERIOD, PERIOD, 2 * PERIOD, region.rate];
    let points = points.iter().flat_map(|n| n.to_le_bytes()).collect();
    [named("sine"), points, vec![region.root, 0], words(&[0, 1])].concat()
}

fn named(name: &str) -> Vec<u8> {
    let mut field = name.as_bytes().to_vec();
    field.resize(20, 0);
    field
}

fn words(values: &[u16]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

fn chunk(id: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let length = (body.len() as u32).to_le_bytes();
    [id.as_slice(), &length, body].concat()
}

fn list(form: &[u8; 4], chunks: &[Vec<u8>]) -> Vec<u8> {
    chunk(b"LIST", &[form.to_vec(), chunks.concat()].concat())
}
