//! Which rig plays a song: one of its meter, near its style and its tempo.

use std::sync::Arc;

use engine::Meter;
use fastrand::Rng;

use crate::rig::Rig;
use crate::scribe::style_of;
use crate::tokens::Style;

/// How a rig whose tempo does not suit counts against one whose tempo does.
const OFF_TEMPO: f32 = 0.15;

/// How a rig of no near style counts: it plays where there is no other.
const FAR: f32 = 0.001;

/// The rigs that the teacher knows.
#[derive(Clone, Debug, Default)]
pub struct Rigs(Vec<Arc<Rig>>);

impl Rigs {
    /// Takes them in their order.
    pub fn new(rigs: impl IntoIterator<Item = Rig>) -> Rigs {
        Rigs(rigs.into_iter().map(Arc::new).collect())
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Rig>> {
        self.0.iter()
    }

    /// Any rig, each as likely as the others.
    pub fn any(&self, rng: &mut Rng) -> Option<Arc<Rig>> {
        rng.choice(&self.0).cloned()
    }

    /// A rig of a meter, mostly of the style or of one near it, and mostly of the tempo; none if none has the meter.
    pub fn near(&self, style: Style, meter: Meter, bpm: f32, rng: &mut Rng) -> Option<Arc<Rig>> {
        let weight = |rig: &Arc<Rig>| {
            let rank = near(style).iter().position(|near| *near == style_of(rig));
            let kind = rank.map_or(FAR, |rank| 1.0 / (1.0 + 2.0 * rank as f32));
            let suits = (rig.range.0..=rig.range.1).contains(&bpm);
            kind * if suits { 1.0 } else { OFF_TEMPO }
        };
        let candidates: Vec<(f32, &Arc<Rig>)> =
            self.0.iter().filter(|rig| rig.meter == meter).map(|rig| (weight(rig), rig)).collect();
        let mut roll = rng.f32() * candidates.iter().map(|candidate| candidate.0).sum::<f32>();
        let mut chosen = candidates.iter().find(|candidate| {
            roll -= candidate.0;
            roll < 0.0
        });
        chosen = chosen.or(candidates.last());
        chosen.map(|candidate| candidate.1.clone())
    }
}

/// The styles of rigs that may play a style, the nearest first.
#[rustfmt::skip]
fn near(style: Style) -> &'static [Style] {
    use Style::*;
    match style {
        Rock => &[Rock, Soul, Disco], Pop => &[Ballad, Soul, Rock, Disco, HipHop],
        Ballad => &[Ballad, Soul, HipHop], Funk => &[Funk, Soul, HipHop, Afrobeat],
        Soul => &[Soul, Funk, HipHop, Ballad], HipHop => &[HipHop, Soul, Funk],
        Swing => &[Swing, Blues, JazzBallad, JazzWaltz], FastSwing => &[Swing, Bossa, JazzWaltz],
        JazzBallad => &[JazzBallad, Swing, Bossa], JazzWaltz => &[JazzWaltz, Swing],
        Bossa => &[Bossa, Samba, Latin], Samba => &[Samba, Latin, Bossa],
        Latin => &[Latin, Samba, Bossa, Afrobeat], Afrobeat => &[Afrobeat, AfroSixEight, Funk],
        AfroSixEight => &[AfroSixEight, Afrobeat, Latin], Reggae => &[Reggae, Soul],
        Disco => &[Disco, Funk, Rock], Blues => &[Blues, Swing, Rock], Gospel => &[Gospel, Soul, Blues],
        NewOrleans => &[Blues, Swing, Funk], Metal => &[Rock], Country => &[Rock, Blues, Ballad],
        Game => &[Rock, Disco, Funk], Folk => &[Ballad, Rock, Bossa, JazzWaltz],
    }
}

/// Whether a style takes its chords from the jazz songbook.
pub fn is_jazz(style: Style) -> bool {
    use Style::*;
    matches!(
        style,
        Swing | FastSwing | JazzBallad | JazzWaltz | Bossa | Samba | Latin | AfroSixEight | NewOrleans
    )
}
