//! What a message to a row of the table asks for. Runs on the OSC thread.

use std::fmt;

use engine::{Chord, Cue, EventKind, Level, Param, fader_gain};

use super::coerce::{self, Unfit};
use super::packet::Arg;
use super::table::{Kind, Row, Target};

/// Bars of a tempo ramp that names none, and the most that one may take.
const RAMP_BARS: (f32, f32) = (1.0, 64.0);

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// The release of a button, or nothing to do.
    Nothing,
    /// The performer did this.
    Send(EventKind),
    /// Start or stop, whichever the band is not at.
    Toggle,
    /// Cut everything.
    Panic,
    /// Load the rig of this name or number.
    Load(String),
    /// Answer with the same arguments.
    Pong,
    /// Answer with the version.
    Version,
}

/// An action, and whether a value had to be clamped for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// What is to be done.
    pub action: Action,
    /// A value lay out of its range.
    pub clamped: bool,
}

/// Why a message is not obeyed.
#[derive(Clone, Debug, PartialEq)]
pub enum Problem {
    /// An argument does not fit.
    Unfit(Unfit),
    /// What is wrong with the chord symbol.
    Chord(String),
}

impl From<Unfit> for Problem {
    fn from(unfit: Unfit) -> Problem {
        Problem::Unfit(unfit)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::Unfit(unfit) => unfit.fmt(f),
            Problem::Chord(why) => f.write_str(why),
        }
    }
}

