//! Reads `[knobs]`: what a rig sets when it is loaded, by the addresses of the knobs. Any thread but audio.

use engine::{KNOBS, Param, Part, Spec};

use super::error::Mistake;
use super::reader::{Field, Table};

/// Every knob that a rig may set, with its address written as in a rig: `feel.humanize`, `part.bass.density`.
fn known() -> Vec<(String, &'static Spec, Param)> {
    let dotted = |address: &str| address.trim_start_matches('/').replace('/', ".");
    let expand = |spec: &'static Spec| {
        let parts = if spec.per_part() { &Part::ALL[..] } else { &Part::ALL[..1] };
        parts.iter().map(move |part| {
            (dotted(&spec.address.replace("<part>", part.name())), spec, Param::on(spec.knob, *part))
        })
    };
    KNOBS.iter().flat_map(expand).collect()
}

/// The knobs and the values that the rig gives them.
pub(super) fn knobs(root: &Table<'_>) -> Result<Vec<(Param, f32)>, Mistake> {
    let mut settings = Vec::new();
    if let Some(field) = root.get("knobs") {
        collect(&field.table()?, "", &known(), &mut settings)?;
    }
    Ok(settings)
}

/// Walks down the tables that dotted keys make.
fn collect(
    table: &Table<'_>,
    prefix: &str,
    known: &[(String, &'static Spec, Param)],
    settings: &mut Vec<(Param, f32)>,
) -> Result<(), Mistake> {
    for (key, at, field) in table.entries() {
        let address = format!("{prefix}{key}");
        if let Some((_, spec, param)) = known.iter().find(|knob| knob.0 == address) {
            settings.push((*param, value(&field, spec)?));
        } else if field.any_table().is_some() {
            collect(&field.table()?, &format!("{address}."), known, settings)?;
        } else {
            let names = known.iter().map(|knob| knob.0.as_str());
            let nearest = super::error::nearest(&address, names).map(str::to_owned);
            let problem = format!("unknown knob `{address}`");
            let expected = "the address of a knob with dots, such as `feel.humanize`".to_owned();
            return Err(Mistake { problem, expected, nearest, ..table.unknown(key, at, []) });
        }
    }
    Ok(())
}

/// A number in the knob's range, `true` or `false` for a switch, or one of its words.
fn value(field: &Field<'_>, spec: &Spec) -> Result<f32, Mistake> {
    if let Some(flag) = field.any_flag().filter(|_| spec.unit == "on/off") {
        return Ok(f32::from(u8::from(flag)));
    }
    let words: Vec<_> = spec.unit.split(", ").zip(0u8..).map(|(word, i)| (word, f32::from(i))).collect();
    let has_words = words.len() > 1 && words.len() as f32 == spec.max - spec.min + 1.0;
    if has_words && field.any_number().is_none() {
        return field.choice(&words);
    }
    field.number(spec.min..=spec.max, spec.unit)
}
