//! Reads the sections: what each part plays in intro, mains, fills, break and ending. Any thread but audio.

use std::ops::RangeInclusive;

use engine::{Meter, Part};
use models::{DRUMS, Lane, LaneKind, Pattern, Piece};

use super::error::Mistake;
use super::reader::{Field, Table};
use super::words::FAMILIES;

pub(super) const KEYS: &[&str] =
    &["bars", "velocity", "crash", "mute", "comp_family", "pads_family", "drums", "bass", "comp", "pads"];

const PATTERN: &str = "a pattern, or a list of alternatives";

/// Reads the sections of one rig.
pub(super) struct Pieces<'a> {
    pub(super) root: &'a Table<'a>,
    pub(super) meter: Meter,
    pub(super) unit_bars: u8,
}

impl Pieces<'_> {
    /// A section that is there once.
    pub(super) fn one(&self, name: &str, bars: RangeInclusive<u8>) -> Result<Piece, Mistake> {
        let table = self.root.need(name, &format!("a section `[{name}]`"))?.table()?;
        self.piece(&table, bars)
    }

    /// A main: whole units.
    pub(super) fn main(&self, name: &str) -> Result<Piece, Mistake> {
        let piece = self.one(name, 1..=8)?;
        if !piece.bars.is_multiple_of(self.unit_bars) {
            let bars = self.root.need(name, "")?.table()?.need("bars", "")?;
            let expected = format!("a multiple of `groove.unit_bars`, which is {}", self.unit_bars);
            return Err(bars.mistake(format!("{} bars", piece.bars), expected));
        }
        Ok(piece)
    }

    /// The fills of a main: `[fill_a]`, or `[[fill_a]]` for several.
    pub(super) fn fills(&self, name: &str) -> Result<Vec<Piece>, Mistake> {
        let field = self.root.need(name, &format!("a section `[{name}]`, or several `[[{name}]]`"))?;
        let several = field.one_or_more();
        if several.is_empty() {
            return Err(field.mistake("no fill", "at least one"));
        }
        let unit_bars = self.unit_bars;
        let read = |fill: &Field<'_>| {
            let table = fill.table()?;
            let piece = self.piece(&table, 1..=8)?;
            if piece.bars == 1 || piece.bars == unit_bars {
                return Ok(piece);
            }
            let expected = format!("1 bar, or the {unit_bars} bars of `groove.unit_bars`");
            Err(table.need("bars", "")?.mistake(format!("{} bars", piece.bars), expected))
        };
        several.iter().map(read).collect()
    }

    fn piece(&self, table: &Table<'_>, range: RangeInclusive<u8>) -> Result<Piece, Mistake> {
        table.only(KEYS)?;
        let bars = table.need("bars", "the number of bars")?.count(range, "bars")?;
        let lanes = |key: &str| -> Result<Vec<Pattern>, Mistake> {
            let field = table.get(key);
            field.map_or(Ok(Vec::new()), |field| self.patterns(&field, LaneKind::Chords, bars))
        };
        let family = |key: &str| table.get(key).map(|field| field.choice(FAMILIES)).transpose();
        let velocity = table.get("velocity").map(|field| field.number(0.2..=1.5, "1 is as written"));
        let crash = table.get("crash").map(|field| field.flag());
        let bass = table.get("bass").map(|field| self.patterns(&field, LaneKind::Bass, bars));
        Ok(Piece {
            bars,
            drums: self.drums(table, bars)?,
            bass: bass.transpose()?.unwrap_or_default(),
            comp: lanes("comp")?,
            pads: lanes("pads")?,
            comp_family: family("comp_family")?,
            pads_family: family("pads_family")?,
            velocity: velocity.transpose()?.unwrap_or(1.0),
            mute: mute(table)?,
            crash: crash.transpose()?.unwrap_or(false),
        })
    }

    fn drums(&self, table: &Table<'_>, bars: u8) -> Result<Vec<Lane>, Mistake> {
        let Some(field) = table.get("drums") else { return Ok(Vec::new()) };
        let table = field.table()?;
        let lane = |(name, at, field): (&str, usize, Field<'_>)| {
            let piece = DRUMS.iter().find(|piece| piece.0 == name);
            let key = piece.ok_or_else(|| table.unknown(name, at, DRUMS.iter().map(|piece| piece.0)))?.1;
            Ok(Lane { key, patterns: self.patterns(&field, LaneKind::Drums, bars)? })
        };
        table.entries().into_iter().map(lane).collect()
    }

    /// A pattern or its alternatives; each goes a whole number of times into the section.
    fn patterns(&self, field: &Field<'_>, kind: LaneKind, bars: u8) -> Result<Vec<Pattern>, Mistake> {
        let read = |field: &Field<'_>| {
            let text = field.text(PATTERN)?;
            let pattern = Pattern::parse(text, kind, self.meter)
                .map_err(|e| field.mistake_at(e.column, format!("found {}", e.found), e.expected))?;
            if bars.is_multiple_of(pattern.bars) {
                return Ok(pattern);
            }
            let expected = format!("a number of bars that goes into the section's {bars}");
            Err(field.mistake(format!("a pattern of {} bars", pattern.bars), expected))
        };
        field.one_or_more().iter().map(read).collect()
    }
}

/// The parts that rest, as bits.
fn mute(table: &Table<'_>) -> Result<u8, Mistake> {
    let Some(field) = table.get("mute") else { return Ok(0) };
    let words = Part::BAND.map(|part| (part.name(), part.bit()));
    let parts = field.list("a list of parts, such as [\"pads\"]")?;
    parts.iter().try_fold(0, |bits, part| Ok(bits | part.choice(&words)?))
}
