//! Reads a whole rig file into plain data. Any thread but audio.

use std::path::Path;

use engine::Meter;
use models::Rig;
use toml::de::DeTable;

use super::RigError;
use super::error::Mistake;
use super::knobs::knobs;
use super::part::parts;
use super::piece::Pieces;
use super::reader::{Field, Source, Table};
use super::words::{BASS_STYLES, CLAVES, FEELS, SWING_UNITS};

pub(super) const ROOT: &[&str] = &[
    "schema", "title", "tags", "tempo", "groove", "parts", "knobs", "intro", "main_a", "main_b", "main_c",
    "main_d", "fill_a", "fill_b", "fill_c", "fill_d", "break", "ending",
];
pub(super) const TEMPO: &[&str] = &["bpm", "range", "meter", "swing", "swing_unit"];
pub(super) const GROOVE: &[&str] = &["unit_bars", "clave", "feel", "bass_style", "bass_pushes"];

/// Reads a rig; `file` is what mistakes are said to be in.
///
/// # Errors
/// The first mistake, with its place.
pub fn parse(name: &str, file: &Path, text: &str) -> Result<Rig, RigError> {
    let told = |mistake| RigError::Mistake { file: file.to_owned(), mistake: Box::new(mistake) };
    read(name, Source(text)).map_err(told)
}

fn read(name: &str, source: Source<'_>) -> Result<Rig, Mistake> {
    let document = DeTable::parse(source.0).map_err(|e| {
        let at = e.span().map_or(0, |span| span.start);
        let problem = e.message().lines().collect::<Vec<_>>().join(", ");
        Mistake { expected: "TOML".to_owned(), ..source.mistake(at, "", problem) }
    })?;
    let root = Table::root(source, document.get_ref());
    root.only(ROOT)?;
    root.need("schema", "`schema = 1` in the first line")?.count(1..=1, "the schema")?;
    let tempo = root.need("tempo", "a table with `bpm`, `range` and `meter`")?.table()?;
    tempo.only(TEMPO)?;
    let groove = root.need("groove", "a table with `unit_bars`")?.table()?;
    groove.only(GROOVE)?;
    let meter = meter(&tempo.need("meter", METER)?)?;
    let unit_bars = groove.need("unit_bars", "1, or 2 where there is a clave")?.count(1..=8, "bars")?;
    let pieces = Pieces { root: &root, meter, unit_bars };
    let range = tempo_range(&tempo.need("range", RANGE)?)?;
    let swing = tempo.get("swing").map(|field| field.number(0.5..=0.75, "0.5 is straight")).transpose()?;
    Ok(Rig {
        name: name.to_owned(),
        title: root.get("title").map(|field| field.text("a title")).transpose()?.unwrap_or(name).to_owned(),
        tags: tags(&root)?,
        bpm: tempo.need("bpm", "beats a minute")?.number(range.0..=range.1, "`tempo.range`")?,
        range,
        meter,
        swing: swing.unwrap_or(0.5),
        swing_sixteenths: word(&tempo, "swing_unit", SWING_UNITS)?.unwrap_or(false),
        unit_bars,
        clave: word(&groove, "clave", CLAVES)?,
        feel: word(&groove, "feel", FEELS)?.unwrap_or_default(),
        bass_style: word(&groove, "bass_style", BASS_STYLES)?.unwrap_or_default(),
        bass_pushes: groove.get("bass_pushes").map(|field| field.flag()).transpose()?.unwrap_or(false),
        parts: parts(&root)?,
        knobs: knobs(&root)?,
        intro: pieces.one("intro", 1..=8)?,
        mains: [
            pieces.main("main_a")?,
            pieces.main("main_b")?,
            pieces.main("main_c")?,
            pieces.main("main_d")?,
        ],
        fills: [
            pieces.fills("fill_a")?,
            pieces.fills("fill_b")?,
            pieces.fills("fill_c")?,
            pieces.fills("fill_d")?,
        ],
        break_: pieces.one("break", 1..=1)?,
        ending: pieces.one("ending", 1..=4)?,
    })
}

const METER: &str = "a meter from \"2/4\" to \"7/4\", \"6/8\", \"9/8\" or \"12/8\"";
const RANGE: &str = "the least and the greatest tempo, such as [90, 200]";

fn meter(field: &Field<'_>) -> Result<Meter, Mistake> {
    let text = field.text(METER)?;
    Meter::parse(text).ok_or_else(|| field.mistake(format!("\"{text}\" is no meter of the band"), METER))
}

fn tempo_range(field: &Field<'_>) -> Result<(f32, f32), Mistake> {
    let ends = field.list(RANGE)?;
    let [least, greatest] = ends.as_slice() else {
        return Err(field.mistake(format!("{} tempos", ends.len()), RANGE));
    };
    let least = least.number(30.0..=300.0, "beats a minute")?;
    Ok((least, greatest.number(least..=300.0, "beats a minute")?))
}

fn tags(root: &Table<'_>) -> Result<Vec<String>, Mistake> {
    let Some(field) = root.get("tags") else { return Ok(Vec::new()) };
    let tags = field.list("a list of words")?;
    tags.iter().map(|tag| tag.text("a word").map(str::to_owned)).collect()
}

fn word<T: Copy>(table: &Table<'_>, key: &str, words: &[(&str, T)]) -> Result<Option<T>, Mistake> {
    table.get(key).map(|field| field.choice(words)).transpose()
}
