//! Where a player's own files are.

use std::env;
use std::path::PathBuf;

/// Folders whose rigs and sounds take the place of those inside the binary: `$SIDEMAN_PRESETS`, then
/// `sideman/presets` in the user's data folder.
pub fn presets() -> Vec<PathBuf> {
    let own = env::var_os("SIDEMAN_PRESETS").map(PathBuf::from);
    let data = env::var_os("XDG_DATA_HOME").map(PathBuf::from);
    let home = || env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/share"));
    own.into_iter().chain(data.or_else(home).map(|dir| dir.join("sideman/presets"))).collect()
}
