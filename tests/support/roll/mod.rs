//! A performance as a picture: the piano roll of player and band, with chords and bar lines, as SVG.

mod ink;
mod page;

use std::fmt::Write;

use engine::{Chord, Part, Tick};

use super::judge::{Band, Sounding};
use ink::{STYLE, class, line, rect, text};
use page::{LANE, LEFT, MARK, Page};

/// What is shown, and how wide.
#[derive(Clone, Debug)]
pub struct View {
    /// Over the picture.
    pub title: String,
    /// Under the title.
    pub subtitle: String,
    /// The first tick.
    pub from: Tick,
    /// The tick after the last.
    pub to: Tick,
    /// Pixels to a beat.
    pub beat_width: f64,
    /// Milliseconds below the roll, for close-ups.
    pub ruler: Option<Ruler>,
}

/// Milliseconds from a moment on.
#[derive(Clone, Debug)]
pub struct Ruler {
    /// Where it is zero.
    pub zero: Tick,
    /// Milliseconds of a tick.
    pub ms_per_tick: f64,
    /// Moments with their names.
    pub marks: Vec<(Tick, String)>,
}

/// Draws the view. Notes that moved with the chord have an edge where they did, and a line to where they came from.
pub fn piano_roll(band: &Band, view: &View) -> String {
    let page = Page::new(band, view);
    let mut svg = String::new();
    open(&mut svg, &page, view);
    keys(&mut svg, &page);
    bars(&mut svg, &page, band);
    chords(&mut svg, &page, band);
    let (pads, others): (Vec<_>, Vec<_>) = page.shown(band).partition(|note| note.part == Part::Pads);
    for note in pads.into_iter().chain(others) {
        draw(&mut svg, &page, note);
    }
    for note in page.shown(band).filter(|note| note.on >= view.from) {
        if let Some(origin) = origin(band, note) {
            edge(&mut svg, &page, note, origin);
        }
    }
    if let Some(ruler) = &view.ruler {
        measure(&mut svg, &page, ruler);
    }
    legend(&mut svg, &page);
    svg.push_str("</svg>\n");
    svg
}

fn open(svg: &mut String, page: &Page, view: &View) {
    let (width, height) = (page.width(), page.height());
    let _ = writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" \
         height=\"{height:.0}\" role=\"img\">\n<title>{}</title>\n<style>{STYLE}</style>",
        view.title
    );
    rect(svg, "page", (0.5, 0.5), (width - 1.0, height - 1.0));
    text(svg, "title", (16.0, 26.0), &view.title);
    text(svg, "soft", (16.0, 43.0), &view.subtitle);
}

/// The octaves of the keyboard, and the lanes of the kit.
fn keys(svg: &mut String, page: &Page) {
    for key in (page.keys.0..=page.keys.1).filter(|key| key % 12 == 0) {
        let y = page.y(key) + page.row;
        line(svg, "key", (LEFT, y), (page.x(page.to), y));
        text(svg, "soft end", (LEFT - 8.0, y), &format!("C{}", key / 12 - 1));
    }
    for (lane, name) in page.lanes.iter().enumerate() {
        text(svg, "soft end", (LEFT - 8.0, page.kit() + LANE * (lane as f64 + 0.8)), name);
    }
}

fn bars(svg: &mut String, page: &Page, band: &Band) {
    for beat in page.from.div_euclid(band.beat())..=page.to.div_euclid(band.beat()) {
        let tick = beat * band.beat();
        if tick < page.from {
            continue;
        }
        let is_bar = tick.rem_euclid(band.bar()) == 0;
        let x = page.x(tick);
        let top = if is_bar { page.chords() - 16.0 } else { page.top - 4.0 };
        line(svg, if is_bar { "bar" } else { "beat" }, (x, top), (x, page.bottom()));
        if is_bar && tick < page.to {
            text(svg, "soft", (x + 5.0, page.chords() - 6.0), &format!("bar {}", tick / band.bar() + 1));
        }
    }
}

