//! The style of a rig, as the model knows it, and as melody mode does.

use engine::audio::melody::tables::STYLES;

use crate::rig::Rig;
use crate::tokens::Style;

/// Tags and the styles that they stand for; the first that fits.
#[rustfmt::skip]
const TAGS: [(&[&str], Style); 26] = [
    (&["twelve-eight", "african"], Style::AfroSixEight), (&["bembe"], Style::AfroSixEight),
    (&["afrobeat"], Style::Afrobeat), (&["salsa"], Style::Latin), (&["cuba"], Style::Latin),
    (&["brazil", "jazz"], Style::Bossa), (&["bossa"], Style::Bossa), (&["brazil"], Style::Samba),
    (&["samba"], Style::Samba), (&["jazz", "ballad"], Style::JazzBallad), (&["jazz", "waltz"], Style::JazzWaltz),
    (&["reggae"], Style::Reggae), (&["gospel"], Style::Gospel), (&["blues"], Style::Blues),
    (&["hip-hop"], Style::HipHop), (&["funk"], Style::Funk), (&["soul"], Style::Soul), (&["disco"], Style::Disco),
    (&["metal"], Style::Metal), (&["country"], Style::Country), (&["folk"], Style::Folk),
    (&["new-orleans"], Style::NewOrleans), (&["latin"], Style::Latin), (&["rock"], Style::Rock),
    (&["ballad"], Style::Ballad), (&["pop"], Style::Pop),
];

/// Beats a minute from which on swing is fast.
const FAST: f32 = 200.0;

/// The style of a rig: by its tags, else by its swing.
pub fn style_of(rig: &Rig) -> Style {
    let has = |tag: &&str| rig.tags.iter().any(|known| known == tag);
    let tagged = TAGS.iter().find(|row| row.0.iter().all(has)).map(|row| row.1);
    match tagged {
        Some(style) => style,
        None if (rig.swing > 0.56 && !rig.swing_sixteenths) || has(&"jazz") => match rig.bpm >= FAST {
            true => Style::FastSwing,
            false => Style::Swing,
        },
        None => Style::Pop,
    }
}

/// Which kinds of music the melodies over a style are likely of, in the order of melody mode's tables: pop, songbook, improvised
/// jazz, bands. Sums to 1; none is ruled out, since people play anything over anything.
pub fn melodies(style: Style) -> [f32; STYLES] {
    use Style::*;
    match style {
        Swing | FastSwing | NewOrleans => [0.17, 0.27, 0.4, 0.16],
        JazzBallad | JazzWaltz | Bossa => [0.2, 0.4, 0.2, 0.2],
        Folk | Country | Gospel | Samba => [0.2, 0.5, 0.1, 0.2],
        Pop | Ballad => [0.35, 0.3, 0.1, 0.25],
        Rock | Funk | Soul | HipHop | Latin | Afrobeat | AfroSixEight | Reggae | Disco | Blues | Metal
        | Game => [0.25, 0.3, 0.15, 0.3],
    }
}
