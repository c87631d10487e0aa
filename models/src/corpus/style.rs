//! Styles of songs, from what the corpus says of them.

use super::song::Song;
use crate::tokens::Style;

/// Style words and what they mean, the telling ones first. A label like `latin/funk` is two words.
#[rustfmt::skip]
static WORDS: [(&str, Style); 70] = [
    ("bossa", Style::Bossa), ("samba", Style::Samba), ("sambareggae", Style::Samba), ("frevo", Style::Samba),
    ("bembe", Style::AfroSixEight), ("neworleans", Style::NewOrleans), ("secondline", Style::NewOrleans),
    ("afrobeat", Style::Afrobeat), ("highlife", Style::Afrobeat), ("reggae", Style::Reggae), ("ska", Style::Reggae),
    ("gospel", Style::Gospel), ("religious", Style::Gospel), ("disco", Style::Disco), ("dance", Style::Disco),
    ("hiphop", Style::HipHop), ("breakbeat", Style::HipHop), ("motown", Style::Soul), ("soul", Style::Soul),
    ("rhythm", Style::Soul), ("world", Style::Folk), ("country", Style::Country), ("rockabilly", Style::Country),
    ("honky", Style::Country), ("bluegrass", Style::Country), ("western", Style::Country), ("funk", Style::Funk),
    ("fusion", Style::Funk), ("linear", Style::Funk), ("blues", Style::Blues), ("metal", Style::Metal),
    ("latin", Style::Latin), ("brazilian", Style::Latin), ("venezuelan", Style::Latin), ("dominican", Style::Latin),
    ("afrocuban", Style::Latin), ("cha", Style::Latin), ("chacha", Style::Latin), ("chacarera", Style::Latin),
    ("calypso", Style::Latin), ("merengue", Style::Latin), ("bomba", Style::Latin), ("reggaeton", Style::Latin),
    ("afro", Style::AfroSixEight), ("even", Style::Bossa), ("punk", Style::Rock), ("rock", Style::Rock),
    ("waltz", Style::JazzWaltz), ("ballad", Style::Ballad), ("dixieland", Style::NewOrleans),
    ("ragtime", Style::NewOrleans), ("fast", Style::FastSwing), ("tempo", Style::FastSwing),
    ("swing", Style::Swing), ("bop", Style::Swing), ("bebop", Style::Swing), ("hardbop", Style::Swing),
    ("postbop", Style::Swing), ("cool", Style::Swing), ("jazz", Style::Swing), ("big", Style::Swing),
    ("twobeat", Style::Swing), ("medium", Style::Swing), ("slow", Style::JazzBallad), ("indie", Style::Rock),
    ("prog", Style::Rock), ("halftime", Style::Rock), ("shuffle", Style::Blues), ("folk", Style::Folk),
    ("klezmer", Style::Folk),
];

/// Quarter notes a minute from which swing is fast, and below which it is a ballad.
const SWING_TEMPI: (f64, f64) = (200.0, 90.0);
/// Quarter notes a minute below which a pop song is a ballad.
const BALLAD: f64 = 80.0;

/// The style of a song.
pub fn style_of(song: &Song) -> Style {
    let labelled = match song.set.as_str() {
        "bands" => return of_band(song),
        "nottingham" => return Style::Folk,
        "neonscribe" | "irb" | "wjd" => word(song).unwrap_or(Style::Swing),
        _ => word(song).unwrap_or(Style::Pop),
    };
    let bpm = song.bpm.unwrap_or_else(|| f64::from(usual_bpm(labelled)));
    match labelled {
        Style::Swing | Style::FastSwing | Style::JazzBallad if in_three(song) => Style::JazzWaltz,
        Style::Ballad if song.set != "pop909" && is_jazz(song) => Style::JazzBallad,
        Style::Swing | Style::FastSwing if song.bpm.is_some() => match bpm {
            bpm if bpm > SWING_TEMPI.0 => Style::FastSwing,
            bpm if bpm < SWING_TEMPI.1 => Style::JazzBallad,
            _ => Style::Swing,
        },
        Style::Pop if bpm < BALLAD => Style::Ballad,
        style => style,
    }
}

/// What the most telling of its words means.
fn word(song: &Song) -> Option<Style> {
    let words = || song.style.iter().flat_map(|label| label.split(|c: char| !c.is_alphanumeric()));
    WORDS.iter().find(|(word, _)| words().any(|said| said == *word)).map(|(_, style)| *style)
}

fn in_three(song: &Song) -> bool {
    song.meters.first().is_some_and(|meter| (meter.1, meter.2) == (3, 4))
}

fn is_jazz(song: &Song) -> bool {
    ["irb", "wjd", "neonscribe"].contains(&song.set.as_str())
        || song.style.iter().any(|word| word.contains("jazz"))
}

/// A game's band: the shooters play metal where power chords rule, and rock where they do not.
fn of_band(song: &Song) -> Style {
    match song.source.as_deref() {
        Some("blasphemer") => Style::Metal,
        Some("freedoom") if is_heavy(song) => Style::Metal,
        Some("freedoom") => Style::Rock,
        _ => Style::Game,
    }
}

/// Whether most of its chords are power chords, by time.
fn is_heavy(song: &Song) -> bool {
    let time = |power: bool| -> i64 {
        song.chords.iter().filter(|chord| !power || chord.3 == "5").map(|chord| chord.1).sum()
    };
    2 * time(true) > time(false)
}

/// Quarter notes a minute at which a style is usually played: charts do not name any.
pub fn usual_bpm(style: Style) -> f32 {
    match style {
        Style::Ballad | Style::JazzBallad => 68.0,
        Style::HipHop | Style::Reggae | Style::Gospel | Style::Soul => 92.0,
        Style::Funk | Style::Blues | Style::NewOrleans | Style::Pop => 104.0,
        Style::Rock | Style::Afrobeat | Style::Disco | Style::Country | Style::Folk | Style::Game => 118.0,
        Style::Bossa | Style::Metal | Style::AfroSixEight => 132.0,
        Style::Swing | Style::JazzWaltz => 144.0,
        Style::Latin | Style::Samba => 176.0,
        Style::FastSwing => 232.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::parts::testing::song;

    fn styled(set: &str, words: &[&str], bpm: Option<f64>) -> Style {
        let mut song = song(set, &[]);
        song.style = words.iter().map(|word| (*word).into()).collect();
        song.bpm = bpm;
        style_of(&song)
    }

    #[test]
    fn the_most_telling_word_names_the_style() {
        assert_eq!(styled("gmd", &["latin", "brazilian-sambareggae"], Some(100.0)), Style::Samba);
        assert_eq!(styled("gmd", &["jazz", "funk"], Some(100.0)), Style::Funk);
        assert_eq!(styled("gmd", &["funk", "fast"], Some(130.0)), Style::Funk);
        assert_eq!(styled("irb", &["jazz", "up", "tempo", "swing"], None), Style::FastSwing);
        assert_eq!(styled("irb", &["jazz", "ballad"], None), Style::JazzBallad);
        assert_eq!(styled("irb", &["jazz", "bossa", "nova"], None), Style::Bossa);
    }

    #[test]
    fn tempo_parts_ballads_from_pop_and_fast_swing_from_swing() {
        let pop = |bpm| styled("pop909", &["pop"], Some(bpm));
        assert_eq!([60.0, 100.0].map(pop), [Style::Ballad, Style::Pop]);
        let bebop = |bpm| styled("wjd", &["bebop", "swing"], Some(bpm));
        assert_eq!([70.0, 160.0, 260.0].map(bebop), [Style::JazzBallad, Style::Swing, Style::FastSwing]);
    }
}
