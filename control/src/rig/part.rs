//! Reads `[parts]`: the sound and the habits of each part. Any thread but audio.

use engine::{Family, Part};
use models::PartSpec;

use super::error::Mistake;
use super::reader::{Field, Table};
use super::words::{FAMILIES, MOVES, SOURCES};
use crate::sounds::{SOUNDS, Sound};

pub(super) const KEYS: &[&str] = &[
    "sound",
    "volume_db",
    "pan",
    "reverb",
    "range",
    "family",
    "strum_ms",
    "source",
    "late_ms",
    "humanize",
    "moves",
];

const SOUND: &str = "the name of a sound, such as \"piano\"";

/// All parts of a rig; those that it leaves out play as usual.
pub(super) fn parts(root: &Table<'_>) -> Result<[PartSpec; Part::COUNT], Mistake> {
    let table = root.need("parts", "a table with `drums`, `bass`, `comp`, `pads` and `lead`")?.table()?;
    table.only(&Part::ALL.map(Part::name))?;
    let mut specs = Part::ALL.map(usual);
    for part in Part::ALL {
        match table.get(part.name()) {
            Some(field) => specs[part.index()] = spec(part, &field.table()?)?,
            None if Part::BAND.contains(&part) => {
                table.need(part.name(), "a table with a `sound`")?;
            }
            None => {}
        }
    }
    Ok(specs)
}

/// What a part is where the rig says nothing.
fn usual(part: Part) -> PartSpec {
    let (sound, range, family) = match part {
        Part::Drums | Part::Click => ("kit-standard", (0, 127), Family::Close),
        Part::Bass => ("acoustic-bass", (28, 55), Family::Close),
        Part::Comp => ("piano", (50, 76), Family::Close),
        Part::Pads => ("strings", (48, 84), Family::Spread),
        Part::Lead => ("piano", (0, 127), Family::Close),
    };
    PartSpec { sound: sound.to_owned(), range, family, ..PartSpec::default() }
}

fn spec(part: Part, table: &Table<'_>) -> Result<PartSpec, Mistake> {
    table.only(KEYS)?;
    let mut spec = usual(part);
    let sound = sound(part, &table.need("sound", SOUND)?)?;
    spec.sound = sound.name.to_owned();
    spec.strum_ms = sound.strum_ms;
    let set = |key: &str, slot: &mut f32, from: f32, to: f32, unit: &str| -> Result<(), Mistake> {
        table.get(key).map_or(Ok(()), |field| field.number(from..=to, unit).map(|number| *slot = number))
    };
    set("volume_db", &mut spec.gain_db, -60.0, 12.0, "dB")?;
    set("pan", &mut spec.pan, 0.0, 1.0, "0.5 is the centre")?;
    set("reverb", &mut spec.reverb, 0.0, 1.0, "")?;
    set("strum_ms", &mut spec.strum_ms, 0.0, 60.0, "ms from string to string")?;
    set("late_ms", &mut spec.late_ms, -40.0, 40.0, "ms behind the beat")?;
    set("humanize", &mut spec.humanize, 0.0, 3.0, "1 is as the feel says")?;
    if let Some(field) = table.get("range") {
        spec.range = range(&field)?;
    }
    if let Some(field) = table.get("family") {
        spec.family = field.choice(FAMILIES)?;
    }
    if let Some(field) = table.get("source") {
        spec.source = field.choice(SOURCES)?;
    }
    spec.moves = table.get("moves").map(|field| field.choice(MOVES)).transpose()?;
    Ok(spec)
}

fn sound(part: Part, field: &Field<'_>) -> Result<&'static Sound, Mistake> {
    let name = field.text(SOUND)?;
    let wants_kit = matches!(part, Part::Drums | Part::Click);
    let fitting = || SOUNDS.iter().filter(|sound| sound.is_kit() == wants_kit);
    let expected = if wants_kit { "a kit, such as \"kit-standard\"" } else { "a sound that is no kit" };
    fitting()
        .find(|sound| sound.name == name)
        .ok_or_else(|| field.strange(name, expected, fitting().map(|sound| sound.name)))
}

/// The lowest and the highest key, as `["E1", "G3"]` or as MIDI numbers.
fn range(field: &Field<'_>) -> Result<(u8, u8), Mistake> {
    const EXPECTED: &str =
        "the lowest and the highest note, at least an octave apart, such as [\"E1\", \"G3\"]";
    let keys = field.list(EXPECTED)?;
    let [low, high] = keys.as_slice() else {
        return Err(field.mistake(format!("{} notes", keys.len()), EXPECTED));
    };
    let (low, high) = (key(low)?, key(high)?);
    if low + 12 > high {
        return Err(field.mistake("the range is too narrow", EXPECTED));
    }
    Ok((low, high))
}

fn key(field: &Field<'_>) -> Result<u8, Mistake> {
    const EXPECTED: &str = "a note from C-1 to G9 (C4 is the middle C), or its MIDI number";
    if field.any_number().is_some() {
        return field.count(0..=127, "a MIDI key");
    }
    let name = field.text(EXPECTED)?;
    note(name).ok_or_else(|| field.mistake(format!("\"{name}\" is no note"), EXPECTED))
}

/// The MIDI key of a note by name: `F#2`, `Bb3`. C4 is 60.
fn note(name: &str) -> Option<u8> {
    let mut rest = name.chars();
    let letter = match rest.next()? {
        'C' => 0,
        'D' => 2,
        'E' => 4,
        'F' => 5,
        'G' => 7,
        'A' => 9,
        'B' => 11,
        _ => return None,
    };
    let (shift, octave) = match rest.clone().next()? {
        '#' => (1, rest.as_str().get(1..)?),
        'b' => (-1, rest.as_str().get(1..)?),
        _ => (0, rest.as_str()),
    };
    let octave: i32 = octave.parse().ok().filter(|octave| (-1..=9).contains(octave))?;
    u8::try_from((octave + 1) * 12 + letter + shift).ok().filter(|key| *key < 128)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_c_is_sixty() {
        let keys = ["C4", "F#3", "Gb3", "E1", "C-1", "G9", "G#9", "H3", "C", ""].map(note);
        let expected = [60, 54, 54, 28, 0, 127].map(Some);
        assert_eq!(keys[..6], expected);
        assert!(keys[6..].iter().all(Option::is_none));
    }
}
