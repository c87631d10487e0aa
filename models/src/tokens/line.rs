//! One line of the stream in the field's words: what is known of a beat, and what everybody plays in it.

use engine::{Level, Meter, Part, Quality, Role, Section};

/// A beat: what stands before its notes, and its notes.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The beat's place in its bar, from 0.
    pub place: u8,
    /// What holds for a bar; at bar lines, at cues and at the beginning of a stream.
    pub head: Option<Head>,
    /// The chord, against the line before.
    pub chord: ChordWord,
    /// Whether the chord is only expected.
    pub expected: bool,
    /// A change that is known to come with the next beat, against this line's chord.
    pub next: Option<ChordWord>,
    /// What the performer did in the beat *before*.
    pub performer: Performer,
    /// The kit, by position, then key.
    pub drums: Vec<Hit>,
    /// Whether bass, comp and pads go on with what they played, until their next onset or the end of the beat.
    pub ties: [bool; 3],
    /// Bass, comp and pads: by position, unpushed before pushed.
    pub tones: [Vec<Tone>; 3],
}

impl Line {
    /// A beat in which nothing happens.
    pub fn empty(place: u8) -> Line {
        Line {
            place,
            head: None,
            chord: ChordWord::Hold,
            expected: false,
            next: None,
            performer: Performer::Unheard,
            drums: Vec::new(),
            ties: [false; 3],
            tones: [const { Vec::new() }; 3],
        }
    }
}

/// What holds for a bar.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    /// The bar in its phrase of eight, from 0.
    pub bar: u8,
    /// Bars to the next cue that is announced: 0, 1, 2, 4, or 8 for more and for none.
    pub cue: u8,
    /// The meter.
    pub meter: Meter,
    /// Place of the off-beat: 0 = straight, 4 = dotted.
    pub swing: u8,
    /// The side of the clave.
    pub clave: Side,
    /// The section.
    pub section: SectionWord,
    /// Whether the chords to come are known (a chart).
    pub charted: bool,
    /// The style.
    pub style: Style,
    /// How full the band plays.
    pub energy: Energy,
    /// The chord's root above the local tonic in semitones, and whether the mode is minor; none if not known.
    pub key: Option<(u8, bool)>,
    /// Who plays drums, bass, comp and pads.
    pub seats: [Seat; SEATS],
    /// The last eight bars, the latest first; where a phrase of four begins.
    pub past: Option<[Option<PastBar>; 8]>,
}

/// The parts that the band may play, in the order of [`Part::BAND`].
pub const SEATS: usize = Part::BAND.len();

/// How full, and where it goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Energy {
    /// 0 to 4, by quantiles within a style.
    pub level: u8,
    /// Against the bars before.
    pub trend: Trend,
}

/// Where energy goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trend {
    /// It falls.
    Down,
    /// It stays.
    #[default]
    Flat,
    /// It rises.
    Up,
}

/// Which side of the clave a bar is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Side {
    /// The style has no clave.
    #[default]
    None,
    /// The bar of three strokes.
    Three,
    /// The bar of two strokes.
    Two,
}

/// A section as the model knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
#[allow(missing_docs, reason = "the names are those of the sections")]
pub enum SectionWord {
    Intro,
    MainA,
    MainB,
    MainC,
    MainD,
    Fill,
    Break,
    Ending,
    StopTime,
}

impl SectionWord {
    /// Every section, in the order of the words.
    pub const ALL: [SectionWord; 9] = {
        use SectionWord::*;
        [Intro, MainA, MainB, MainC, MainD, Fill, Break, Ending, StopTime]
    };
}

impl From<Section> for SectionWord {
    fn from(section: Section) -> SectionWord {
        match section {
            Section::Intro(_) => SectionWord::Intro,
            Section::Main(Level::A) => SectionWord::MainA,
            Section::Main(Level::B) => SectionWord::MainB,
            Section::Main(Level::C) => SectionWord::MainC,
            Section::Main(Level::D) => SectionWord::MainD,
            Section::Fill(_) => SectionWord::Fill,
            Section::Break(_) | Section::Stopped => SectionWord::Break,
            Section::Ending(_) => SectionWord::Ending,
        }
    }
}

/// A style, from the words of the corpus and the tags of the rigs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
#[allow(missing_docs, reason = "the names are the usual ones")]
#[rustfmt::skip]
pub enum Style {
    Rock, Pop, Ballad, Funk, Soul, HipHop, Swing, FastSwing, JazzBallad, JazzWaltz, Bossa, Samba, Latin, Afrobeat,
    AfroSixEight, Reggae, Disco, Blues, Gospel, NewOrleans, Metal, Country, Game, Folk,
}

