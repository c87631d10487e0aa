//! A pitched part of the corpus in roles.

use engine::audio::View;
use engine::audio::voicing::{Palette, fold};
use engine::{Chord, LocalKey, Part, Role};

use super::Tones;
use super::drums::gain;
use super::grips::{Grip, grips, lengths};
use super::shape::{MOST_SINGLES, Shapes, within};
use super::single::{Namer, approach, reach};
use super::stretch::Stretch;
use crate::tokens::{Tone, Touch, sort, velocity_bin, velocity_of};

/// Grid positions within which a note may lead to the next.
const LEADS: i64 = 24;
/// Beats ahead in which a change is expected.
const AHEAD: usize = 8;

/// The harmony of a stretch, as the binder will see it.
#[derive(Clone, Debug)]
pub struct Harmony {
    /// The chord of each beat.
    pub chords: Vec<Option<Chord>>,
    /// The key of each beat.
    pub keys: Vec<LocalKey>,
}

impl Harmony {
    /// What the binder knows in a beat; none after the last.
    pub fn view(&self, beat: usize) -> Option<View> {
        let chord = *self.chords.get(beat)?;
        let ahead = self.chords.iter().skip(beat + 1).take(AHEAD);
        let next = ahead.copied().find(|next| *next != chord).flatten();
        let key = self.keys.get(beat).copied().unwrap_or_default();
        Some(View { chord, next, key, bass_sounds: true, ..View::default() })
    }
}

/// A grip over its chord.
struct Placed {
    grip: Grip,
    /// Whether it belongs to the coming chord.
    push: bool,
    view: View,
    palette: Palette,
}

/// The part that these notes make.
pub fn tones(
    part: Part,
    notes: &[(i64, i64, u8, u8)],
    stretch: &Stretch<'_>,
    harmony: &Harmony,
    shapes: &mut Shapes,
) -> Tones {
    let grips = grips(notes, stretch);
    let (lengths, ties) = lengths(&grips, stretch.beats);
    let gain = gain(grips.iter().map(|grip| grip.velocity));
    let late = if stretch.meter.is_compound() { 8 } else { 6 };
    let placed: Vec<Option<Placed>> =
        grips.into_iter().map(|grip| place(part, grip, late, harmony)).collect();
    let mut beats = vec![Vec::new(); stretch.beats];
    for ((placed, roles), length) in placed.iter().zip(roles(part, &placed, shapes)).zip(lengths) {
        let Some(Placed { grip, push, .. }) = placed else { continue };
        let loudness = if grip.velocity == 0 { velocity_of(2) } else { f32::from(grip.velocity) * gain };
        let touch = Touch { velocity: velocity_bin(loudness), length };
        let tone = |role| Tone { position: grip.position(), push: *push, touch, role };
        beats[grip.beat()].extend(roles.into_iter().map(tone));
    }
    beats.iter_mut().for_each(sort);
    Tones { beats, ties }
}

/// Puts a grip over the chord of its beat, or over the coming one if it comes just before it and belongs there.
fn place(part: Part, mut grip: Grip, late: u8, harmony: &Harmony) -> Option<Placed> {
    let now = harmony.view(grip.beat());
    let next = harmony.view(grip.beat() + 1).filter(|_| grip.position() >= late);
    let reach = reach(part);
    grip.keys = match part {
        Part::Bass => vec![fold(i16::from(*grip.keys.first()?), reach)],
        _ => within(&grip.keys, reach),
    };
    let belonging =
        |view: &Option<View>| view.and_then(|view| view.chord).map_or(0, |chord| belongs(&grip, chord));
    let chords = (now.and_then(|view| view.chord), next.and_then(|view| view.chord));
    let push = chords.0 != chords.1 && chords.1.is_some() && belonging(&next) > belonging(&now);
    let view = if push { next } else { now }?;
    Some(Placed { grip, push, palette: Palette::new(view.chord?, &view), view })
}

/// How well a grip fits a chord: the lowest key counts most.
fn belongs(grip: &Grip, chord: Chord) -> usize {
    let held = grip.keys.iter().filter(|key| chord.holds(**key)).count();
    let on_bass = grip.keys.first().is_some_and(|key| key % 12 == chord.bass % 12);
    3 * held + usize::from(on_bass)
}

/// The roles of each grip: a voicing, or one role for each key.
fn roles(part: Part, placed: &[Option<Placed>], shapes: &mut Shapes) -> Vec<Vec<Role>> {
    let mut voicing = |placed: &Option<Placed>| {
        let Placed { grip, view, palette, .. } = placed.as_ref().filter(|_| part != Part::Bass)?;
        let shape = shapes.of(&grip.keys, palette.chord, view, reach(part))?;
        Some(Role::Shape { family: shape.family, top: shape.top })
    };
    let voicings: Vec<Option<Role>> = placed.iter().map(&mut voicing).collect();
    let leads = leading(placed, &voicings);
    let mut namer = Namer::new(part);
    let each = placed.iter().zip(&voicings).zip(leads);
    let named = each.map(|((placed, voicing), lead)| match (placed, voicing, lead) {
        (None, ..) => Vec::new(),
        (_, Some(voicing), _) => vec![*voicing],
        (Some(one), _, Some((role, to, there))) => {
            namer.lead(one.grip.keys[0], to, &there);
            vec![role]
        }
        (Some(placed), ..) => singles(&mut namer, placed),
    });
    named.collect()
}

/// One role for each key.
fn singles(namer: &mut Namer, placed: &Placed) -> Vec<Role> {
    let mut roles: Vec<Role> = Vec::new();
    for key in placed.grip.keys.iter().rev().take(MOST_SINGLES).rev() {
        let role = namer.role(*key, &placed.palette);
        if !roles.contains(&role) {
            roles.push(role);
        }
    }
    roles
}

/// What a note that leads to the next one is, the key that it leads to, and what that key is over.
type Lead = (Role, u8, Palette);

/// The single notes that lead to the next note which does not itself lead on.
fn leading(placed: &[Option<Placed>], voicings: &[Option<Role>]) -> Vec<Option<Lead>> {
    let mut leads = vec![None; placed.len()];
    let mut target: Option<&Placed> = None;
    for i in (0..placed.len()).rev() {
        let here = placed[i].as_ref().filter(|here| voicings[i].is_none() && here.grip.keys.len() == 1);
        leads[i] = here.zip(target).and_then(|(here, target)| lead(here, target));
        if leads[i].is_none() {
            target = here;
        }
    }
    leads
}

/// Whether a note leads to another, over a chord that is known when it sounds.
fn lead(here: &Placed, target: &Placed) -> Option<Lead> {
    let there = target.palette.chord;
    let known = there == here.palette.chord || here.view.next == Some(there);
    let near = target.grip.at - here.grip.at <= LEADS;
    let to = *target.grip.keys.first()?;
    let way = approach(*here.grip.keys.first()?, &here.palette, to, there)
        .filter(|_| known && near && !here.push)?;
    Some((Role::Approach(way), to, target.palette))
}
