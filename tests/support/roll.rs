//! A performance as a picture: the piano roll of player and band, with chords and bar lines, as SVG.

use std::fmt::Write;

use engine::{Chord, Part, Tick};

use super::judge::{Band, Sounding};

/// Pixels to a beat, to a key, and around the roll.
const BEAT: f64 = 44.0;
const ROW: f64 = 5.0;
const LEFT: f64 = 64.0;
const TOP: f64 = 44.0;
/// Pixels of a lane of the kit.
const LANE: f64 = 8.0;

/// Name, colour and whether the part lies in the roll of keys, in the order of the legend.
const PARTS: [(Part, &str, &str); 5] = [
    (Part::Lead, "player", "#d62728"),
    (Part::Bass, "bass", "#1f77b4"),
    (Part::Comp, "comp", "#2ca02c"),
    (Part::Pads, "pads", "#9467bd"),
    (Part::Drums, "drums", "#555555"),
];

/// Lanes of the kit, from the top: name and keys.
const LANES: [(&str, &[u8]); 6] = [
    ("cymbal", &[49, 51, 52, 53, 55, 57, 59]),
    ("hat", &[42, 44, 46]),
    ("tom", &[41, 43, 45, 47, 48, 50]),
    ("snare", &[37, 38, 39, 40]),
    ("kick", &[35, 36]),
    ("perc", &[]),
];

/// Draws the span from one tick to another. Notes that moved with the chord have a dark edge where they did.
pub fn piano_roll(band: &Band, from: Tick, to: Tick) -> String {
    let page = Page::new(band, from, to);
    let mut svg = String::new();
    page.open(&mut svg);
    page.bars(&mut svg, band);
    page.chords(&mut svg, band);
    page.kit_names(&mut svg);
    for note in band.notes.iter().chain(&band.performer).filter(|note| note.within(from, to) > 0) {
        page.note(&mut svg, note);
    }
    page.legend(&mut svg);
    svg.push_str("</svg>\n");
    svg
}

/// Where things lie.
struct Page {
    from: Tick,
    to: Tick,
    beat: Tick,
    keys: (u8, u8),
}

impl Page {
    fn new(band: &Band, from: Tick, to: Tick) -> Page {
        let shown = band.notes.iter().chain(&band.performer).filter(|note| note.within(from, to) > 0);
        let keys = shown.filter(|note| note.part != Part::Drums).map(|note| note.key);
        let (low, high) = (keys.clone().min().unwrap_or(48), keys.max().unwrap_or(72));
        Page { from, to, beat: band.beat(), keys: (low.saturating_sub(2), high + 2) }
    }

    fn x(&self, tick: Tick) -> f64 {
        LEFT + (tick.clamp(self.from, self.to) - self.from) as f64 / self.beat as f64 * BEAT
    }

    fn y(&self, key: u8) -> f64 {
        TOP + f64::from(self.keys.1.saturating_sub(key)) * ROW
    }

    /// The upper edge of the kit.
    fn kit(&self) -> f64 {
        self.y(self.keys.0) + 2.0 * ROW
    }

    fn bottom(&self) -> f64 {
        self.kit() + LANE * LANES.len() as f64
    }

    fn open(&self, svg: &mut String) {
        // The legend wants its place even where the span is short.
        let (width, height) = ((self.x(self.to) + 12.0).max(LEFT + 520.0), self.bottom() + 26.0);
        let _ = writeln!(
            svg,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" \
             height=\"{height:.0}\" font-family=\"sans-serif\" font-size=\"10\">\n\
             <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>"
        );
        for key in (self.keys.0..=self.keys.1).filter(|key| key % 12 == 0) {
            let (x, y) = (LEFT, self.y(key) + ROW);
            let octave = key / 12 - 1;
            text(svg, (x - 6.0, y), "end", "#888888", &format!("C{octave}"));
            line(svg, (x, y), (self.x(self.to), y), "#eeeeee");
        }
    }

