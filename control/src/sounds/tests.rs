//! Tests of the sound library, on the embedded fonts, on borrowed ones, and on broken ones.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process;

use engine::sound::{Instrument, QUANTUM};

use super::{EMBEDDED, SOUNDS, Sounds, SoundsError};

/// A folder of its own for a test, removed at its end.
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn new(name: &str) -> Folder {
        let path = env::temp_dir().join(format!("sideman-sounds-{}-{name}", process::id()));
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    pub(super) fn write(&self, name: &str, data: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, data).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn built_in(file: &str) -> &'static [u8] {
    EMBEDDED.get_file(file).unwrap().contents()
}

/// The loudest sample of a note of a quarter of a second.
fn peak(mut instrument: Instrument, channel: u8, key: u8) -> f32 {
    let (mut left, mut right) = ([0.0; QUANTUM], [0.0; QUANTUM]);
    instrument.note_on(channel, key, 100);
    let mut peak = 0.0f32;
    for _ in 0..12_000 / QUANTUM {
        instrument.render(&mut left, &mut right);
        peak = left.iter().chain(&right).fold(peak, |peak, sample| peak.max(sample.abs()));
    }
    peak
}

/// The error of a font given as `--soundfont`, in words.
fn complaint(path: &Path) -> String {
    Sounds::embedded().with_font(path).map(|_| ()).unwrap_err().to_string()
}

#[test]
fn every_sound_of_the_catalogue_is_built_in_and_sounds() {
    let sounds = Sounds::embedded();
    sounds.prepare(&Sounds::names().collect::<Vec<_>>()).unwrap();
    for sound in SOUNDS {
        assert!(sounds.family(sound.family).unwrap().has(sound.bank, sound.program), "{}", sound.name);
        let (channel, key) = if sound.is_kit() { (Instrument::KIT, 38) } else { (0, 55) };
        let peak = peak(sounds.instrument(sound.name, 48_000).unwrap(), channel, key);
        assert!((0.01..1.0).contains(&peak), "{} peaks at {peak}", sound.name);
    }
}

#[test]
fn every_kit_has_the_pieces_that_rigs_play() {
    // Sticks, click, kit, tambourine, cowbell, bongos, congas, agogos, cabasa, maracas, guiro, claves, triangle, shaker.
    let common = [31, 33, 35, 36, 37, 38, 39, 42, 44, 46, 49, 51, 53, 54, 56, 57, 60, 61, 62, 63, 64];
    let latin = [67, 68, 69, 70, 73, 74, 75, 80, 81, 82];
    let sounds = Sounds::embedded();
    for kit in SOUNDS.iter().filter(|sound| sound.is_kit()) {
        for key in common.into_iter().chain(latin) {
            let instrument = sounds.instrument(kit.name, 48_000).unwrap();
            assert!(peak(instrument, Instrument::KIT, key) > 0.001, "{} key {key}", kit.name);
        }
    }
}

#[test]
fn the_built_in_fonts_weigh_at_most_eight_megabytes() {
    let fonts = EMBEDDED.files().filter(|file| file.contents().starts_with(b"RIFF"));
    assert!(fonts.map(|file| file.contents().len()).sum::<usize>() <= 8_000_000);
}

#[test]
fn every_built_in_font_carries_its_copyright() {
    for file in EMBEDDED.files().filter(|file| file.contents().starts_with(b"RIFF")) {
        let has = |text: &[u8]| file.contents().windows(text.len()).any(|bytes| bytes == text);
        assert!(has(b"ICOP") && has(b"Frank Wen") && has(b"MIT License"), "{}", file.path().display());
    }
}

#[test]
fn an_unknown_sound_is_told_with_the_nearest_name() {
    let error = Sounds::embedded().instrument("jazz-guitr", 48_000).unwrap_err();
    assert_eq!(error.to_string(), "there is no sound `jazz-guitr`; did you mean `jazz-guitar`?");
}

#[test]
fn a_font_is_decoded_once_and_shared() {
    let sounds = Sounds::embedded();
    sounds.prepare(&["strings", "slow-strings", "saw-lead"]).unwrap();
    sounds.instrument("strings", 48_000).unwrap();
    assert_eq!(sounds.loaded().len(), 2);
}

#[test]
fn what_a_font_lacks_is_built_in_and_told() {
    let folder = Folder::new("lacks");
    // A font of the two leads only, given a misleading name.
    let font = folder.write("leads.txt", built_in("leads.sf2"));
    let sounds = Sounds::embedded().with_font(&font).unwrap();
    assert_eq!(sounds.notice("saw-lead"), None);
    assert!(sounds.notice("clav").unwrap().contains("leads.txt has no preset 0:7"));
    sounds.prepare(&["saw-lead", "clav"]).unwrap();
    assert_eq!(sounds.loaded().len(), 1);
    assert!(peak(sounds.instrument("clav", 48_000).unwrap(), 0, 60) > 0.01);
}

#[test]
fn a_file_in_the_presets_folder_overrides_its_family() {
    let folder = Folder::new("override");
    folder.write("sounds/clav.sf2", built_in("leads.sf2"));
    folder.write("sounds/vibes.sf3", b"scratched");
    let sounds = Sounds::embedded_or(Some(folder.path()));
    // The leads are no clavinet, so the built-in one plays all the same.
    assert!(sounds.notice("clav").unwrap().contains("clav.sf2 has no preset 0:7"));
    assert!(peak(sounds.instrument("clav", 48_000).unwrap(), 0, 60) > 0.01);
    for result in [sounds.instrument("vibes", 48_000).map(drop), sounds.prepare(&["vibes"])] {
        let error = result.unwrap_err();
        assert!(
            matches!(error, SoundsError::Broken(..)) && error.to_string().contains("vibes.sf3"),
            "{error}"
        );
    }
}

#[test]
fn a_font_cut_short_anywhere_is_refused_by_name() {
    let folder = Folder::new("short");
    for name in ["trumpet.sf3", "leads.sf2"] {
        let whole = built_in(name);
        for tenth in 0..40 {
            let path = folder.write(name, &whole[..whole.len() * tenth / 40]);
            let error = complaint(&path);
            assert!(error.contains(name) && error.contains("not a usable SoundFont"), "{error}");
        }
    }
}

#[test]
fn what_is_no_font_is_refused_by_name() {
    let folder = Folder::new("broken");
    let mut random = vec![0u8; 5000];
    random.iter_mut().zip(1u32..).for_each(|(byte, i)| *byte = (i.wrapping_mul(2_654_435_761) >> 24) as u8);
    let mut wave = built_in("leads.sf2").to_vec();
    wave[8..12].copy_from_slice(b"WAVE");
    let mut scrambled = built_in("trumpet.sf3").to_vec();
    scrambled[1000..30_000].iter_mut().for_each(|byte| *byte ^= 0x55);
    let broken: [(&str, &[u8]); 5] = [
        ("empty.sf2", b""),
        ("text.sf2", b"Dear reader, this is no font.\n"),
        ("random.sf2", &random),
        ("wave.sf2", &wave),
        ("scrambled.sf3", &scrambled),
    ];
    for (name, data) in broken {
        let error = complaint(&folder.write(name, data));
        assert!(error.contains(name) && error.contains("not a usable SoundFont"), "{error}");
    }
    assert!(complaint(folder.path()).contains("directory"));
    assert!(complaint(&folder.path().join("missing.sf2")).contains("missing.sf2"));
}
