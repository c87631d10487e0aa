//! The sounds: from the name in a rig to an instrument ready to play. Any thread but audio.

mod catalogue;
mod error;
mod system;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use engine::sound::{Font, Instrument};
use include_dir::{Dir, include_dir};

pub use catalogue::{SOUNDS, Sound};
pub use error::SoundsError;
pub use system::{system_font, system_fonts};

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../presets/sounds");

/// Suffixes of fonts: compressed and plain.
const SUFFIXES: [&str; 2] = ["sf3", "sf2"];

/// The library of sounds. Each font is decoded once, when a sound of it is first asked for, and then shared.
///
/// A sound is looked for in the font of `--soundfont`, then in the player's own presets folder, then among the
/// embedded families, which have them all.
#[derive(Debug, Default)]
pub struct Sounds {
    font: Option<(PathBuf, Font)>,
    folder: Option<PathBuf>,
    families: Mutex<HashMap<PathBuf, Font>>,
}

impl Sounds {
    /// The sounds inside the binary.
    pub fn embedded() -> Sounds {
        Sounds::default()
    }

    /// The embedded sounds, each family replaced by `sounds/FAMILY.sf2` or `.sf3` in a presets folder where there
    /// is one.
    pub fn embedded_or(presets: Option<&Path>) -> Sounds {
        Sounds { folder: presets.map(|presets| presets.join("sounds")), ..Sounds::default() }
    }

    /// Prefers the presets of a whole font to these. `system` stands for the first of [`system_fonts`].
    ///
    /// # Errors
    /// If the file is missing, unreadable, or no sound SoundFont.
    pub fn with_font(self, path: &Path) -> Result<Sounds, SoundsError> {
        let path = match path.to_str() {
            Some("system") => system_font().ok_or(SoundsError::NoSystemFont)?,
            _ => path.to_owned(),
        };
        let font = read(&path)?;
        Ok(Sounds { font: Some((path, font)), ..self })
    }

    /// The names of all sounds.
    pub fn names() -> impl Iterator<Item = &'static str> {
        SOUNDS.iter().map(|sound| sound.name)
    }

    /// What the catalogue says of a sound.
    ///
    /// # Errors
    /// If no sound has this name.
    pub fn sound(name: &str) -> Result<&'static Sound, SoundsError> {
        catalogue::named(name)
            .ok_or_else(|| SoundsError::Unknown { name: name.to_owned(), nearest: catalogue::nearest(name) })
    }

    /// Decodes what these sounds need, one thread for each font, so that [`Sounds::instrument`] is quick.
    ///
    /// # Errors
    /// If a name is unknown, or a font of the player's is broken.
    pub fn prepare(&self, names: &[&str]) -> Result<(), SoundsError> {
        let mut wanted = Vec::new();
        for name in names {
            let sound = Sounds::sound(name)?;
            if self.chosen(sound).is_none() && !wanted.contains(&sound.family) {
                wanted.push(sound.family);
            }
        }
        let load = |family: &'static str| self.family(family).map(drop);
        thread::scope(|scope| {
            let threads: Vec<_> = wanted.iter().map(|family| scope.spawn(move || load(family))).collect();
            // A thread that panicked has loaded nothing; the font is then read, or refused, when it is played.
            threads.into_iter().try_for_each(|thread| thread.join().unwrap_or(Ok(())))
        })
    }

    /// An instrument that plays a sound, at a sample rate in frames a second.
    ///
    /// # Errors
    /// If the name is unknown, a font of the player's is broken, or the rate is out of the synth's range.
    pub fn instrument(&self, name: &str, rate: u32) -> Result<Instrument, SoundsError> {
        let sound = Sounds::sound(name)?;
        let font = match self.chosen(sound) {
            Some(font) => font,
            None => self.family_with(sound)?,
        };
        Instrument::new(&font, sound.bank, sound.program, rate).map_err(SoundsError::Synth)
    }

    /// Why another sound is heard than the one that was asked for: a sentence to log, or nothing to say.
    pub fn notice(&self, name: &str) -> Option<String> {
        let sound = catalogue::named(name)?;
        let preferred = self.font.clone().or_else(|| {
            let path = self.own(sound.family)?;
            let font = self.cached(&path, read).ok()?;
            Some((path, font))
        });
        let (path, font) = preferred?;
        (!font.has(sound.bank, sound.program)).then(|| {
            let (file, bank, program) = (path.display(), sound.bank, sound.program);
            format!("{file} has no preset {bank}:{program}; `{name}` is the built-in one")
        })
    }

    /// The font of `--soundfont`, if it has the sound.
    fn chosen(&self, sound: &Sound) -> Option<Font> {
        let (_, font) = self.font.as_ref()?;
        font.has(sound.bank, sound.program).then(|| font.clone())
    }

    /// The family of a sound: the player's if it has the preset, else the embedded one.
    fn family_with(&self, sound: &Sound) -> Result<Font, SoundsError> {
        let font = self.family(sound.family)?;
        if font.has(sound.bank, sound.program) { Ok(font) } else { self.built_in(sound.family) }
    }

    fn family(&self, family: &str) -> Result<Font, SoundsError> {
        match self.own(family) {
            Some(path) => self.cached(&path, read),
            None => self.built_in(family),
        }
    }

    /// The player's own file for a family.
    fn own(&self, family: &str) -> Option<PathBuf> {
        let file = |suffix| Some(self.folder.as_ref()?.join(format!("{family}.{suffix}")));
        SUFFIXES.iter().filter_map(file).find(|path| path.exists())
    }

    fn built_in(&self, family: &str) -> Result<Font, SoundsError> {
        let file = SUFFIXES.iter().find_map(|suffix| EMBEDDED.get_file(format!("{family}.{suffix}")));
        let path = file.map_or(Path::new(family), |file| file.path());
        let data = file.map_or(&[][..], |file| file.contents());
        self.cached(path, |path| {
            Font::read(data).map_err(|error| SoundsError::Broken(path.to_owned(), error))
        })
    }

    fn cached(
        &self,
        path: &Path,
        read: impl FnOnce(&Path) -> Result<Font, SoundsError>,
    ) -> Result<Font, SoundsError> {
        if let Some(font) = self.loaded().get(path) {
            return Ok(font.clone());
        }
        // Decoded outside the lock, so that fonts are decoded side by side.
        let font = read(path)?;
        Ok(self.loaded().entry(path.to_owned()).or_insert(font).clone())
    }

    fn loaded(&self) -> MutexGuard<'_, HashMap<PathBuf, Font>> {
        // A map of whole fonts is sound whatever a thread that held it did.
        self.families.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads a font from a file.
fn read(path: &Path) -> Result<Font, SoundsError> {
    let unreadable = |error| SoundsError::Unreadable(path.to_owned(), error);
    let file = File::open(path).map_err(unreadable)?;
    if file.metadata().map_err(unreadable)?.is_dir() {
        return Err(unreadable(std::io::ErrorKind::IsADirectory.into()));
    }
    Font::read(BufReader::new(file)).map_err(|error| SoundsError::Broken(path.to_owned(), error))
}