impl Style {
    /// Every style, in the order of the words.
    #[rustfmt::skip]
    pub const ALL: [Style; 24] = {
        use Style::*;
        [Rock, Pop, Ballad, Funk, Soul, HipHop, Swing, FastSwing, JazzBallad, JazzWaltz, Bossa, Samba, Latin, Afrobeat,
         AfroSixEight, Reggae, Disco, Blues, Gospel, NewOrleans, Metal, Country, Game, Folk]
    };
}

/// Who plays a part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Seat {
    /// Nobody.
    #[default]
    Tacet,
    /// The performer sits in: the part is heard, not written.
    Performer,
    /// A human of the corpus, with a density of 0 to 3 by quantiles within the style.
    Human(u8),
    /// The teacher, with a density of 0 to 3.
    Teacher(u8),
}

/// One of the last eight bars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PastBar {
    /// Root above the present bar's root, in semitones.
    pub root: u8,
    /// 0 = major third, 1 = minor third, 2 = dominant, 3 = other.
    pub kind: u8,
    /// 0 to 2.
    pub energy: u8,
    /// Which of the kick and snare skeletons heard lately: 0 the commonest, 3 any other.
    pub skeleton: u8,
}

/// The chord of a line, against the one before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ChordWord {
    /// The same as in the line before.
    #[default]
    Hold,
    /// There is none.
    None,
    /// Another one.
    Change {
        /// Semitones up from the last root that there was, 0 to 11; at first from C.
        motion: u8,
        /// What kind of chord.
        quality: Quality,
        /// Its bass above its root, 0 to 11.
        bass: u8,
    },
}

/// What the performer did in a beat.
#[derive(Clone, Debug, PartialEq)]
pub enum Performer {
    /// Not known yet.
    Unheard,
    /// There is nobody.
    Absent,
    /// Strikes nothing: 0 holds a note; else rests since 1, 2, 4, 8 and more beats (1 to 4).
    Rest(u8),
    /// Plays.
    Play {
        /// Loudness, 0 to 4.
        level: u8,
        /// 0 low, 1 middle, 2 high: of the lead hand, or of the chord hand if it is alone.
        register: u8,
        /// Lead onsets: position, semitones above the chord's root, accent. By position, then degree.
        lead: Vec<(u8, u8, bool)>,
        /// Onsets of the chord hand: position, accent. By position.
        hand: Vec<(u8, bool)>,
    },
}

/// A stroke of the kit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Grid position in the beat, 0 to 11.
    pub position: u8,
    /// General MIDI key, 35 to 82.
    pub key: u8,
    /// Velocity bin, 0 to 3.
    pub velocity: u8,
    /// Grace notes.
    pub ornament: Option<Ornament>,
}

/// Grace notes of a stroke.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ornament {
    /// One before it.
    Flam,
    /// Two before it.
    Drag,
    /// A buzz.
    Roll,
}

/// How a pitched part plays: it holds from note to note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Touch {
    /// Velocity bin, 0 to 3.
    pub velocity: u8,
    /// How long.
    pub length: Length,
}

/// How long a note lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// Hardly a pitch: one grid position.
    Dead,
    /// Staccato: two.
    Short,
    /// Four.
    Half,
    /// To the part's next onset, or to the end of the beat.
    Full,
    /// Over the end of the beat, as long as the lines that follow say so.
    Tied,
}

/// A note or a voicing of a pitched part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tone {
    /// Grid position in the beat, 0 to 11.
    pub position: u8,
    /// Belongs to the coming chord.
    pub push: bool,
    /// How it is played.
    pub touch: Touch,
    /// What it is to the chord; see `role.rs` for what can be said.
    pub role: Role,
}

/// The bin of a MIDI velocity: ghost, soft, normal, accent.
pub fn velocity_bin(velocity: f32) -> u8 {
    match velocity {
        v if v < 45.0 => 0,
        v if v < 73.0 => 1,
        v if v < 97.0 => 2,
        _ => 3,
    }
}

/// The velocity that a bin stands for.
pub fn velocity_of(bin: u8) -> f32 {
    [28.0, 62.0, 84.0, 110.0][usize::from(bin.min(3))]
}

/// Puts tones into the order of the stream, each role once at an onset.
pub fn sort(tones: &mut Vec<Tone>) {
    let place = |tone: &Tone| (tone.position, tone.push, super::role::number(tone.role));
    tones.sort_by_key(place);
    tones.dedup_by_key(|tone| place(tone));
}
