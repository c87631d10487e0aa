//! When the band acts by itself, and when it makes way: answers, fills, arrivals, and accents that it catches.

use engine::{Beat, Knob, Part, Section};

use super::form;
use super::scene::Scene;

/// A phrase end may have a fill of the band's own while the player plays, in one of so many phrases.
const FILL_EVERY: i32 = 6;

/// Below this presence a beat counts as a gap.
pub const GAP: f32 = 0.4;

/// How an accent must stand out of the bar around it.
const ACCENT: f32 = 16.0;

/// How a section begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// Prepared by a fill, a break or an intro: crash and kick.
    Prepared,
    /// Unannounced: the crash only.
    Sudden,
    /// After a fill of the band's own: a softer crash and the kick.
    Own,
}

/// Decides what happens in a scene besides its patterns.
pub fn decide(scene: &mut Scene<'_>, choice: usize) {
    scene.arrival = arrival(scene);
    scene.leads_over = leads_over(scene);
    if !scene.span.section.is_main() {
        return;
    }
    scene.answer = answer(scene, scene.presence);
    let fills = scene.answer == Some(Part::Drums) || fills_unasked(scene);
    if fills {
        scene.fill = form::fill(scene.rig, scene.span.section.level().index(), scene.bar, choice);
    }
}

/// In bars 4 and 8 one part answers where the player rests, and is silent as soon as they return.
fn answer(scene: &Scene<'_>, presence: f32) -> Option<Part> {
    let attentive = !scene.dynamics.silent && scene.listener.player.has_played();
    if scene.since.rem_euclid(4) != 3 || !attentive || presence >= GAP {
        return None;
    }
    let dice = scene.dice.of("answer").at(scene.since.div_euclid(4));
    dice.chance(2.0 * scene.react(Knob::Answer)).then(|| who_answers(scene, dice.of("who").unit()))
}

/// Drums in half of all cases, else comp, else bass; the drums for who does not play.
fn who_answers(scene: &Scene<'_>, roll: f32) -> Part {
    let part = match roll {
        roll if roll < 0.5 => Part::Drums,
        roll if roll < 0.8 => Part::Comp,
        _ => Part::Bass,
    };
    let plays = scene.density(part).is_some() && !scene.place.piece.patterns(part).is_empty();
    if plays { part } else { Part::Drums }
}

/// A fill over the last two beats of a phrase, rarely, and not over a player who is surely playing.
fn fills_unasked(scene: &Scene<'_>) -> bool {
    let ends = scene.phrase_bar() == 7 && scene.beats_left() <= 2 && !scene.dynamics.silent;
    let phrase = scene.since.div_euclid(8);
    let turn = scene.dice.of("own fill").at(phrase.div_euclid(FILL_EVERY)).pick(FILL_EVERY as usize) as i32;
    let chosen = phrase.rem_euclid(FILL_EVERY) == turn;
    ends && chosen && scene.presence < 0.8 && scene.react(Knob::SetUp) > 0.1
}

fn arrival(scene: &Scene<'_>) -> Option<Arrival> {
    let Section::Main(level) = scene.span.section else { return None };
    if scene.listener.settings.get(Knob::SetUp) <= 0.0 {
        return None;
    }
    let before = scene.beat.plus(-1);
    if scene.span.from == scene.beat {
        return match scene.listener.form.at(before, &scene.grid, scene.rig).section {
            Section::Fill(_) | Section::Break(_) | Section::Intro(_) => Some(Arrival::Prepared),
            Section::Main(from) if from != level => Some(Arrival::Sudden),
            _ => None,
        };
    }
    let ends_phrase = scene.phrase_bar() == 0 && scene.place.beat == 0 && scene.since > 0;
    (ends_phrase && filled_before(scene, before)).then_some(Arrival::Own)
}

/// Whether the last beat of the phrase before had a drum answer or a fill of the band's own.
fn filled_before(scene: &Scene<'_>, before: Beat) -> bool {
    let per_bar = scene.grid.meter.beats_per_bar();
    let listener = scene.listener;
    let presence = super::forecast::forecast(&listener.player, before.0, listener.now.0, per_bar);
    let mut last = scene.clone();
    last.beat = before;
    last.since -= 1;
    last.bar -= 1;
    last.place.beat = per_bar - 1;
    last.presence = presence;
    answer(&last, presence) == Some(Part::Drums) || fills_unasked(&last)
}

/// Whether a figure may lead over: in the last two beats of bars 4 and 8, and before an announced section.
fn leads_over(scene: &Scene<'_>) -> bool {
    let Section::Main(level) = scene.span.section else { return false };
    if scene.beats_left() > 2 {
        return false;
    }
    let line = scene.grid.bar_start(scene.bar + 1);
    let announced = match scene.listener.form.at(line, &scene.grid, scene.rig).section {
        Section::Main(next) => next != level,
        Section::Ending(_) => true,
        _ => false,
    };
    let set_up = announced && scene.listener.settings.get(Knob::SetUp) > 0.0;
    set_up || scene.turns()
}

/// Positions in this beat where the player accented the same spot in two of the last three bars: the band accents it
/// too, until two bars have passed without.
pub fn caught(scene: &Scene<'_>) -> Vec<u8> {
    let per_bar = scene.grid.meter.beats_per_bar();
    let dice = scene.dice.of("catch").at(scene.since.div_euclid(8));
    if !scene.span.section.is_main() || !dice.chance(1.6 * scene.react(Knob::Catch)) {
        return Vec::new();
    }
    // The bars that have passed this place: while a bar is being played, its beginning is known.
    let passed = (0..6).map(|n| scene.beat.0 - n * per_bar).filter(|beat| *beat < scene.listener.now.0);
    let bars: Vec<Vec<u8>> = passed.take(3).map(|beat| accents(scene, beat)).collect();
    let twice = |position: &u8| bars.iter().filter(|bar| bar.contains(position)).count() >= 2;
    (0..engine::POSITIONS).filter(twice).collect()
}

/// Where a beat of the player had accents: onsets well above the two bars around them.
fn accents(scene: &Scene<'_>, beat: i32) -> Vec<u8> {
    let (player, per_bar) = (&scene.listener.player, scene.grid.meter.beats_per_bar());
    let mean = player.pace(beat - per_bar, beat + per_bar).1.unwrap_or(127.0);
    let tally = player.tally(beat);
    let loud = tally.into_iter().flat_map(|tally| &tally.accents);
    loud.filter(|(_, velocity)| f32::from(*velocity) >= mean + ACCENT).map(|accent| accent.0).collect()
}
