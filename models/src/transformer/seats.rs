//! Who writes each part of a beat, and what the stream says of it.

use engine::{Knob, Level, Part, Section};

use crate::groove::scene::Scene;
use crate::rig::PartSource;
use crate::scribe::density_bin;
use crate::tokens::{SEATS, Seat, Style};

/// Who writes a part in this beat. What the rig has written for intros, fills, breaks and endings, and the answers and
/// fills that are rules, are the rig's in any case.
pub fn writer(scene: &Scene<'_>, part: Part) -> PartSource {
    let reacts = scene.answer == Some(part) || part == Part::Drums && scene.fill.is_some();
    match seated(scene, part) {
        PartSource::Model if reacts => PartSource::Groove,
        who => who,
    }
}

/// What the head of a line says of the parts.
pub fn of(scene: &Scene<'_>, style: Style) -> [Seat; SEATS] {
    Part::BAND.map(|part| match seated(scene, part) {
        PartSource::Off => Seat::Tacet,
        // People were measured as they played, the teacher by the knob that it had.
        PartSource::Model if is_human(style, part) => {
            Seat::Human(quarter(scene.density(part).unwrap_or(0.5) + fuller(scene, part)))
        }
        PartSource::Model | PartSource::Groove => {
            Seat::Teacher(density_bin(scene.listener.settings.of(Knob::Density, part)))
        }
    })
}

/// The quarter of all human bars, from the calmest to the busiest, that a density asks for; the usual 0.5 is a full one.
fn quarter(density: f32) -> u8 {
    match density {
        density if density < 0.25 => 0,
        density if density < 0.45 => 1,
        density if density < 0.7 => 2,
        _ => 3,
    }
}

/// By how much busier people are asked to play in the full mains than in the others. A comp is told enough by its energy.
fn fuller(scene: &Scene<'_>, part: Part) -> f32 {
    if part != Part::Comp && scene.span.section.level() >= Level::C { 0.25 } else { 0.0 }
}

/// Who writes a part in this section, whatever happens besides.
fn seated(scene: &Scene<'_>, part: Part) -> PartSource {
    let is_written = part == Part::Drums || !scene.source(part).0.patterns(part).is_empty();
    if scene.density(part).is_none() || !is_written {
        return PartSource::Off;
    }
    let piece = scene.place.piece;
    let own = match (scene.span.section, part) {
        (Section::Main(_), _) => false,
        (Section::Fill(_), Part::Drums) => !piece.drums.is_empty(),
        (Section::Fill(_), _) => !piece.patterns(part).is_empty(),
        _ => true,
    };
    match scene.rig.part(part).source {
        PartSource::Model if own => PartSource::Groove,
        source => source,
    }
}

/// Whether the model learnt a part of a style from people: where it did not, it is asked to play as its teacher.
fn is_human(style: Style, part: Part) -> bool {
    use Style::{Ballad, Disco, Game, Gospel, Metal, Pop, Reggae, Rock};
    match part {
        Part::Drums => !matches!(style, Disco | Gospel | Reggae),
        Part::Bass => matches!(style, Game | Metal | Rock),
        Part::Comp => matches!(style, Ballad | Game | Metal | Pop | Rock),
        _ => false,
    }
}
