//! One line a second: where the band is, and how it fares.

use engine::Stats;

/// The line.
pub fn line(stats: &Stats) -> String {
    let now = stats.now();
    let chord = now.chord.map_or("N.C.".into(), |chord| chord.to_string());
    let next = now.next.map_or(String::new(), |section| format!(" > {}", section.name()));
    let place = if now.running { format!("{}.{}", now.bar + 1, now.beat + 1) } else { "waiting".into() };
    format!(
        "{place:>8}  {chord:<10} {}{next}  {:.0} bpm  load {:.0} %  xruns {}  lead {} beats",
        now.section.name(),
        now.bpm,
        stats.load.mean() / 10.0,
        stats.xruns.get(),
        now.lead,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::{Chord, Level, Now, Quality, Section};

    #[test]
    fn the_line_tells_bars_from_one_and_what_comes_next() {
        let stats = Stats::default();
        stats.show(&Now {
            bar: 4,
            beat: 2,
            running: true,
            chord: Some(Chord::new(2, Quality::Min7)),
            section: Section::Main(Level::A),
            next: Some(Section::Fill(Level::B)),
            bpm: 120.0,
            ..Now::default()
        });
        let line = line(&stats);
        assert!(line.contains("5.3") && line.contains("Dm7") && line.contains("main_a > fill_b"), "{line}");
    }
}
