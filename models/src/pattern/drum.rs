//! The pieces of kit and percussion by name, with their General MIDI keys.

/// Name and key of every piece that a lane may be named for.
///
/// Keys 35 to 81 are General MIDI level 1; `brush`, `slap` and `sweep` are where a GS brush kit has them.
#[rustfmt::skip]
pub static DRUMS: &[(&str, u8)] = &[
    ("kick", 36), ("snare", 38), ("rim", 37), ("brush", 38), ("slap", 39), ("sweep", 40), ("snare-2", 40),
    ("hat", 42), ("hat-open", 46), ("hat-pedal", 44), ("ride", 51), ("bell", 53), ("ride-2", 59),
    ("crash", 49), ("crash-2", 57), ("splash", 55), ("china", 52),
    ("tom-hi", 50), ("tom-mid", 47), ("tom-lo", 45), ("floor", 43), ("floor-lo", 41),
    ("clap", 39), ("cowbell", 56), ("shaker", 82), ("tambourine", 54), ("clave", 75), ("vibraslap", 58),
    ("conga-hi", 63), ("conga-mute", 62), ("conga-lo", 64), ("bongo-hi", 60), ("bongo-lo", 61),
    ("timbale-hi", 65), ("timbale-lo", 66), ("agogo-hi", 67), ("agogo-lo", 68), ("cabasa", 69), ("maracas", 70),
    ("guiro", 73), ("guiro-long", 74), ("woodblock", 76), ("woodblock-lo", 77), ("triangle", 80),
    ("triangle-open", 81), ("surdo", 41), ("surdo-mute", 43), ("cuica", 79), ("cuica-mute", 78),
];

/// The General MIDI key of a piece.
pub fn drum_key(name: &str) -> Option<u8> {
    DRUMS.iter().find(|piece| piece.0 == name).map(|piece| piece.1)
}