fn chords(svg: &mut String, page: &Page, band: &Band) {
    let spans = band.spans().into_iter().filter(|(from, to, _)| *from < page.to && *to > page.from);
    for (from, to, chord) in spans {
        let (x, end) = (page.x(from), page.x(to));
        rect(svg, "chord", (x + 1.0, page.chords()), ((end - x - 2.0).max(1.0), 17.0));
        // A chord in passing has no room for its name.
        let name = symbol(chord);
        if end - x >= 10.0 + 8.0 * name.len() as f64 {
            text(svg, "name", (x + 6.0, page.chords() + 13.0), &name);
        }
        if from > page.from {
            line(svg, "change", (x, page.chords()), (x, page.kit()));
        }
    }
}

fn draw(svg: &mut String, page: &Page, note: &Sounding) {
    let ((x, y), (width, height)) = page.place(note);
    let opacity = 0.4 + 0.6 * f64::from(note.velocity) / 127.0;
    let _ = writeln!(
        svg,
        "<rect class=\"{}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"1.5\" \
         opacity=\"{opacity:.2}\"/>",
        class(note.part)
    );
}

/// The key from which a note moved: its place among those of its part that ended where it and others began.
fn origin(band: &Band, note: &Sounding) -> Option<u8> {
    let sorted = |mut keys: Vec<u8>| {
        keys.sort_unstable();
        keys
    };
    let here = band.part(note.part).filter(|other| note.moved && other.moved && other.on == note.on);
    let ended = band.part(note.part).filter(|other| other.off == note.on && other.on < note.on);
    let (here, ended) = (sorted(here.map(|n| n.key).collect()), sorted(ended.map(|n| n.key).collect()));
    let place = here.iter().position(|key| *key == note.key)?;
    ended.get(place.min(ended.len().checked_sub(1)?)).copied()
}

/// The edge of a note that moved, and the way that it came.
fn edge(svg: &mut String, page: &Page, note: &Sounding, origin: u8) {
    let x = page.x(note.on);
    let (old, new) = (page.y(origin) + page.row / 2.0, page.y(note.key) + page.row / 2.0);
    line(svg, "way", (x, old), (x, new));
    rect(svg, "moved", (x - 1.0, page.y(note.key) - 0.5), (2.5, page.row));
}

fn measure(svg: &mut String, page: &Page, ruler: &Ruler) {
    const STEP: i64 = 10;
    let y = page.bottom() + 6.0;
    let ms = |tick: Tick| (tick - ruler.zero) as f64 * ruler.ms_per_tick;
    let first = (ms(page.from) / STEP as f64).ceil() as i64;
    for ms in (first..=(ms(page.to) / STEP as f64) as i64).map(|step| step * STEP) {
        let x = page.x_of(ruler.zero as f64 + ms as f64 / ruler.ms_per_tick);
        line(svg, "bar", (x, y), (x, y + 5.0));
        if ms % (2 * STEP) == 0 {
            text(svg, "soft middle", (x, y + 17.0), &format!("{ms} ms"));
        }
    }
    for (row, (tick, name)) in ruler.marks.iter().enumerate() {
        let (x, y) = (page.x(*tick), page.chords() + 33.0 + MARK * row as f64);
        line(svg, "mark", (x, y - 11.0), (x, page.bottom() + 6.0));
        text(svg, "name", (x + 6.0, y), name);
    }
}

fn legend(svg: &mut String, page: &Page) {
    let y = page.height() - 16.0;
    let mut x = LEFT;
    for part in [Part::Lead, Part::Bass, Part::Comp, Part::Pads, Part::Drums] {
        rect(svg, class(part), (x, y - 8.0), (12.0, 8.0));
        text(svg, "ink", (x + 17.0, y), if part == Part::Lead { "player" } else { part.name() });
        x += 74.0;
    }
    line(svg, "way", (x, y - 9.0), (x, y + 1.0));
    rect(svg, "edge", (x - 1.0, y - 9.0), (2.5, 6.0));
    text(svg, "ink", (x + 9.0, y), "moved with the chord, not struck again");
}

/// How a chord is written.
fn symbol(chord: Chord) -> String {
    const NAMES: [&str; 12] = ["C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"];
    let name = |class: u8| NAMES[usize::from(class % 12)];
    let slash = if chord.bass == chord.root { String::new() } else { format!("/{}", name(chord.bass)) };
    format!("{}{}{slash}", name(chord.root), chord.quality.symbol())
}
