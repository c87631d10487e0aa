//! Does the form hold? Each main fuller than the last, each fill into the downbeat.

use engine::{Level, Part, Section, Tick};

use super::{Band, Share, Sounding};

/// How full a main is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fullness {
    /// Notes struck in a bar, over the whole band.
    pub onsets_per_bar: f64,
    /// Their mean velocity.
    pub velocity: f64,
    /// Parts and drum pieces that are heard at all.
    pub voices: usize,
}

impl Fullness {
    /// Onsets in a bar times mean velocity.
    pub fn intensity(&self) -> f64 {
        self.onsets_per_bar * self.velocity
    }
}

/// How full each main is, over all its stretches; `None` for a main that was not played or is silent.
pub fn fullness(band: &Band) -> [Option<Fullness>; 4] {
    Level::ALL.map(|level| {
        let stretches = band.stretches(|section| section == Section::Main(level));
        let ticks: Tick = stretches.iter().map(|(from, to, _)| to - from).sum();
        let inside = |note: &&Sounding| stretches.iter().any(|&(from, to, _)| (from..to).contains(&note.on));
        let notes: Vec<&Sounding> = band.notes.iter().filter(|note| !note.moved).filter(inside).collect();
        let mut voices: Vec<(Part, u8)> = notes.iter().map(|note| voice(note)).collect();
        voices.sort_unstable();
        voices.dedup();
        (!notes.is_empty()).then(|| Fullness {
            onsets_per_bar: notes.len() as f64 * band.bar() as f64 / ticks as f64,
            velocity: notes.iter().map(|note| f64::from(note.velocity)).sum::<f64>() / notes.len() as f64,
            voices: voices.len(),
        })
    })
}

/// A part, or a piece of the kit.
fn voice(note: &Sounding) -> (Part, u8) {
    (note.part, if note.part == Part::Drums { note.key } else { 0 })
}

/// How a fill ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FillEnd {
    /// The tick at which the section changed.
    pub tick: Tick,
    /// It is a bar line.
    pub on_the_bar: bool,
    /// A drum was struck within a thirty-second of it.
    pub downbeat_struck: bool,
    /// Drums were struck in the fill's last beat: it leads there, and does not break off.
    pub leads_in: bool,
}

impl FillEnd {
    /// Whether it is a fill that ends on the downbeat.
    pub fn is_right(&self) -> bool {
        self.on_the_bar && self.downbeat_struck && self.leads_in
    }
}

/// How every fill ended.
pub fn fill_ends(band: &Band) -> Vec<FillEnd> {
    /// A thirty-second note.
    const NEAR: Tick = 120;
    let fills = band.stretches(|section| matches!(section, Section::Fill(_)));
    let struck = |from: Tick, to: Tick| band.struck(Part::Drums).any(|note| (from..to).contains(&note.on));
    let end = |&(_, tick, _): &(Tick, Tick, Level)| FillEnd {
        tick,
        on_the_bar: (tick - band.grid.tick).rem_euclid(band.bar()) == 0,
        downbeat_struck: struck(tick - NEAR / 2, tick + NEAR),
        leads_in: struck(tick - band.beat(), tick - NEAR / 2),
    };
    fills.iter().map(end).collect()
}

/// In how many bars, of those that begin in a section and not in silence, a part says nothing. Where nobody names
/// sections, every bar counts.
pub fn tacet(band: &Band, part: Part) -> Share {
    let bar = band.bar();
    let played = (0..band.bars() as Tick)
        .filter(|bars| band.sections.is_empty() || band.section_at(bars * bar) != Section::Stopped);
    Share::count(played, |bars| !band.part(part).any(|note| note.within(bars * bar, (bars + 1) * bar) > 0))
}
