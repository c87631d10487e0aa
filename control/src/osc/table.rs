//! Every address once: type, range, unit, meaning and target. Built at start, read on the OSC thread.
//!
//! What the server takes, what the documents list and what layouts for tablets are made of is this table.

use engine::{EventKind, Param};

use super::packet::Pattern;
use super::rows;

/// What every address begins with.
pub const PREFIX: &str = "/sideman";

/// What an address takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// Fires; takes nothing.
    Trigger,
    /// On or off.
    Switch,
    /// One of these names, or its index.
    Choice(&'static [&'static str]),
    /// A whole number.
    Whole,
    /// A number.
    Number,
    /// A text.
    Text,
    /// Anything.
    Any,
}

impl Kind {
    /// The letter in the documents: `T`, `B`, `I`, `F`, `S`, or `-`.
    pub fn letter(self) -> char {
        match self {
            Kind::Trigger => 'T',
            Kind::Switch => 'B',
            Kind::Choice(_) | Kind::Whole => 'I',
            Kind::Number => 'F',
            Kind::Text => 'S',
            Kind::Any => '-',
        }
    }

    /// Whether it is a number with a range.
    pub fn is_ranged(self) -> bool {
        matches!(self, Kind::Choice(_) | Kind::Whole | Kind::Number)
    }
}

/// What an address acts on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Target {
    /// A knob.
    Knob(Param),
    /// A fader, in decibels.
    Decibel(Param),
    /// An event, as it is.
    Event(EventKind),
    /// Start or stop.
    Play,
    /// Start if the band does not play, else stop.
    Toggle,
    /// Panic; twice within a second it stops the band as well.
    Panic,
    /// A glide of the tempo; a second argument says over how many bars.
    Ramp,
    /// The main with this index.
    Main,
    /// The chord with this symbol.
    Chord,
    /// The rig with this name or number.
    Rig,
    /// Answers the sender with the same arguments.
    Ping,
    /// Answers the sender with the version.
    Version,
}

/// One address.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The whole address.
    pub address: String,
    /// What it takes.
    pub kind: Kind,
    /// Least value, where it takes a number.
    pub min: f32,
    /// Greatest value.
    pub max: f32,
    /// Unit, or what the numbers mean.
    pub unit: &'static str,
    /// One line for the tables.
    pub doc: &'static str,
    /// Whether it takes 0 to 1 for the whole range, as plain faders send it.
    pub is_norm: bool,
    /// What it acts on.
    pub target: Target,
}

/// All addresses.
#[derive(Debug)]
pub struct Table {
    rows: Vec<Row>,
}

impl Default for Table {
    fn default() -> Table {
        let mut rows = rows::all();
        rows.sort_by(|a, b| a.address.cmp(&b.address));
        Table { rows }
    }
}

impl Table {
    /// Every row, by address.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The rows that an address names; it may have wildcards.
    pub fn find<'a>(&'a self, address: &'a str) -> Vec<&'a Row> {
        if let Ok(at) = self.rows.binary_search_by(|row| row.address.as_str().cmp(address)) {
            return vec![&self.rows[at]];
        }
        match Pattern::new(address) {
            Some(pattern) => self.rows.iter().filter(|row| pattern.matches(&row.address)).collect(),
            None => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::{KNOBS, Part};

    #[test]
    fn every_address_is_there_once_and_lawful() {
        let table = Table::default();
        let rows = table.rows();
        assert!(rows.windows(2).all(|pair| pair[0].address < pair[1].address));
        assert!(rows.iter().all(|row| is_lawful(&row.address) && !row.doc.is_empty()));
        assert!(rows.iter().filter(|row| row.kind.is_ranged()).all(|row| row.min < row.max));
    }

    fn is_lawful(address: &str) -> bool {
        let lawful = |c: char| c.is_ascii_lowercase() || matches!(c, '_' | '/');
        address.starts_with("/sideman/") && address.chars().all(lawful)
    }

    #[test]
    fn every_knob_has_an_address_of_its_own() {
        let table = Table::default();
        for spec in KNOBS {
            let address = format!("{PREFIX}{}", spec.address.replace("<part>", "bass"));
            let rows = table.find(&address);
            assert!(
                matches!(rows[..], [Row { target: Target::Knob(p), .. }] if p.knob == spec.knob),
                "{address}"
            );
        }
    }

    #[test]
    fn every_ranged_number_has_a_twin_from_0_to_1() {
        let table = Table::default();
        for row in table.rows().iter().filter(|row| row.kind.is_ranged() && !row.is_norm) {
            assert_eq!(table.find(&format!("{}/norm", row.address)).len(), 1, "{}", row.address);
        }
    }

    #[test]
    fn a_wildcard_finds_all_parts() {
        let table = Table::default();
        assert_eq!(table.find("/sideman/mix/*/mute").len(), Part::COUNT);
        assert_eq!(table.find("/sideman/mix/{bass,comp}/mute").len(), 2);
        assert!(table.find("/sideman/nothing").is_empty());
    }
}
