//! Is each rig as loud as the next, and balanced?

use engine::{Level, Part};

use crate::evening::for_every_rig;
use crate::player::{Phrasing, Recital};
use crate::show;
use crate::support::loudness::loudness;

/// Integrated loudness of the mix and of each stem, in LUFS, while the band plays a full main.
#[test]
fn every_rig_is_as_loud_as_the_next_and_balanced() {
    let bad = for_every_rig(|rig| {
        let recital = Recital::of_main(Level::C, 8, Phrasing::CallAndResponse);
        let show = show::play(&recital.job_at(rig, show::RATE));
        let mix = loudness(&show.mix, show::RATE);
        let level = |part: Part| loudness(&show.stems[part.index()], show::RATE).integrated;
        let [drums, bass, comp, pads, lead] =
            [Part::Drums, Part::Bass, Part::Comp, Part::Pads, Part::Lead].map(level);
        println!(
            "levels: {:<18} mix {:6.1} peak {:5.1}  drums {drums:6.1} bass {:+5.1} comp {:+5.1} pads {:+5.1} lead {:+5.1}",
            rig.name,
            mix.integrated,
            mix.sample_peak,
            bass - drums,
            comp - drums,
            pads - drums,
            lead - comp
        );
        let is_good = (-20.0..=-12.0).contains(&mix.integrated)
            && mix.sample_peak <= -0.3
            && (bass - drums).abs() <= 6.0
            && (2.0..=8.0).contains(&(drums.max(bass) - comp))
            && (5.0..=14.0).contains(&(drums.max(bass) - pads))
            && (2.0..=5.0).contains(&(lead - comp));
        (!is_good).then(|| rig.name.clone())
    });
    let bad: Vec<String> = bad.into_iter().flatten().collect();
    assert!(bad.is_empty(), "out of balance: {bad:?}");
}
