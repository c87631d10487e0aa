//! A rig: the sounds, patterns and habits of one band, as plain data.

use engine::{Family, Meter, Moves, Param, Part};

use crate::pattern::Pattern;

/// Everything that a rig file says.
#[derive(Clone, Debug)]
pub struct Rig {
    /// The file's name without its ending.
    pub name: String,
    /// What a player reads.
    pub title: String,
    /// Styles and moods to search by.
    pub tags: Vec<String>,
    /// Beats of the felt pulse a minute.
    pub bpm: f32,
    /// The least and the greatest tempo that suits it.
    pub range: (f32, f32),
    /// Time signature.
    pub meter: Meter,
    /// Place of the off-beat as a share of the beat, 0.5 to 0.75.
    pub swing: f32,
    /// Whether swing moves sixteenths and not eighths.
    pub swing_sixteenths: bool,
    /// Bars of a groove unit: 2 where there is a clave or a two-bar pattern. Units are counted from bar 0 of the grid.
    pub unit_bars: u8,
    /// The clave, if the style has one.
    pub clave: Option<Clave>,
    /// How the players place their notes around the grid.
    pub feel: Feel,
    /// How the bass line is made.
    pub bass_style: BassStyle,
    /// Whether bass and kick go with a chord that comes just before the bar.
    pub bass_pushes: bool,
    /// The parts, in the order of [`Part::ALL`].
    pub parts: [PartSpec; Part::COUNT],
    /// Played once before the first main.
    pub intro: Piece,
    /// The four grooves, from quiet to full.
    pub mains: [Piece; 4],
    /// Fills of each main. The last bar of a fill is the one that is played, from where it is asked for to the bar
    /// line; a fill of [`unit_bars`](Rig::unit_bars) bars plays the bar that lies at this place of the unit.
    pub fills: [Vec<Piece>; 4],
    /// The stops of a break.
    pub break_: Piece,
    /// The last bars.
    pub ending: Piece,
    /// Knobs that the rig sets when it is loaded.
    pub knobs: Vec<(Param, f32)>,
}

impl Rig {
    /// What is said of a part.
    pub fn part(&self, part: Part) -> &PartSpec {
        &self.parts[part.index()]
    }
}

/// Which side of the clave is bar 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clave {
    /// Three strokes in the first bar, two in the second.
    ThreeTwo,
    /// Two strokes in the first bar, three in the second.
    TwoThree,
}

/// How the players place their notes around the grid. The tables are in `groove/feel.rs`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Feel {
    /// On the grid, but human.
    #[default]
    Even,
    /// Nearly a machine: disco, house.
    Tight,
    /// The ride leads, the hat closes on time, the bass sits on it, comp lies back: jazz.
    Jazz,
    /// The snare lies back: soul, hip-hop, gospel.
    LaidBack,
    /// Hats and guitars lean forward: rock, funk.
    Driving,
    /// Percussion leans forward, the bass lies back: salsa, samba, bossa nova, Afrobeat.
    Latin,
}

/// How the bass line is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BassStyle {
    /// As the pattern says, on the kick's skeleton (`feel.lock`).
    #[default]
    Pattern,
    /// In quarters that lead into the next chord: free of the kick, with skips and drops of its own.
    Walking,
    /// As the pattern says, never moved to the kick: one-drop, tumbao, Afrobeat.
    Free,
}

/// Who writes a part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PartSource {
    /// The rig's own patterns.
    #[default]
    Groove,
    /// The trained model, where there is one.
    Model,
    /// Nobody.
    Off,
}

/// The sound and the habits of one part.
#[derive(Clone, Debug)]
pub struct PartSpec {
    /// Name of the sound.
    pub sound: String,
    /// Level in decibels.
    pub gain_db: f32,
    /// Place between left (0) and right (1).
    pub pan: f32,
    /// Send to the reverb, 0 to 1.
    pub reverb: f32,
    /// The lowest and the highest key.
    pub range: (u8, u8),
    /// The shape of its chords, unless a piece says otherwise.
    pub family: Family,
    /// Milliseconds between the strings of a strummed chord; 0 for a keyboard.
    pub strum_ms: f32,
    /// Who writes it.
    pub source: PartSource,
    /// Milliseconds behind the beat on top of the feel; negative is ahead.
    pub late_ms: f32,
    /// How loose it is beside the feel's own looseness; 1 = as the feel says.
    pub humanize: f32,
    /// How held notes follow the chord; the part's usual way where nothing is said.
    pub moves: Option<Moves>,
}

/// A part that says nothing.
impl Default for PartSpec {
    fn default() -> PartSpec {
        PartSpec {
            sound: String::new(),
            gain_db: 0.0,
            pan: 0.5,
            reverb: 0.15,
            range: (0, 127),
            family: Family::Close,
            strum_ms: 0.0,
            source: PartSource::Groove,
            late_ms: 0.0,
            humanize: 1.0,
            moves: None,
        }
    }
}

/// One drum of a piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// General MIDI key; see [`crate::drum_key`].
    pub key: u8,
    /// What it may play; the first is the commonest. The seed picks one for each unit.
    pub patterns: Vec<Pattern>,
}

/// What the band plays in one section. An empty list of patterns is a part that rests.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    /// Bars until it ends or begins again. Each pattern repeats by its own length.
    pub bars: u8,
    /// The kit, lane by lane.
    pub drums: Vec<Lane>,
    /// Alternatives of the bass line; the first is the commonest.
    pub bass: Vec<Pattern>,
    /// Alternatives of the comp.
    pub comp: Vec<Pattern>,
    /// Alternatives of the pads.
    pub pads: Vec<Pattern>,
    /// Another shape for the comp's chords.
    pub comp_family: Option<Family>,
    /// Another shape for the pads' chords.
    pub pads_family: Option<Family>,
    /// Scales every velocity; 1 = as written.
    pub velocity: f32,
    /// Parts that rest, as bits of [`Part::bit`].
    pub mute: u8,
    /// Whether a crash and a kick mark its first beat.
    pub crash: bool,
}

impl Default for Piece {
    fn default() -> Piece {
        Piece {
            bars: 1,
            drums: Vec::new(),
            bass: Vec::new(),
            comp: Vec::new(),
            pads: Vec::new(),
            comp_family: None,
            pads_family: None,
            velocity: 1.0,
            mute: 0,
            crash: false,
        }
    }
}

impl Piece {
    /// The alternatives of a pitched part; none for a part that the band does not play.
    pub fn patterns(&self, part: Part) -> &[Pattern] {
        match part {
            Part::Bass => &self.bass,
            Part::Comp => &self.comp,
            Part::Pads => &self.pads,
            Part::Drums | Part::Lead | Part::Click => &[],
        }
    }
}
