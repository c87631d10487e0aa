//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use engine::Level;

/// A band for one performer: drums, bass, comping and pads that follow your chords.
#[derive(Debug, Parser)]
#[command(name = "sideman", version, args_conflicts_with_subcommands = true)]
pub struct Cli {
    /// What to do; `play` where nothing is said.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Arguments of `play`.
    #[command(flatten)]
    pub play: Play,
    /// Print every notice that is owed to those whose work is inside.
    #[arg(long)]
    pub licenses: bool,
    /// Say more on the terminal; twice says most.
    #[arg(short, long, action = clap::ArgAction::Count, global = true)]
    pub verbose: u8,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Play with the band, live.
    Play(Play),
    /// Render a performer's MIDI file with the band, faster than real time.
    Render(Render),
    /// Judge the band over a folder of takes, beside `Groove` and the people who played on them.
    Eval(Eval),
    /// Continue a performer's phrase in many ways: a MIDI file for each, the best first.
    Variations(Variations),
    /// List the rigs.
    Rigs,
    /// List audio devices and MIDI ports.
    Devices,
    /// Say which chord these keys are: `sideman chords C3 E3 G3` (C4 = middle C = 60).
    Chords(Chords),
}

/// Who decides the chord.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ChordSource {
    /// The keys below the split.
    Played,
    /// The melody above the split.
    Melody,
    /// `/sideman/chord/set`.
    Sent,
}

impl ChordSource {
    /// The value of `chord.source`.
    pub fn value(self) -> f32 {
        match self {
            ChordSource::Played => 0.0,
            ChordSource::Melody => 2.0,
            ChordSource::Sent => 3.0,
        }
    }
}

/// The letters of the mains, from quiet to full.
const MAINS: [&str; 4] = ["a", "b", "c", "d"];

/// What `play` and `render` share.
#[derive(Clone, Debug, Args)]
pub struct Common {
    /// Beats a minute, instead of the take's or the rig's.
    #[arg(long, value_name = "BPM", value_parser = tempo)]
    pub tempo: Option<f32>,
    /// Seed of everything that the band invents.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// A SoundFont (SF2 or SF3) for every sound, or `system` for the one that is installed.
    #[arg(long, value_name = "FILE")]
    pub soundfont: Option<PathBuf>,
    /// The weights of the model, instead of those inside; `none` has the rig's own patterns play.
    #[arg(long, value_name = "FILE")]
    pub model: Option<PathBuf>,
    /// Who decides the chord.
    #[arg(long, value_enum, default_value_t = ChordSource::Played)]
    pub chord_source: ChordSource,
    /// The lowest key of the right hand: a name (F#3) or a MIDI number.
    #[arg(long, value_name = "NOTE", value_parser = note)]
    pub split: Option<u8>,
    /// Write the report here.
    #[arg(long, value_name = "FILE.json")]
    pub report: Option<PathBuf>,
}

/// Arguments of `play`.
#[derive(Clone, Debug, Args)]
pub struct Play {
    /// The rig: a name (see `sideman rigs`) or a path.
    #[arg(value_name = "RIG")]
    pub rig: Option<String>,
    /// Feed this MIDI file into the live path, as if a controller played it.
    #[arg(long, value_name = "TAKE.mid")]
    pub performer: Option<PathBuf>,
    /// Audio: `HOST` or `HOST:DEVICE` (see `sideman devices`), or `none` for a device paced by the clock.
    #[arg(long, value_name = "HOST[:DEVICE]")]
    pub audio: Option<String>,
    /// Frames a second, where the device has a choice.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(22_050..=192_000))]
    pub rate: Option<u32>,
    /// Frames of a block.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(32..=2048))]
    pub buffer: Option<u32>,
    /// A MIDI input, by name or part of it; may be repeated. All inputs where nothing is said.
    #[arg(long, value_name = "NAME")]
    pub midi_in: Vec<String>,
    /// A MIDI output for the band's notes, by name or part of it, or `virtual`.
    #[arg(long, value_name = "NAME")]
    pub midi_out: Option<String>,
    /// Where OSC is heard.
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:8000")]
    pub osc: SocketAddr,
    /// Record sound, MIDI and the event log into this folder.
    #[arg(long, value_name = "DIR")]
    pub record: Option<PathBuf>,
    /// Record each part by itself too.
    #[arg(long, requires = "record")]
    pub stems: bool,
    /// End after this long.
    #[arg(long = "for", value_name = "SECONDS")]
    pub seconds: Option<f64>,
    /// Bars of count-in.
    #[arg(long, value_name = "BARS", value_parser = clap::value_parser!(u8).range(0..=4))]
    pub count_in: Option<u8>,
    /// No status line.
    #[arg(long)]
    pub headless: bool,
    /// What `render` has too.
    #[command(flatten)]
    pub common: Common,
}

