//! Measures of form, groove and touch.

use engine::Part::{self, Bass, Comp, Drums, Pads};

use super::Measure;
use crate::eval::judge::Share;
use crate::eval::judge::clave::{self, claves};
use crate::eval::judge::drumming::{density, looseness, velocity_spread};
use crate::eval::judge::form::tacet;
use crate::eval::judge::groove::{bass_with_kick, kick_with_bass};
use crate::eval::judge::skeleton::{Bar, Bone, changes, news};
use crate::eval::subject::Subject;

/// What returns, and what is new.
pub static FORM: [Measure; 10] = [
    share(
        "same_1",
        "share of bars whose kick, snare and bass are those of the bar before",
        &[Drums, Bass],
        |it| unchanged(&it.bones, 1),
    ),
    share("same_2", "the same, of two bars before", &[Drums, Bass], |it| unchanged(&it.bones, 2)),
    share("same_4", "the same, of four bars before", &[Drums, Bass], |it| unchanged(&it.bones, 4)),
    share("drums_1", "share of bars whose kick and snare are those of the bar before", &[Drums], |it| {
        unchanged(&drums(it), 1)
    }),
    share("drums_2", "the same, of two bars before", &[Drums], |it| unchanged(&drums(it), 2)),
    share("drums_4", "the same, of four bars before", &[Drums], |it| unchanged(&drums(it), 4)),
    share("new_48", "share of bars 4 and 8 of a phrase whose kick and snare are new", &[Drums], |it| {
        news(&drums(it)).0.ratio()
    }),
    share("new_else", "the same of the other bars: half of new_48 or less", &[Drums], |it| {
        news(&drums(it)).1.ratio()
    }),
    share(
        "as_groove",
        "share of bars whose kick, snare and bass Groove played too, over any take",
        &[Drums, Bass],
        copied,
    ),
    share("clave", "share of two-bar units with the rig's clave, of those with one", &[Drums], clave_kept),
];

/// How it is played.
pub static PLAYING: [Measure; 14] = [
    Measure::new("bass_kick", 2, "share of bass onsets that have a kick with them", &[Drums, Bass], |it| {
        bass_with_kick(it.band).ratio()
    }),
    Measure::new("kick_bass", 2, "share of kicks that have a bass onset with them", &[Drums, Bass], |it| {
        kick_with_bass(it.band).ratio()
    }),
    Measure::new(
        "loose",
        1,
        "scatter of drum onsets around the beats, in ticks of 960 a quarter",
        &[Drums],
        |it| looseness(it.band),
    ),
    Measure::new("drum_vel", 1, "standard deviation of drum velocities", &[Drums], |it| {
        velocity_spread(it.band)
    }),
    Measure::new("drums/bar", 1, "strokes of the drums in a bar", &[Drums], |it| density(it.band, Drums)),
    Measure::new("bass/bar", 1, "notes of the bass in a bar", &[Bass], |it| density(it.band, Bass)),
    Measure::new("comp/bar", 1, "notes of the comp in a bar", &[Comp], |it| density(it.band, Comp)),
    share("js_pitch", "divergence of the keys from the people's bass, comp and pads, in nats", &[], |it| {
        it.likeness.map(|l| l.pitch)
    }),
    share("js_onset", "the same of the onsets as shares of the piece", &[], |it| {
        it.likeness.map(|l| l.onset)
    }),
    share("js_length", "the same of the lengths", &[], |it| it.likeness.map(|l| l.length)),
    share("no_drums", "share of bars without drums", &[Drums], |it| tacet(it.band, Drums).ratio()),
    share("no_bass", "share of bars without bass", &[Bass], |it| tacet(it.band, Bass).ratio()),
    share("no_comp", "share of bars without comp", &[Comp], |it| tacet(it.band, Comp).ratio()),
    share("no_pads", "share of bars without pads", &[Pads], |it| tacet(it.band, Pads).ratio()),
];

/// A share to three places.
const fn share(
    name: &'static str,
    doc: &'static str,
    needs: &'static [Part],
    of: fn(&Subject<'_>) -> Option<f64>,
) -> Measure {
    Measure::new(name, 3, doc, needs, of)
}

fn unchanged(bars: &[Bar], lag: usize) -> Option<f64> {
    changes(bars, lag).ratio().map(|changed| 1.0 - changed)
}

/// The bars without their bass.
fn drums(it: &Subject<'_>) -> Vec<Bar> {
    let is_drum = |place: &&(u16, Bone)| place.1 != Bone::Bass;
    it.bones.iter().map(|bar| bar.iter().filter(is_drum).copied().collect()).collect()
}

fn copied(it: &Subject<'_>) -> Option<f64> {
    let known = it.groove_bars?;
    Share::count(it.bones.iter().filter(|bar| !bar.is_empty()), |bar| known.contains(bar)).ratio()
}

fn clave_kept(it: &Subject<'_>) -> Option<f64> {
    let wanted = match it.clave? {
        models::Clave::ThreeTwo => clave::Clave::ThreeTwo,
        models::Clave::TwoThree => clave::Clave::TwoThree,
    };
    Share::count(claves(it.band).into_iter().flatten(), |side| side == wanted).ratio()
}