impl Reading {
    /// Reads the arguments of a message to a row.
    ///
    /// # Errors
    /// Why it is not obeyed.
    pub fn new(row: &Row, args: &[Arg<'_>]) -> Result<Reading, Problem> {
        let (value, clamped) = match row.kind {
            Kind::Trigger if !coerce::trigger(args)? => return Ok(Action::Nothing.into()),
            Kind::Trigger | Kind::Text | Kind::Any => (1.0, false),
            _ => value(row, args)?,
        };
        let reading = read(row.target, value, args)?;
        Ok(Reading { clamped: clamped || reading.clamped, ..reading })
    }
}

impl From<Action> for Reading {
    fn from(action: Action) -> Reading {
        Reading { action, clamped: false }
    }
}

fn read(target: Target, value: f32, args: &[Arg<'_>]) -> Result<Reading, Problem> {
    let set = |param: Param, value| Action::Send(EventKind::Set { param, value });
    let action = match target {
        Target::Knob(param) => set(param, value),
        Target::Decibel(param) => set(param, fader_position(value)),
        Target::Event(event) => Action::Send(event),
        Target::Play => Action::Send(if value >= 0.5 { EventKind::Start } else { EventKind::Stop }),
        Target::Toggle => Action::Toggle,
        Target::Panic => Action::Panic,
        Target::Ramp => return Ok(ramp(value, args)?),
        Target::Main => Action::Send(EventKind::Cue(Cue::Main(Level::at(value as usize)))),
        Target::Chord => Action::Send(EventKind::Chord(chord(&coerce::text(args)?)?)),
        Target::Rig => Action::Load(coerce::text(args)?),
        Target::Ping => Action::Pong,
        Target::Version => Action::Version,
    };
    Ok(action.into())
}

/// The number that a row was sent, inside its range, and whether it lay outside.
fn value(row: &Row, args: &[Arg<'_>]) -> Result<(f32, bool), Unfit> {
    if row.is_norm {
        let (share, clamped) = clamp(coerce::number(args, 0.0, 1.0)?, 0.0, 1.0);
        let value = row.min + share * (row.max - row.min);
        return Ok((if row.kind == Kind::Number { value } else { value.round() }, clamped));
    }
    let sent = match row.kind {
        Kind::Switch => f32::from(u8::from(coerce::switch(args)?)),
        Kind::Choice(names) => coerce::choice(args, names)?,
        Kind::Whole => coerce::number(args, row.min, row.max)?.round(),
        _ => coerce::number(args, row.min, row.max)?,
    };
    Ok(clamp(sent, row.min, row.max))
}

fn clamp(value: f32, min: f32, max: f32) -> (f32, bool) {
    (value.clamp(min, max), !(min..=max).contains(&value))
}

fn ramp(bpm: f32, args: &[Arg<'_>]) -> Result<Reading, Unfit> {
    let (bars, clamped) = match args.get(1..) {
        None | Some([]) => (RAMP_BARS.0, false),
        Some(rest) => clamp(coerce::number(rest, 0.0, RAMP_BARS.1)?, 0.0, RAMP_BARS.1),
    };
    Ok(Reading { action: Action::Send(EventKind::Ramp { bpm, bars }), clamped })
}

fn chord(symbol: &str) -> Result<Option<Chord>, Problem> {
    Chord::parse(symbol).map_err(|error| Problem::Chord(error.to_string()))
}

/// The fader position of a level in decibels: the inverse of [`fader_gain`]; -90 dB is silence.
fn fader_position(db: f32) -> f32 {
    let gain = 10_f32.powf(db / 20.0);
    match gain {
        _ if db <= -90.0 => 0.0,
        _ if gain >= 1.0 => 0.75 + 0.25 * (gain - 1.0) / (fader_gain(1.0) - 1.0),
        _ => 0.75 * gain.powf(0.25),
    }
}

#[cfg(test)]
mod tests {
    use super::super::table::Table;
    use super::*;
    use engine::{Knob, Part};

    fn hear(address: &str, args: &[Arg<'_>]) -> Result<Reading, Problem> {
        Reading::new(Table::default().find(address)[0], args)
    }

    fn set(knob: Knob, part: Part, value: f32) -> Action {
        Action::Send(EventKind::Set { param: Param::on(knob, part), value })
    }

    #[test]
    fn decibels_are_the_same_fader_in_another_unit() {
        for db in [-60.0, -20.0, -3.0, 0.0, 3.0, 6.0] {
            let heard = 20.0 * fader_gain(fader_position(db)).log10();
            assert!((heard - db).abs() < 0.01, "{db} dB is heard as {heard}");
        }
        assert_eq!(fader_gain(fader_position(-90.0)), 0.0);
        let reading = hear("/sideman/mix/bass/db", &[Arg::Int(0)]).unwrap();
        assert_eq!(reading.action, set(Knob::Volume, Part::Bass, 0.75));
    }

    #[test]
    fn out_of_range_is_clamped_and_told() {
        let reading = hear("/sideman/mix/drums/volume", &[Arg::Float(7.0)]).unwrap();
        assert_eq!(reading, Reading { action: set(Knob::Volume, Part::Drums, 1.0), clamped: true });
        assert!(!hear("/sideman/mix/drums/volume", &[Arg::Float(1.0)]).unwrap().clamped);
    }

    #[test]
    fn a_twin_spans_the_whole_range() {
        let reading = hear("/sideman/tempo/bpm/norm", &[Arg::Float(0.5)]).unwrap();
        assert_eq!(reading.action, set(Knob::Tempo, Part::Drums, 165.0));
        let reading = hear("/sideman/section/main/norm", &[Arg::Float(1.0)]).unwrap();
        assert_eq!(reading.action, Action::Send(EventKind::Cue(Cue::Main(Level::D))));
    }

    #[test]
    fn a_release_does_nothing() {
        assert_eq!(hear("/sideman/section/fill", &[Arg::Float(0.0)]).unwrap().action, Action::Nothing);
        let fill = Action::Send(EventKind::Cue(Cue::Fill));
        assert_eq!(hear("/sideman/section/fill", &[Arg::Float(1.0)]).unwrap().action, fill);
    }

    #[test]
    fn a_ramp_takes_its_bars_as_second_argument() {
        let ramp = |bpm, bars| Action::Send(EventKind::Ramp { bpm, bars });
        assert_eq!(hear("/sideman/tempo/ramp", &[Arg::Int(90)]).unwrap().action, ramp(90.0, 1.0));
        let reading = hear("/sideman/tempo/ramp", &[Arg::Int(90), Arg::Float(4.0)]).unwrap();
        assert_eq!(reading, ramp(90.0, 4.0).into());
        assert!(hear("/sideman/tempo/ramp", &[Arg::Int(90), Arg::Int(-1)]).unwrap().clamped);
    }

    #[test]
    fn a_chord_symbol_is_read_or_said_to_be_wrong() {
        let reading = hear("/sideman/chord/set", &[Arg::Text("Am7/G")]).unwrap();
        let chord = Chord::new(9, engine::Quality::Min7).over(7);
        assert_eq!(reading.action, Action::Send(EventKind::Chord(Some(chord))));
        let silence = hear("/sideman/chord/set", &[Arg::Text("N.C.")]).unwrap();
        assert_eq!(silence.action, Action::Send(EventKind::Chord(None)));
        assert!(matches!(hear("/sideman/chord/set", &[Arg::Text("H#zz")]), Err(Problem::Chord(_))));
    }

    #[test]
    fn a_rig_goes_by_name_or_number() {
        assert_eq!(hear("/sideman/preset/load", &[Arg::Int(3)]).unwrap().action, Action::Load("3".into()));
        let load = Action::Load("bossa".into());
        assert_eq!(hear("/sideman/preset/load", &[Arg::Text("bossa")]).unwrap().action, load);
    }
}
