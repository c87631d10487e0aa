//! What was sent becomes what is wanted: the liberal reading of arguments. Runs on the OSC thread.
//!
//! Tablets send nothing but floats, Max sends ints for switches, Python sends text: all of them are right.

use std::fmt;

use super::packet::Arg;

/// Why an argument was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// It is a float that is no number; ignored in silence.
    Nan,
    /// It cannot be read as this.
    Wanted(&'static str),
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unfit::Nan => write!(f, "not a number"),
            Unfit::Wanted(what) => write!(f, "wants {what}"),
        }
    }
}

/// Whether a trigger fires: at no argument, a bang, `T`, a number from 0.5 on, or a word that says so.
/// What does not fire is the release of a button.
///
/// # Errors
/// If the argument says neither yes nor no.
pub fn trigger(args: &[Arg<'_>]) -> Result<bool, Unfit> {
    match args.first() {
        None | Some(Arg::Bang) => Ok(true),
        Some(Arg::Text(text)) if text.eq_ignore_ascii_case("bang") => Ok(true),
        Some(arg) => is_on(arg).unwrap_or(Err(Unfit::Wanted("no argument, or 1"))),
    }
}

/// Whether a switch is to be on.
///
/// # Errors
/// If the argument says neither yes nor no.
pub fn switch(args: &[Arg<'_>]) -> Result<bool, Unfit> {
    args.first().and_then(is_on).unwrap_or(Err(Unfit::Wanted("1 or 0")))
}

/// A number; `T` is the greatest, `F` the least. It may lie out of the range.
///
/// # Errors
/// If it is none.
pub fn number(args: &[Arg<'_>], min: f32, max: f32) -> Result<f32, Unfit> {
    let value = match args.first() {
        Some(Arg::Bool(true)) => Some(max),
        Some(Arg::Bool(false)) => Some(min),
        Some(arg) => numeric(arg).map(|value| value as f32),
        None => None,
    };
    match value {
        Some(value) if value.is_nan() => Err(Unfit::Nan),
        Some(value) => Ok(value),
        None => Err(Unfit::Wanted("a number")),
    }
}

/// The index of a choice: a number, or one of the names; a main may be called `b` or `main_b`.
///
/// # Errors
/// If it is neither.
pub fn choice(args: &[Arg<'_>], names: &[&str]) -> Result<f32, Unfit> {
    let name = match args.first() {
        Some(Arg::Text(text)) => text.to_ascii_lowercase(),
        Some(Arg::Char(c)) => c.to_ascii_lowercase().to_string(),
        _ => String::new(),
    };
    let bare = name.strip_prefix("main_").unwrap_or(&name);
    match (names.iter().position(|&known| known == bare), number(args, 0.0, names.len() as f32 - 1.0)) {
        (Some(index), _) => Ok(index as f32),
        (None, Err(Unfit::Wanted(_))) => Err(Unfit::Wanted("a number or a name of the list")),
        (None, other) => other.map(f32::round),
    }
}

/// A text; numbers are printed.
///
/// # Errors
/// If it is no text.
pub fn text(args: &[Arg<'_>]) -> Result<String, Unfit> {
    match args.first() {
        Some(Arg::Text(text)) => Ok((*text).to_owned()),
        Some(Arg::Char(c)) => Ok(c.to_string()),
        Some(Arg::Int(n)) => Ok(n.to_string()),
        Some(Arg::Float(x)) => Ok(x.to_string()),
        _ => Err(Unfit::Wanted("a text")),
    }
}

/// Yes or no, if the argument says either.
fn is_on(arg: &Arg<'_>) -> Option<Result<bool, Unfit>> {
    match arg {
        Arg::Bool(on) => return Some(Ok(*on)),
        Arg::Text(text) => match text.to_ascii_lowercase().as_str() {
            "on" | "true" => return Some(Ok(true)),
            "off" | "false" => return Some(Ok(false)),
            _ => {}
        },
        _ => {}
    }
    numeric(arg).map(|value| if value.is_nan() { Err(Unfit::Nan) } else { Ok(value >= 0.5) })
}

fn numeric(arg: &Arg<'_>) -> Option<f64> {
    match arg {
        Arg::Int(n) => Some(*n as f64),
        Arg::Float(x) => Some(*x),
        Arg::Text(text) => text.trim().parse().ok(),
        Arg::Char(c) => c.to_digit(10).map(f64::from),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Arg::{Bang, Bool, Char, Float, Int, Other, Text};

    #[test]
    fn a_trigger_fires_on_everything_that_a_button_sends_when_pressed() {
        let pressed = [Bang, Bool(true), Int(1), Int(127), Float(1.0), Float(0.5), Text("1"), Text("true")];
        assert_eq!(trigger(&[]), Ok(true));
        assert!(
            pressed
                .into_iter()
                .chain([Text("ON"), Text("bang"), Char('1')])
                .all(|a| trigger(&[a]) == Ok(true))
        );
    }

    #[test]
    fn a_trigger_ignores_everything_that_a_button_sends_when_released() {
        let released = [Bool(false), Int(0), Float(0.0), Float(0.49), Text("0"), Text("off"), Int(-1)];
        assert!(released.into_iter().all(|arg| trigger(&[arg]) == Ok(false)));
        assert!(matches!(trigger(&[Text("maybe")]), Err(Unfit::Wanted(_))));
    }

    #[test]
    fn a_switch_needs_an_argument() {
        assert_eq!(switch(&[Text("off")]), Ok(false));
        assert_eq!(switch(&[Float(1.0)]), Ok(true));
        assert!(switch(&[]).is_err() && switch(&[Bang]).is_err() && switch(&[Other]).is_err());
    }

    #[test]
    fn every_type_of_number_is_the_same_number() {
        for arg in [Int(1), Float(1.0), Text(" 1.0 "), Char('1'), Bool(true)] {
            assert_eq!(number(&[arg], 0.0, 1.0), Ok(1.0));
        }
        assert_eq!(number(&[Bool(false)], 30.0, 300.0), Ok(30.0));
        assert_eq!(number(&[Float(f64::NAN)], 0.0, 1.0), Err(Unfit::Nan));
        assert_eq!(number(&[Text("nan")], 0.0, 1.0), Err(Unfit::Nan));
        assert!(matches!(number(&[], 0.0, 1.0), Err(Unfit::Wanted(_))));
    }

    #[test]
    fn a_choice_goes_by_name_by_letter_or_by_number() {
        let mains = ["a", "b", "c", "d"];
        for arg in [Text("b"), Text("B"), Text("main_b"), Char('B'), Int(1), Float(1.2), Text("1")] {
            assert_eq!(choice(std::slice::from_ref(&arg), &mains), Ok(1.0), "{arg:?}");
        }
        assert!(choice(&[Text("e")], &mains).is_err());
    }

    #[test]
    fn numbers_may_stand_for_text() {
        assert_eq!(text(&[Int(3)]).as_deref(), Ok("3"));
        assert_eq!(text(&[Float(3.0)]).as_deref(), Ok("3"));
        assert!(text(&[Bool(true)]).is_err());
    }
}