    fn bars(&self, svg: &mut String, band: &Band) {
        let first = self.from.div_euclid(band.beat());
        for beat in first..=self.to.div_euclid(band.beat()) {
            let tick = beat * band.beat();
            if tick < self.from {
                continue;
            }
            let is_bar = tick.rem_euclid(band.bar()) == 0;
            let x = self.x(tick);
            line(svg, (x, TOP - 8.0), (x, self.bottom()), if is_bar { "#999999" } else { "#e4e4e4" });
            if is_bar && tick < self.to {
                text(svg, (x + 2.0, TOP - 30.0), "start", "#999999", &format!("{}", tick / band.bar() + 1));
            }
        }
    }

    fn chords(&self, svg: &mut String, band: &Band) {
        for (from, to, chord) in band.spans().into_iter().filter(|(a, b, _)| *a < self.to && *b > self.from) {
            let (x, end) = (self.x(from), self.x(to));
            let y = TOP - 12.0;
            line(svg, (x, y - 10.0), (x, y + 4.0), "#222222");
            line(svg, (x, y + 4.0), (end, y + 4.0), "#222222");
            // A chord in passing has no room for its name.
            if end - x >= 20.0 {
                text(svg, (x + 3.0, y), "start", "#222222", &symbol(chord));
            }
        }
    }

    fn kit_names(&self, svg: &mut String) {
        for (lane, (name, _)) in LANES.iter().enumerate() {
            let y = self.kit() + LANE * (lane as f64 + 0.9);
            text(svg, (LEFT - 6.0, y), "end", "#888888", name);
        }
    }

    fn note(&self, svg: &mut String, note: &Sounding) {
        let Some((_, _, colour)) = PARTS.iter().find(|(part, ..)| *part == note.part) else { return };
        let (x, end) = (self.x(note.on), self.x(note.off));
        let opacity = 0.35 + 0.65 * f64::from(note.velocity) / 127.0;
        let (y, width, height) = if note.part == Part::Drums {
            let lane = LANES.iter().position(|(_, keys)| keys.contains(&note.key)).unwrap_or(LANES.len() - 1);
            (self.kit() + LANE * lane as f64 + 1.0, 3.0, LANE - 2.0)
        } else {
            (self.y(note.key), (end - x - 0.6).max(1.5), ROW - 0.6)
        };
        let _ = writeln!(
            svg,
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" fill=\"{colour}\" \
             fill-opacity=\"{opacity:.2}\"/>"
        );
        if note.moved {
            let _ = writeln!(
                svg,
                "<rect class=\"moved\" x=\"{x:.1}\" y=\"{:.1}\" width=\"2\" height=\"{:.1}\" fill=\"#000000\"/>",
                y - 1.0,
                height + 2.0
            );
        }
    }

    fn legend(&self, svg: &mut String) {
        let y = self.bottom() + 16.0;
        for (i, (_, name, colour)) in PARTS.iter().enumerate() {
            let x = LEFT + 64.0 * i as f64;
            let _ = writeln!(
                svg,
                "<rect x=\"{x:.1}\" y=\"{:.1}\" width=\"8\" height=\"8\" fill=\"{colour}\"/>",
                y - 8.0
            );
            text(svg, (x + 12.0, y), "start", "#222222", name);
        }
        let x = LEFT + 64.0 * PARTS.len() as f64;
        let _ = writeln!(
            svg,
            "<rect x=\"{x:.1}\" y=\"{:.1}\" width=\"2\" height=\"10\" fill=\"#000000\"/>",
            y - 9.0
        );
        text(svg, (x + 6.0, y), "start", "#222222", "moved with the chord, not struck");
    }
}

fn line(svg: &mut String, from: (f64, f64), to: (f64, f64), colour: &str) {
    let ((x1, y1), (x2, y2)) = (from, to);
    let _ = writeln!(
        svg,
        "<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" stroke=\"{colour}\"/>"
    );
}

fn text(svg: &mut String, at: (f64, f64), anchor: &str, colour: &str, words: &str) {
    let (x, y) = at;
    let _ = writeln!(
        svg,
        "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" fill=\"{colour}\">{words}</text>"
    );
}

/// How a chord is written.
fn symbol(chord: Chord) -> String {
    const NAMES: [&str; 12] = ["C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"];
    let name = |class: u8| NAMES[usize::from(class % 12)];
    let slash = if chord.bass == chord.root { String::new() } else { format!("/{}", name(chord.bass)) };
    format!("{}{}{slash}", name(chord.root), chord.quality.symbol())
}
