//! The verdict on a whole evening: what every measure says of every take, of every set, and of all.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::judge::distance::{mean, percentile};
use super::judge::skeleton::{Bar, skeleton};
use super::material::Material;
use super::measures::all;
use super::performing::{Night, Performance, Stage};
use super::subject::Subject;
use super::wholes::{WHOLES, Whole};
use crate::args::Eval;

/// Values in the order of the measures.
pub type Values = Vec<Option<f64>>;

/// What is said of somebody: `model`, `groove`, `people`, or a bound of theirs.
pub type Row = (&'static str, Values);

/// The name of the accompanist that is judged.
pub const MODEL: &str = "model";
/// The name of `Groove`.
pub const GROOVE: &str = "groove";
/// The name of those who played on the takes.
pub const PEOPLE: &str = "people";

/// What is said of a take.
#[derive(Debug)]
pub struct TakeReport {
    /// Its name.
    pub name: String,
    /// Each one who played.
    pub rows: Vec<Row>,
}

/// What is said of a set, or of all sets.
#[derive(Debug)]
pub struct SetReport {
    /// Its name.
    pub name: String,
    /// Its takes.
    pub takes: Vec<TakeReport>,
    /// Means of each one who played, and the bounds of eight people in ten.
    pub means: Vec<Row>,
    /// The measures of the set as a whole, of each one who played.
    pub wholes: Vec<Row>,
}

/// What is said.
#[derive(Debug)]
pub struct Report {
    /// Who played which rig with which seed.
    pub facts: Vec<(&'static str, String)>,
    /// The sets.
    pub sets: Vec<SetReport>,
    /// All takes as one set.
    pub all: SetReport,
}

impl Report {
    /// Judges what was played; `nights` belong to the takes one by one.
    pub fn new(args: &Eval, stage: &Stage, takes: &[Material], nights: &[Night]) -> Report {
        let groove_bars: BTreeSet<Bar> =
            nights.iter().flat_map(|night| skeleton(&night.groove.band)).collect();
        let judged: Vec<Judged<'_>> = takes
            .iter()
            .zip(nights)
            .enumerate()
            .map(|(i, (take, night))| {
                let stranger = takes.get((i + 1) % takes.len()).filter(|_| takes.len() > 1);
                Judged { take, night, rows: rows(stage, (take, stranger), night, &groove_bars) }
            })
            .collect();
        let sets = judged.chunk_by(|a, b| a.take.set == b.take.set);
        Report {
            facts: facts(args, stage, takes.len()),
            sets: sets.map(|set| SetReport::new(&set[0].take.set, set)).collect(),
            all: SetReport::new("all", &judged),
        }
    }
}

fn facts(args: &Eval, stage: &Stage, takes: usize) -> Vec<(&'static str, String)> {
    let model =
        args.model.as_ref().map_or("the weights inside".to_owned(), |path| path.display().to_string());
    vec![
        ("rig", stage.rig.name.clone()),
        ("model", model),
        ("model_latency_ms", stage.model_latency_ms.to_string()),
        ("main", format!("{:?}", stage.main).to_lowercase()),
        ("seed", stage.seed.to_string()),
        ("takes", takes.to_string()),
    ]
}

/// A take that has been judged.
struct Judged<'a> {
    take: &'a Material,
    night: &'a Night,
    rows: Vec<Row>,
}

/// What the measures say of each one who played a take.
fn rows(
    stage: &Stage,
    (take, stranger): (&Material, Option<&Material>),
    night: &Night,
    groove_bars: &BTreeSet<Bar>,
) -> Vec<Row> {
    let known = Some(groove_bars);
    let of_band = |played| Subject::band(played, stage, take, stranger);
    let model = night.model.as_ref().map(|model| (MODEL, Subject { groove_bars: known, ..of_band(model) }));
    let groove = (GROOVE, of_band(&night.groove));
    let people = (PEOPLE, Subject { groove_bars: known, ..Subject::people(take, stranger) });
    let everybody = model.into_iter().chain([groove, people]);
    everybody.map(|(who, subject)| (who, all().map(|measure| measure.value(&subject)).collect())).collect()
}

impl SetReport {
    fn new(name: &str, judged: &[Judged<'_>]) -> SetReport {
        let takes =
            judged.iter().map(|one| TakeReport { name: one.take.name.clone(), rows: one.rows.clone() });
        let takes: Vec<TakeReport> = takes.collect();
        let mut means: Vec<Row> = players(&takes).map(|who| (who, over(&takes, who, mean))).collect();
        for (bound, share) in [("people_10", 0.1), ("people_90", 0.9)] {
            means.push((
                bound,
                over(&takes, PEOPLE, |values| Some(percentile(values, share)).filter(|x| x.is_finite())),
            ));
        }
        SetReport { name: name.to_owned(), takes, means, wholes: wholes(judged) }
    }
}

/// Who played.
fn players(takes: &[TakeReport]) -> impl Iterator<Item = &'static str> {
    takes.first().into_iter().flat_map(|take| take.rows.iter().map(|row| row.0))
}

/// Each measure of one player's over all takes.
fn over(takes: &[TakeReport], who: &str, sum_up: impl Fn(&[f64]) -> Option<f64>) -> Values {
    let of_who =
        |take: &'_ TakeReport, i: usize| take.rows.iter().find(|row| row.0 == who).and_then(|row| row.1[i]);
    let values = |i: usize| takes.iter().filter_map(|take| of_who(take, i)).collect::<Vec<f64>>();
    (0..all().count()).map(|i| sum_up(&values(i))).collect()
}

fn wholes(judged: &[Judged<'_>]) -> Vec<Row> {
    let people = || judged.iter().map(|one| &one.take.people).collect();
    let of = |played: Vec<&Performance>| {
        let pushed = played.iter().filter_map(|one| one.pushed.as_ref()).collect();
        values(&Whole { bands: played.iter().map(|one| &one.band).collect(), pushed, people: people() })
    };
    let models: Vec<&Performance> = judged.iter().filter_map(|one| one.night.model.as_ref()).collect();
    let model = (!models.is_empty()).then(|| (MODEL, of(models)));
    let groove = (GROOVE, of(judged.iter().map(|one| &one.night.groove).collect()));
    let human = (PEOPLE, values(&Whole { bands: people(), pushed: Vec::new(), people: people() }));
    model.into_iter().chain([groove, human]).collect()
}

fn values(whole: &Whole<'_>) -> Values {
    WHOLES.iter().map(|measure| (measure.of)(whole).filter(|value| value.is_finite())).collect()
}

/// The report as JSON: `facts`, `sets` and `all`; each set has `takes`, `mean` and `whole`. A measure that has
/// nothing to count is left out.
pub fn json(report: &Report) -> Value {
    let facts: Map<String, Value> =
        report.facts.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    let sets: Map<String, Value> = report.sets.iter().map(|set| (set.name.clone(), set_json(set))).collect();
    let all = json!({ "mean": rows_json(&report.all.means), "whole": wholes_json(&report.all.wholes) });
    json!({ "facts": facts, "sets": sets, "all": all })
}

fn set_json(set: &SetReport) -> Value {
    let takes: Map<String, Value> =
        set.takes.iter().map(|take| (take.name.clone(), rows_json(&take.rows))).collect();
    json!({ "takes": takes, "mean": rows_json(&set.means), "whole": wholes_json(&set.wholes) })
}

fn rows_json(rows: &[Row]) -> Value {
    object(rows, || all().map(|measure| measure.name))
}

fn wholes_json(rows: &[Row]) -> Value {
    object(rows, || WHOLES.iter().map(|measure| measure.name))
}

fn object<I: Iterator<Item = &'static str>>(rows: &[Row], names: impl Fn() -> I) -> Value {
    let row = |(who, values): &Row| {
        let known = names().zip(values).filter_map(|(name, value)| Some((name.to_owned(), json!((*value)?))));
        ((*who).to_owned(), Value::Object(known.collect()))
    };
    Value::Object(rows.iter().map(row).collect())
}
