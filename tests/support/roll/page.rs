//! Where things lie in the picture.

use engine::{Part, Tick};

use super::View;
use crate::support::judge::{Band, Sounding};

/// Pixels to a key, in a close-up more.
const ROW: f64 = 7.0;
const CLOSE_ROW: f64 = 9.0;
/// Pixels to the left of the roll.
pub const LEFT: f64 = 62.0;
/// Pixels above the roll, without the names of a close-up's moments.
const TOP: f64 = 104.0;
/// Pixels of the name of a moment.
pub const MARK: f64 = 16.0;
/// Pixels of a lane of the kit.
pub const LANE: f64 = 11.0;
/// Pixels to the right of the roll.
const RIGHT: f64 = 16.0;
/// Pixels below the roll: the legend, and the ruler.
const FOOT: f64 = 40.0;
const RULER: f64 = 26.0;

/// Lanes of the kit, from the top: name and keys.
const LANES: [(&str, &[u8]); 6] = [
    ("cymbal", &[49, 51, 52, 53, 55, 57, 59]),
    ("hat", &[42, 44, 46]),
    ("tom", &[41, 43, 45, 47, 48, 50]),
    ("snare", &[37, 38, 39, 40]),
    ("kick", &[35, 36]),
    ("perc", &[]),
];

/// The lane of a piece of the kit.
fn lane(key: u8) -> &'static str {
    LANES.iter().find(|(_, keys)| keys.contains(&key)).map_or("perc", |(name, _)| name)
}

/// Where things lie.
#[derive(Debug)]
pub struct Page {
    pub from: Tick,
    pub to: Tick,
    /// The lowest and the highest key.
    pub keys: (u8, u8),
    /// The lanes of the kit in which something is played, from the top.
    pub lanes: Vec<&'static str>,
    /// Pixels of a key.
    pub row: f64,
    /// The upper edge of the roll.
    pub top: f64,
    pixels: f64,
    ruler: bool,
}

impl Page {
    pub fn new(band: &Band, view: &View) -> Page {
        let marks = view.ruler.as_ref().map_or(0, |ruler| ruler.marks.len());
        let mut page = Page {
            from: view.from,
            to: view.to,
            keys: (48, 72),
            lanes: Vec::new(),
            row: if view.ruler.is_some() { CLOSE_ROW } else { ROW },
            top: TOP + MARK * marks as f64,
            pixels: view.beat_width / band.beat() as f64,
            ruler: view.ruler.is_some(),
        };
        let keys = page.shown(band).filter(|note| note.part != Part::Drums).map(|note| note.key);
        if let (Some(low), Some(high)) = (keys.clone().min(), keys.max()) {
            page.keys = (low.saturating_sub(2), high + 2);
        }
        let struck =
            |name: &str| page.shown(band).any(|note| note.part == Part::Drums && lane(note.key) == name);
        page.lanes = LANES.iter().map(|(name, _)| *name).filter(|name| struck(name)).collect();
        page
    }

    /// The notes that lie in the span, the performer's last; a stroke of the kit must begin there.
    pub fn shown<'a>(&self, band: &'a Band) -> impl Iterator<Item = &'a Sounding> + Clone + use<'a> {
        let (from, to) = (self.from, self.to);
        band.notes
            .iter()
            .chain(&band.performer)
            .filter(move |note| note.within(from, to) > 0 && (note.part != Part::Drums || note.on >= from))
    }

    pub fn x(&self, tick: Tick) -> f64 {
        self.x_of(tick.clamp(self.from, self.to) as f64)
    }

    /// The place of a fraction of a tick.
    pub fn x_of(&self, tick: f64) -> f64 {
        LEFT + (tick - self.from as f64) * self.pixels
    }

    pub fn y(&self, key: u8) -> f64 {
        self.top + f64::from(self.keys.1.saturating_sub(key)) * self.row
    }

    /// The upper edge of the chords.
    pub fn chords(&self) -> f64 {
        TOP - 24.0
    }

    /// The upper edge of the kit.
    pub fn kit(&self) -> f64 {
        self.y(self.keys.0) + 2.0 * self.row
    }

    pub fn bottom(&self) -> f64 {
        self.kit() + LANE * self.lanes.len() as f64
    }

    /// Corner and size of a note.
    pub fn place(&self, note: &Sounding) -> ((f64, f64), (f64, f64)) {
        let (x, end) = (self.x(note.on), self.x(note.off));
        if note.part == Part::Drums {
            let lane = self.lanes.iter().position(|name| *name == lane(note.key)).unwrap_or(0);
            return ((x, self.kit() + LANE * lane as f64 + 1.5), (3.5, LANE - 3.0));
        }
        // Pads are broad, so that they are seen under a comp that plays the same key.
        let inset = if note.part == Part::Pads { 0.5 } else { 1.2 };
        ((x, self.y(note.key) + inset), ((end - x - 0.8).max(1.5), self.row - 2.0 * inset))
    }

    pub fn width(&self) -> f64 {
        // The legend wants its place even where the span is short.
        (self.x(self.to) + RIGHT).max(LEFT + 640.0)
    }

    pub fn height(&self) -> f64 {
        self.bottom() + FOOT + if self.ruler { RULER } else { 0.0 }
    }
}