/// Arguments of `render`.
#[derive(Clone, Debug, Args)]
pub struct Render {
    /// The rig: a name (see `sideman rigs`) or a path.
    #[arg(value_name = "RIG", required_unless_present = "replay")]
    pub rig: Option<String>,
    /// The performer's MIDI file.
    #[arg(long, value_name = "TAKE.mid", required_unless_present = "replay")]
    pub performer: Option<PathBuf>,
    /// Write the mix here.
    #[arg(long, value_name = "FILE")]
    pub wav: Option<PathBuf>,
    /// Write what was played here.
    #[arg(long, value_name = "FILE")]
    pub midi: Option<PathBuf>,
    /// Write each part into this folder.
    #[arg(long, value_name = "DIR")]
    pub stems: Option<PathBuf>,
    /// Stop after this many bars.
    #[arg(long, value_name = "N")]
    pub bars: Option<u32>,
    /// Delay the model's answers, as if it took this long.
    #[arg(long, value_name = "MS", default_value_t = 0.0)]
    pub model_latency: f64,
    /// Frames a second.
    #[arg(long, value_name = "N", default_value_t = 48_000, value_parser = clap::value_parser!(u32).range(22_050..=192_000))]
    pub rate: u32,
    /// Frames of a block; changes nothing that is heard.
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=8192))]
    pub buffer: u32,
    /// Write the event log here.
    #[arg(long, value_name = "FILE")]
    pub log: Option<PathBuf>,
    /// Play an event log again, instead of a performer.
    #[arg(long, value_name = "FILE", conflicts_with = "performer")]
    pub replay: Option<PathBuf>,
    /// What `play` has too.
    #[command(flatten)]
    pub common: Common,
}

/// Arguments of `eval`.
#[derive(Clone, Debug, Args)]
pub struct Eval {
    /// A folder of takes, as `render --performer` takes them; each folder in it is a set. What people played is read
    /// from tracks named drums, bass, comp and pads, and from markers in a track named chords.
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    /// The rig: a name (see `sideman rigs`) or a path.
    #[arg(long, value_name = "RIG", default_value = "medium-swing")]
    pub rig: String,
    /// The model that is judged, or `none` for the rig's own patterns.
    #[arg(long, value_name = "FILE")]
    pub model: Option<PathBuf>,
    /// Delay the model's answers, as if it took this long.
    #[arg(long, value_name = "MS", default_value_t = 50.0)]
    pub model_latency: f64,
    /// Seed of everything that the band invents.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Who decides the chord. Where nothing is said, the keys below the split, or the melody of a take without any.
    #[arg(long, value_enum)]
    pub chord_source: Option<ChordSource>,
    /// The main that the band plays.
    #[arg(long, default_value = "a", value_parser = PossibleValuesParser::new(MAINS).map(main))]
    pub main: Level,
    /// Judge no more than this many bars of each take.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub bars: Option<u32>,
    /// Write every figure here.
    #[arg(long, value_name = "FILE.json")]
    pub json: Option<PathBuf>,
}

