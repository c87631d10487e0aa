//! Every address once: type, range, unit, meaning and target. Built at start, read on the OSC thread.
//!
//! What the server takes, what the documents list and what layouts for tablets are made of is this table.

use engine::{Cue, EventKind, KNOBS, Knob, Level, Listener, Param, Part, Spec};

use super::packet::Pattern;

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

    fn is_ranged(self) -> bool {
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
        let knobs = KNOBS.iter().flat_map(knob_rows);
        let mut rows: Vec<Row> = knobs.chain(decibel_rows()).chain(other_rows()).collect();
        let twins: Vec<Row> = rows.iter().filter(|row| row.kind.is_ranged()).map(norm_twin).collect();
        rows.extend(twins);
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

fn row(
    address: &str,
    kind: Kind,
    range: (f32, f32),
    unit: &'static str,
    doc: &'static str,
    target: Target,
) -> Row {
    let address = format!("{PREFIX}{address}");
    Row { address, kind, min: range.0, max: range.1, unit, doc, is_norm: false, target }
}

fn norm_twin(row: &Row) -> Row {
    Row { address: format!("{}/norm", row.address), is_norm: true, ..row.clone() }
}

fn knob_kind(knob: Knob) -> Kind {
    match knob {
        Knob::Mute | Knob::Solo | Knob::Hold | Knob::AutoFill => Kind::Switch,
        Knob::Fingering => Kind::Choice(&["single", "fingered", "on_bass", "full"]),
        Knob::ChordSource => Kind::Choice(&["played", "chart", "melody", "sent"]),
        Knob::Colour => Kind::Choice(&["triad", "seventh", "extended"]),
        Knob::CountIn | Knob::Split | Knob::Tonic => Kind::Whole,
        _ => Kind::Number,
    }
}

fn knob_rows(spec: &Spec) -> Vec<Row> {
    let row_of = |address: &str, param: Param| {
        row(address, knob_kind(spec.knob), (spec.min, spec.max), spec.unit, spec.doc, Target::Knob(param))
    };
    if !spec.per_part() {
        return vec![row_of(spec.address, Param::of(spec.knob))];
    }
    // What only the accompanist listens to, the performer's own parts do not have.
    let parts: &[Part] = if spec.listener == Listener::Model { &Part::BAND } else { &Part::ALL };
    let address = |part: &Part| spec.address.replace("<part>", part.name());
    parts.iter().map(|part| row_of(&address(part), Param::on(spec.knob, *part))).collect()
}

fn decibel_rows() -> impl Iterator<Item = Row> {
    let parts = Part::ALL.into_iter().map(|part| (part.name(), Param::on(Knob::Volume, part)));
    parts.chain([("master", Param::of(Knob::Master))]).map(|(name, param)| {
        let address = format!("/mix/{name}/db");
        row(&address, Kind::Number, (-90.0, 6.0), "dB", "the volume in decibels", Target::Decibel(param))
    })
}

#[rustfmt::skip]
fn other_rows() -> Vec<Row> {
    use EventKind as E;
    use Target as T;
    const NONE: (f32, f32) = (0.0, 0.0);
    let fire = |address: &str, doc, event| row(address, Kind::Trigger, NONE, "", doc, T::Event(event));
    vec![
        row("/transport/play", Kind::Switch, (0.0, 1.0), "on/off", "1 starts by the count-in, 0 stops now", T::Play),
        fire("/transport/start", "start by the count-in", E::Start),
        fire("/transport/stop", "stop now", E::Stop),
        row("/transport/toggle", Kind::Trigger, NONE, "", "start or stop", T::Toggle),
        fire("/transport/continue", "go on from where the band stopped", E::Continue),
        fire("/transport/restart", "beat 1 of a bar is now", E::Restart),
        row("/transport/panic", Kind::Trigger, NONE, "", "cuts every note; twice in a second stops too", T::Panic),
        row("/tempo/ramp", Kind::Number, (30.0, 300.0), "beats a minute", "glides to a tempo; second argument: bars, 1 if absent", T::Ramp),
        row("/section/main", Kind::Choice(&["a", "b", "c", "d"]), (0.0, 3.0), "a, b, c, d", "the main from the next bar on", T::Main),
        fire("/section/main/a", "main A from the next bar on", E::Cue(Cue::Main(Level::A))),
        fire("/section/main/b", "main B from the next bar on", E::Cue(Cue::Main(Level::B))),
        fire("/section/main/c", "main C from the next bar on", E::Cue(Cue::Main(Level::C))),
        fire("/section/main/d", "main D from the next bar on", E::Cue(Cue::Main(Level::D))),
        fire("/section/intro", "the intro, then the armed main", E::Cue(Cue::Intro)),
        fire("/section/fill", "a fill to the bar line", E::Cue(Cue::Fill)),
        fire("/section/break", "a break to the bar line", E::Cue(Cue::Break)),
        fire("/section/ending", "the ending from the next bar on", E::Cue(Cue::Ending)),
        row("/chord/set", Kind::Text, NONE, "chord symbol", "the chord from a script: F#m7b5/C, or N.C.", T::Chord),
        row("/preset/load", Kind::Text, NONE, "name or number", "another rig, at the next bar", T::Rig),
        row("/ping", Kind::Any, NONE, "", "answers /sideman/pong with the same arguments", T::Ping),
        row("/version", Kind::Any, NONE, "", "answers with the version of the addresses", T::Version),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn the_names_of_a_choice_are_those_of_the_engine() {
        for spec in KNOBS {
            if let Kind::Choice(names) = knob_kind(spec.knob) {
                assert_eq!(names.join(", "), spec.unit);
                assert_eq!(names.len() as f32 - 1.0, spec.max);
            }
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
