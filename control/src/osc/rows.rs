//! The rows of the table of addresses: those of the knobs, and all others.

use engine::{Cue, EventKind, KNOBS, Knob, Level, Listener, Param, Part, Spec};

use super::table::{Kind, PREFIX, Row, Target};

/// Every row, in no order.
pub fn all() -> Vec<Row> {
    let knobs = KNOBS.iter().flat_map(knob_rows);
    let mut rows: Vec<Row> = knobs.chain(decibel_rows()).chain(other_rows()).collect();
    let twins: Vec<Row> = rows.iter().filter(|row| row.kind.is_ranged()).map(norm_twin).collect();
    rows.extend(twins);
    rows
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
        fire("/transport/continue", "start again at once, without a count-in", E::Continue),
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
    fn the_names_of_a_choice_are_those_of_the_engine() {
        for spec in KNOBS {
            if let Kind::Choice(names) = knob_kind(spec.knob) {
                assert_eq!(names.join(", "), spec.unit);
                assert_eq!(names.len() as f32 - 1.0, spec.max);
            }
        }
    }
}
