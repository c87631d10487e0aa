//! The report as aligned text.

use std::fmt::Write;

use super::measures::GROUPS;
use super::summary::{MODEL, PEOPLE, Report, Row, SetReport};
use super::wholes::WHOLES;

/// Characters of the name of a take, and of a column.
const NAME: usize = 26;
const COLUMN: usize = 11;

/// The report: for each set a table a group, a line for each take as it was judged, then the means; for several sets
/// the means of all; then what each column says.
pub fn text(report: &Report) -> String {
    let mut text = String::new();
    for (name, value) in &report.facts {
        let _ = writeln!(text, "{name:<18} {value}");
    }
    report.sets.iter().for_each(|set| text += &of_set(set, true));
    if report.sets.len() > 1 {
        text += &of_set(&report.all, false);
    }
    text + &legend()
}

fn of_set(set: &SetReport, with_takes: bool) -> String {
    let mut text = format!("\n{} ({} takes)\n", set.name, set.takes.len());
    let mut first = 0;
    for group in &GROUPS {
        let columns: Vec<(&str, usize)> = group.measures.iter().map(|m| (m.name, m.places)).collect();
        let span = first..first + columns.len();
        text += &heads(group.name, &columns);
        for take in set.takes.iter().filter(|_| with_takes) {
            // The first one is who is judged.
            text += &line(&take.name, &take.rows[0].1[span.clone()], &columns);
        }
        for (who, values) in &set.means {
            text += &line(who_mean(who), &values[span.clone()], &columns);
        }
        first = span.end;
    }
    let columns: Vec<(&str, usize)> = WHOLES.iter().map(|m| (m.name, m.places)).collect();
    text += &heads("the set as a whole", &columns);
    text + &set
        .wholes
        .iter()
        .map(|(who, values): &Row| line(&format!("= {who}"), values, &columns))
        .collect::<String>()
}

/// The name of a line of means.
fn who_mean(who: &str) -> &str {
    match who {
        MODEL => "= model",
        PEOPLE => "= people",
        "people_10" => "= people, 10 % below",
        "people_90" => "= people, 90 % below",
        _ => "= groove",
    }
}

fn heads(name: &str, columns: &[(&str, usize)]) -> String {
    let heads: String = columns.iter().map(|(head, _)| format!("{head:>COLUMN$}")).collect();
    format!("\n{name:<NAME$}{heads}\n")
}

fn line(name: &str, values: &[Option<f64>], columns: &[(&str, usize)]) -> String {
    let name: String = name.chars().take(NAME - 1).collect();
    let cell = |(value, (_, places)): (&Option<f64>, &(&str, usize))| match value {
        Some(value) => format!("{value:>COLUMN$.places$}"),
        None => format!("{:>COLUMN$}", "-"),
    };
    let cells: String = values.iter().zip(columns).map(cell).collect();
    if values.iter().all(Option::is_none) { String::new() } else { format!("{name:<NAME$}{cells}\n") }
}

fn legend() -> String {
    let of_takes = GROUPS.iter().flat_map(|group| group.measures).map(|m| (m.name, m.doc));
    let of_sets = WHOLES.iter().map(|m| (m.name, m.doc));
    of_takes
        .chain(of_sets)
        .fold("\n".to_owned(), |text, (name, doc)| text + &format!("{name:<COLUMN$}{doc}\n"))
}