/// Arguments of `variations`.
#[derive(Clone, Debug, Args)]
pub struct Variations {
    /// The rig: a name (see `sideman rigs`) or a path.
    #[arg(value_name = "RIG")]
    pub rig: String,
    /// The performer's MIDI file. Its phrase begins with the bar in which its melody begins; its chords are those of
    /// markers in a track named chords, else of the keys below the split, else of the melody.
    #[arg(long, value_name = "TAKE.mid")]
    pub performer: PathBuf,
    /// How many variations.
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub count: u32,
    /// Bars of each variation, over the first bars of the phrase, again and again where it is shorter.
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=32))]
    pub bars: u32,
    /// The folder for the MIDI files and `variations.json`.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Seed of everything that is drawn.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// The weights of the model, instead of those inside.
    #[arg(long, value_name = "FILE")]
    pub model: Option<PathBuf>,
    /// How boldly notes are drawn, 0 to 1.
    #[arg(long, value_name = "0..1", default_value_t = 0.5, value_parser = share)]
    pub variety: f32,
}

/// Arguments of `chords`.
#[derive(Clone, Debug, Args)]
pub struct Chords {
    /// The keys, by name or MIDI number, in any order.
    #[arg(required = true, value_name = "NOTE", value_parser = note)]
    pub notes: Vec<u8>,
    /// A bass that somebody else plays, for rootless voicings.
    #[arg(long, value_name = "NOTE", value_parser = note)]
    pub bass: Option<u8>,
}

fn tempo(text: &str) -> Result<f32, String> {
    let bpm: f32 = text.parse().map_err(|_| "expected beats a minute, 30 to 300".to_owned())?;
    if (30.0..=300.0).contains(&bpm) { Ok(bpm) } else { Err("expected 30 to 300 beats a minute".into()) }
}

/// The level of a main, by its letter.
fn main(letter: String) -> Level {
    Level::at(MAINS.iter().position(|main| *main == letter).unwrap_or(0))
}

fn share(text: &str) -> Result<f32, String> {
    let share = text.parse().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| "expected a number from 0 to 1".into())
}

/// Reads a key: a MIDI number, or a name where C4 is middle C.
pub fn note(text: &str) -> Result<u8, String> {
    const WANTED: &str = "expected a MIDI number (0 to 127) or a name like F#3, Bb2 (C4 = 60)";
    if let Ok(number) = text.parse::<u8>() {
        return if number < 128 { Ok(number) } else { Err(WANTED.into()) };
    }
    let mut letters = text.chars();
    let step = letters.next().filter(char::is_ascii_alphabetic).ok_or(WANTED)?;
    let step = "C.D.EF.G.A.B".find(step.to_ascii_uppercase()).ok_or(WANTED)?;
    let rest = letters.as_str();
    let octave = rest.trim_start_matches(['#', 'b', '♯', '♭']);
    let sign = |c: char| if matches!(c, '#' | '♯') { 1 } else { -1 };
    let shift: i32 = rest[..rest.len() - octave.len()].chars().map(sign).sum();
    let octave: i32 = octave.parse().map_err(|_| WANTED.to_owned())?;
    u8::try_from((octave + 1) * 12 + step as i32 + shift).ok().filter(|key| *key < 128).ok_or(WANTED.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_rig_alone_means_play() {
        let cli = Cli::parse_from(["sideman", "bossa-nova", "--for", "3"]);
        assert!(cli.command.is_none());
        assert_eq!(cli.play.rig.as_deref(), Some("bossa-nova"));
    }

    #[test]
    fn keys_are_read_by_name_and_number() {
        let read = |text| note(text).ok();
        assert_eq!(
            [read("C4"), read("F#3"), read("Bb2"), read("60")],
            [Some(60), Some(54), Some(46), Some(60)]
        );
        assert_eq!([read("H2"), read("C"), read("128"), read("C99"), read(".4")], [None; 5]);
    }
}
