//! Where SoundFonts are usually installed.

use std::env;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

/// Debian's and Fedora's places, the best sounds first. MuseScore_General comes late: it needs modulators, which
/// the synth does not have.
const INSTALLED: &[&str] = &[
    "/usr/share/sounds/sf2/default-GM.sf2",
    "/usr/share/sounds/sf3/default-GM.sf3",
    "/usr/share/sounds/sf2/FluidR3_GM.sf2",
    "/usr/share/soundfonts/FluidR3_GM.sf2",
    "/usr/share/soundfonts/default.sf2",
    "/usr/share/sounds/sf3/FluidR3Mono_GM.sf3",
    "/usr/share/sounds/sf3/MuseScore_General_Lite.sf3",
    "/usr/share/sounds/sf3/MuseScore_General.sf3",
    "/usr/share/sounds/sf2/TimGM6mb.sf2",
];

/// The SoundFonts of this computer, the one to prefer first: `SIDEMAN_SOUNDFONT`, then the player's own folder
/// (`$XDG_DATA_HOME/sideman/soundfonts`), then the packages of the system.
///
/// What `SIDEMAN_SOUNDFONT` names is listed even if it is no font, so that the mistake is told and not passed over.
pub fn system_fonts() -> Vec<PathBuf> {
    let chosen = env::var_os("SIDEMAN_SOUNDFONT").filter(|value| !value.is_empty()).map(PathBuf::from);
    let data = env::var_os("XDG_DATA_HOME")
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
        .or_else(|| env::var_os("HOME").map(|home| Path::new(&home).join(".local/share")));
    let own = data.map(|data| data.join("sideman").join("soundfonts"));
    fonts(chosen, own.as_deref(), INSTALLED)
}

/// The SoundFont to prefer of those on this computer. See [`system_fonts`].
pub fn system_font() -> Option<PathBuf> {
    system_fonts().into_iter().next()
}

fn fonts(chosen: Option<PathBuf>, own: Option<&Path>, installed: &[&str]) -> Vec<PathBuf> {
    let mut own: Vec<PathBuf> = own
        .and_then(|folder| fs::read_dir(folder).ok())
        .map(|entries| entries.filter_map(|entry| Some(entry.ok()?.path())).collect())
        .unwrap_or_default();
    own.sort();
    let found = own.into_iter().chain(installed.iter().map(PathBuf::from)).filter(|path| is_font(path));
    let mut seen: Vec<PathBuf> = Vec::new();
    let mut list: Vec<PathBuf> = chosen.into_iter().collect();
    for path in found {
        // `default-GM` is a link to one of the others.
        let target = path.canonicalize().unwrap_or_else(|_| path.clone());
        if !seen.contains(&target) {
            seen.push(target);
            list.push(path);
        }
    }
    list
}

/// Whether a file begins as a SoundFont does. Suffixes do not count: Debian's `default-GM.sf3` is often an SF2.
fn is_font(path: &Path) -> bool {
    let mut head = [0; 12];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut head));
    read.is_ok() && &head[..4] == b"RIFF" && &head[8..] == b"sfbk"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sounds::tests::Folder;

    const FONT: &[u8] = b"RIFF\x04\0\0\0sfbk";

    #[test]
    fn content_decides_what_is_a_font_and_not_the_suffix() {
        let folder = Folder::new("content");
        folder.write("a.sf2", b"not a font at all");
        folder.write("b.bin", FONT);
        assert_eq!(fonts(None, Some(folder.path()), &[]), [folder.path().join("b.bin")]);
    }

    #[test]
    fn the_players_choice_comes_first_then_his_folder_then_the_system() {
        let (own, system) = (Folder::new("own"), Folder::new("system"));
        own.write("mine.sf2", FONT);
        let installed = system.write("installed.sf2", FONT);
        let list = fonts(Some("/chosen.sf2".into()), Some(own.path()), &[&installed.to_string_lossy()]);
        assert_eq!(list, [PathBuf::from("/chosen.sf2"), own.path().join("mine.sf2"), installed]);
    }

    #[test]
    fn two_names_of_one_file_are_one_font() {
        let folder = Folder::new("links");
        let file = folder.write("font.sf2", FONT);
        let name = file.to_string_lossy();
        assert_eq!(fonts(None, None, &[&name, &name, "/nowhere.sf2"]), std::slice::from_ref(&file));
    }

    #[test]
    fn a_missing_folder_is_no_mistake() {
        assert!(fonts(None, Some(Path::new("/no/such/folder")), &[]).is_empty());
    }
}
