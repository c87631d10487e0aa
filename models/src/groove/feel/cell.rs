//! What the feel of a stroke depends on: the kind of music, the piece of the kit, its place in the beat, and how loud
//! the drummer plays.

use crate::tokens::Style;

/// Below this velocity a stroke of the snare is a ghost.
pub const GHOST: u8 = 50;

/// Beats a minute at which the tables hold.
const USUAL_BPM: f32 = 100.0;

/// How wide deviations are at a tempo against those at 100 beats a minute.
///
/// In the drummers' takes they go with the square root of the beat's length, from 21 ms at 70 beats a minute to 13 at 190.
pub fn looseness_at(bpm: f32) -> f32 {
    (USUAL_BPM / bpm).sqrt()
}

/// Styles whose drummers are measured together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    Rock,
    Pop,
    Funk,
    HipHop,
    Jazz,
    Latin,
    Afro,
    Reggae,
}

impl Group {
    pub const ALL: [Group; 8] = {
        use Group::*;
        [Rock, Pop, Funk, HipHop, Jazz, Latin, Afro, Reggae]
    };

    /// The group of a style.
    pub fn of(style: Style) -> Group {
        match style {
            Style::Rock | Style::Metal | Style::Country | Style::Folk | Style::Game | Style::Blues => {
                Group::Rock
            }
            Style::Pop | Style::Ballad | Style::Soul | Style::Gospel | Style::Disco => Group::Pop,
            Style::Funk | Style::NewOrleans => Group::Funk,
            Style::HipHop => Group::HipHop,
            Style::Swing | Style::FastSwing | Style::JazzBallad | Style::JazzWaltz => Group::Jazz,
            Style::Latin | Style::Samba | Style::Bossa => Group::Latin,
            Style::Afrobeat | Style::AfroSixEight => Group::Afro,
            Style::Reggae => Group::Reggae,
        }
    }
}

/// Pieces of the kit that a drummer treats alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Piece {
    Kick,
    Snare,
    Ghost,
    Hat,
    Ride,
    Toms,
    Crash,
}

impl Piece {
    pub const ALL: [Piece; 7] = {
        use Piece::*;
        [Kick, Snare, Ghost, Hat, Ride, Toms, Crash]
    };

    /// The piece of a General MIDI key; none for hand percussion.
    pub fn of(key: u8, is_ghost: bool) -> Option<Piece> {
        Some(match key {
            35 | 36 => Piece::Kick,
            37..=40 if is_ghost => Piece::Ghost,
            37..=40 => Piece::Snare,
            42 | 44 | 46 => Piece::Hat,
            51 | 53 | 59 => Piece::Ride,
            41 | 43 | 45 | 47 | 48 | 50 => Piece::Toms,
            49 | 52 | 55 | 57 => Piece::Crash,
            _ => return None,
        })
    }
}

/// Where in the beat a stroke lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// On the beat.
    Beat,
    /// The sixteenth after it.
    E,
    /// The off-beat eighth.
    And,
    /// The sixteenth before the next.
    A,
    /// Anywhere else: triplets, and what is shorter.
    Between,
}

impl Place {
    pub const ALL: [Place; 5] = {
        use Place::*;
        [Beat, E, And, A, Between]
    };

    /// The place of a grid position.
    pub fn of(position: u8) -> Place {
        match position {
            0 => Place::Beat,
            3 => Place::E,
            6 => Place::And,
            9 => Place::A,
            _ => Place::Between,
        }
    }
}

/// How loud a drummer plays altogether.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Energy {
    Soft,
    Medium,
    Loud,
}

impl Energy {
    pub const ALL: [Energy; 3] = [Energy::Soft, Energy::Medium, Energy::Loud];

    /// From the mean velocity of the strokes that are no ghosts: a third of the measured takes are in each.
    pub fn of(velocity: f32) -> Energy {
        match velocity {
            v if v < 84.0 => Energy::Soft,
            v if v < 96.0 => Energy::Medium,
            _ => Energy::Loud,
        }
    }
}

/// What is measured by itself: a kind of stroke.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kind {
    pub group: Group,
    pub piece: Piece,
    pub place: Place,
}
