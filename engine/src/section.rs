//! Where the band is in its form, and what may be asked for.

/// How full a main section is: A is the quietest, D the fullest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Level {
    /// Quietest.
    #[default]
    A,
    /// Fuller.
    B,
    /// Fuller still.
    C,
    /// Fullest.
    D,
}

impl Level {
    /// All four, from quiet to full.
    pub const ALL: [Level; 4] = [Level::A, Level::B, Level::C, Level::D];

    /// The place in [`Level::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The level with this index; the last one where it is too large.
    pub fn at(index: usize) -> Level {
        Level::ALL[index.min(3)]
    }
}

/// What the band plays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Section {
    /// Not playing.
    #[default]
    Stopped,
    /// Leads by itself into the main of this level.
    Intro(Level),
    /// The groove.
    Main(Level),
    /// To the bar line, then the main of this level.
    Fill(Level),
    /// The band drops out but for its stops, for one bar, then the same main.
    Break(Level),
    /// The last bars; then the band stops.
    Ending(Level),
}

impl Section {
    /// The main that this section belongs or leads to.
    pub const fn level(self) -> Level {
        match self {
            Section::Stopped => Level::A,
            Section::Intro(l)
            | Section::Main(l)
            | Section::Fill(l)
            | Section::Break(l)
            | Section::Ending(l) => l,
        }
    }

    /// Whether this is a groove that may be vamped.
    pub const fn is_main(self) -> bool {
        matches!(self, Section::Main(_))
    }

    /// Two bytes that stand for it: what it is, and its level.
    pub const fn code(self) -> [u8; 2] {
        let kind = match self {
            Section::Stopped => 0,
            Section::Intro(_) => 1,
            Section::Main(_) => 2,
            Section::Fill(_) => 3,
            Section::Break(_) => 4,
            Section::Ending(_) => 5,
        };
        [kind, self.level() as u8]
    }

    /// The section that two bytes stand for, if they stand for one.
    pub fn decode([kind, level]: [u8; 2]) -> Option<Section> {
        let level = *Level::ALL.get(usize::from(level))?;
        Some(match kind {
            0 => Section::Stopped,
            1 => Section::Intro(level),
            2 => Section::Main(level),
            3 => Section::Fill(level),
            4 => Section::Break(level),
            5 => Section::Ending(level),
            _ => return None,
        })
    }

    /// The name on screens, in markers and in addresses: `main_b`, `fill_b`, `ending`.
    pub const fn name(self) -> &'static str {
        use Level::{A, B, C, D};
        match self {
            Section::Stopped => "stopped",
            Section::Intro(_) => "intro",
            Section::Main(A) => "main_a",
            Section::Main(B) => "main_b",
            Section::Main(C) => "main_c",
            Section::Main(D) => "main_d",
            Section::Fill(A) => "fill_a",
            Section::Fill(B) => "fill_b",
            Section::Fill(C) => "fill_c",
            Section::Fill(D) => "fill_d",
            Section::Break(_) => "break",
            Section::Ending(_) => "ending",
        }
    }
}

/// What a performer asks of the form. Mains wait for the bar line; a fill and a break begin at once and end on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cue {
    /// The intro, then the armed main.
    Intro,
    /// A main, from the next bar on.
    Main(Level),
    /// A fill to the bar line.
    Fill,
    /// A break to the bar line.
    Break,
    /// The ending, from the next bar on.
    Ending,
}
