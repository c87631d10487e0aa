//! The commands that only print: `rigs`, `devices`, `chords`, `--licenses`.

use std::io::{self, Write};

use engine::audio::recogniser::{Fingering, name_of};

use crate::args::Chords;
use crate::failure::{Exit, Failure};
use crate::{folders, midi, notices, rig, sounds};

/// Prints text; a reader that went away (`| head`) is no failure.
pub fn print(text: &str) {
    let _ = io::stdout().lock().write_all(text.as_bytes());
}

/// `sideman rigs`: name, tempo, meter, title, and where a rig of the player's own takes its place.
///
/// # Errors
/// If one of the player's own rigs is invalid.
pub fn rigs() -> Result<(), Failure> {
    let mut text = String::new();
    for name in rig::names(&folders::presets()) {
        let rig = rig::find(&name, &folders::presets())?;
        let tags = rig.tags.join(", ");
        text += &format!(
            "{:<18} {:>3.0} bpm  {:<5} {:<28} {tags}\n",
            rig.name,
            rig.bpm,
            rig.meter.to_string(),
            rig.title
        );
    }
    print(&text);
    Ok(())
}

/// `sideman devices`: audio hosts and outputs, MIDI ports, SoundFonts that are installed.
pub fn devices() {
    let mut text = String::from("audio (for --audio HOST[:DEVICE])\n");
    for host in engine::device::list() {
        text += &format!("  {}\n", host.name);
        for device in host.devices {
            let native = device.native.map_or("cannot be opened".into(), |(rate, channels)| {
                format!("{rate} Hz, {channels} channels")
            });
            let default = if device.is_default { ", default" } else { "" };
            text += &format!("    {}:{}  {} ({native}{default})\n", host.name, device.id, device.name);
        }
    }
    text += "MIDI (for --midi-in, --midi-out)\n";
    for port in midi::list() {
        let way = if port.is_input { "in " } else { "out" };
        text += &format!("  {way}  {}  ({})\n", port.name, port.api);
    }
    text += "soundfonts (for --soundfont)\n";
    for font in sounds::system_fonts() {
        text += &format!("  {}\n", font.display());
    }
    print(&text);
}

/// `sideman chords`: what the recogniser says of some keys.
///
/// # Errors
/// If the keys have no name.
pub fn chords(args: &Chords) -> Result<(), Failure> {
    let bass = args.bass.map(|key| key % 12);
    let named = |fingering| name_of(&args.notes, fingering, None, bass);
    let Some(chord) = named(Fingering::OnBass) else {
        return Err(Failure::new(
            Exit::Runtime,
            "no chord has these keys; on stage the band would keep its chord",
        ));
    };
    let mut text = format!("{chord}\n");
    if let Some(other) = named(Fingering::Fingered).filter(|other| *other != chord) {
        text += &format!("{other} with chord.fingering = fingered\n");
    }
    print(&text);
    Ok(())
}

/// `sideman --licenses`.
pub fn licences() {
    print(&notices::notices());
}
