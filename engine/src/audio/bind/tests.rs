//! What binding owes: range, direction, and what is left alone.

use super::*;
use crate::{Approach, Family, LocalKey, Mode, Quality};

impl Binder {
    /// Binds a note whose target may lie beyond a change of chord.
    fn bind(&mut self, note: &Note, target: Option<&Note>, view: &View) -> Bound {
        self.bind_onset(&Onset { note, target, same_chord: false, bar_start: false }, view)
    }
}

fn chord(symbol: &str) -> Chord {
    Chord::parse(symbol).unwrap().unwrap()
}

fn over(symbol: &str) -> View {
    View { chord: Some(chord(symbol)), bass_sounds: true, ..View::default() }
}

fn note(part: Part, role: Role) -> Note {
    Note { role, anchor: Anchor::Now, part, position: 0, micro: 0, velocity: 90, length: 480 }
}

fn bass(role: Role) -> Note {
    note(Part::Bass, role)
}

fn key(bound: Bound) -> u8 {
    match bound {
        Bound::Keys(voicing) => voicing.keys()[0],
        other => panic!("{other:?}"),
    }
}

fn every_chord() -> impl Iterator<Item = Chord> {
    (0..12).flat_map(|root| Quality::all().map(move |quality| Chord::new(root, quality)))
}

const ROOT: Role = Role::Root { octave: 0 };
const APPROACHES: [(Approach, i16); 4] = [
    (Approach::HalfBelow, 1),
    (Approach::HalfAbove, 1),
    (Approach::WholeBelow, 2),
    (Approach::WholeAbove, 2),
];

#[test]
fn every_role_is_a_pitch_in_range_and_inside_chord_and_scale() {
    let mut dice = fastrand::Rng::with_seed(3);
    let mut binder = Binder::new();
    for _ in 0..20_000 {
        let quality = Quality::all().nth(dice.usize(..Quality::COUNT)).unwrap();
        let chord = Chord::new(dice.u8(..12), quality).over(dice.u8(..12));
        let key = LocalKey {
            tonic: dice.u8(..12),
            mode: [Mode::Unknown, Mode::Major, Mode::Minor][dice.usize(..3)],
        };
        let view = View { chord: Some(chord), key, performed: dice.u16(..4096), ..View::default() };
        let (octave, part) = (dice.i8(-2..4), [Part::Bass, Part::Comp, Part::Pads][dice.usize(..3)]);
        let role = match dice.u8(..4) {
            0 => Role::Root { octave },
            1 => Role::Chord { slot: [1, 3, 5, 7][dice.usize(..4)], octave },
            2 => Role::Tension { degree: [9, 11, 13][dice.usize(..3)], octave },
            _ => Role::Scale { steps: dice.i8(-9..10), octave },
        };
        let Bound::Keys(keys) = binder.bind(&note(part, role), None, &view) else { panic!("{role:?}") };
        let (low, high) = [(28, 55), (48, 76), (48, 79)][part.index() - 1];
        let inside = Palette::new(chord, &view).inside();
        let fits = |key: &u8| (low..=high).contains(key) && inside >> (key % 12) & 1 == 1;
        assert!(keys.keys().iter().all(fits), "{chord} {role:?} {keys:?}");
    }
}

#[test]
fn without_a_chord_only_drums_pedals_and_repeats_sound() {
    let mut binder = Binder::new();
    let view = View::default();
    assert_eq!(binder.bind(&bass(ROOT), None, &view), Bound::Nothing);
    assert_eq!(binder.bind(&bass(Role::Same), None, &view), Bound::Nothing);
    assert_eq!(binder.bind(&note(Part::Drums, Role::Drum(38)), None, &view), Bound::Drum(38));
    assert_eq!(key(binder.bind(&bass(Role::Pedal(36)), None, &view)), 36);
    assert_eq!(key(binder.bind(&bass(Role::Same), None, &view)), 36);
}

#[test]
fn the_bass_plays_the_slash() {
    let mut binder = Binder::new();
    assert_eq!(key(binder.bind(&bass(ROOT), None, &over("C/E"))) % 12, 4);
    assert_eq!(key(binder.bind(&bass(Role::Chord { slot: 1, octave: 0 }), None, &over("C/E"))) % 12, 0);
}

#[test]
fn roots_of_the_bass_follow_the_shorter_way_but_octaves_stay_octaves() {
    let mut binder = Binder::new();
    let mut play = |symbol, octave| key(binder.bind(&bass(Role::Root { octave }), None, &over(symbol)));
    assert_eq!([play("C", 0), play("C", 1), play("C", 0), play("C", 1)], [36, 48, 36, 48]);
    assert_eq!([play("D", 0), play("Eb", 0), play("E", 0), play("F", 0)], [38, 39, 40, 41]);
    assert_eq!([play("Eb", 0), play("D", 0), play("C", 0), play("G", 0)], [39, 38, 36, 31]);
}

#[test]
fn the_lead_of_bass_motion_is_never_more_than_an_octave() {
    let mut binder = Binder::new();
    let mut dice = fastrand::Rng::with_seed(11);
    let mut last: Option<u8> = None;
    for _ in 0..5000 {
        let view = View { chord: Some(Chord::new(dice.u8(..12), Quality::Dom7)), ..View::default() };
        let slot = [1, 3, 5, 7][dice.usize(..4)];
        let now = key(binder.bind(&bass(Role::Chord { slot, octave: 0 }), None, &view));
        assert!(last.is_none_or(|last| last.abs_diff(now) <= 11), "{last:?} to {now}");
        last = Some(now);
    }
}

#[test]
fn an_approach_lands_beside_what_its_target_then_plays() {
    let mut binder = Binder::new();
    for from in every_chord().step_by(7) {
        for to in every_chord() {
            for (approach, step) in APPROACHES {
                for octave in [0, 1] {
                    let target = bass(Role::Root { octave });
                    let view = View { chord: Some(from), next: Some(to), ..View::default() };
                    let lead = key(binder.bind(&bass(Role::Approach(approach)), Some(&target), &view));
                    let view = View { chord: Some(to), ..View::default() };
                    let landed = key(binder.bind(&target, None, &view));
                    let gap = (i16::from(landed) - i16::from(lead)).abs();
                    assert_eq!(gap, step, "{from} {to} {approach:?} {lead} {landed}");
                }
            }
        }
    }
}

#[test]
fn an_approach_to_a_voicing_is_that_voicing_shifted() {
    let mut binder = Binder::new();
    let shape = note(Part::Comp, Role::Shape { family: Family::Drop2, top: 0 });
    for to in every_chord() {
        let view = View { next: Some(to), ..over("C") };
        let lead = binder.bind(&note(Part::Comp, Role::Approach(Approach::HalfBelow)), Some(&shape), &view);
        let view = View { chord: Some(to), next: None, ..view };
        let landed = binder.bind(&shape, None, &view);
        let (Bound::Keys(lead), Bound::Keys(landed)) = (lead, landed) else { panic!("{to}") };
        let steps: Vec<u8> = lead.keys().iter().zip(landed.keys()).map(|(a, b)| a.abs_diff(*b)).collect();
        assert!(steps.iter().all(|step| *step == 1), "{to} {lead:?} {landed:?}");
    }
}

#[test]
fn an_approach_into_the_unknown_is_fifth_or_octave_and_a_near_target_is_known() {
    let mut binder = Binder::new();
    let (target, lead) = (bass(ROOT), bass(Role::Approach(Approach::HalfBelow)));
    binder.bind(&target, None, &over("C"));
    let unknown = key(binder.bind(&lead, Some(&target), &over("C"))) % 12;
    assert!([0, 7].contains(&unknown), "{unknown}");
    let onset = Onset { note: &lead, target: Some(&target), same_chord: true, bar_start: false };
    assert_eq!(key(binder.bind_onset(&onset, &over("C"))) % 12, 11);
}

#[test]
fn a_note_that_was_led_elsewhere_yields() {
    for to in every_chord() {
        for bar_start in [true, false] {
            let mut binder = Binder::new();
            let (target, lead) = (bass(ROOT), bass(Role::Approach(Approach::HalfBelow)));
            let view = View { next: Some(chord("Dm")), ..over("A7") };
            let from = key(binder.bind(&lead, Some(&target), &view));
            let onset = Onset { note: &target, target: None, same_chord: false, bar_start };
            let landed = key(binder.bind_onset(&onset, &View { chord: Some(to), ..View::default() }));
            if to == chord("Dm") {
                assert_eq!(landed, from + 1);
            } else if bar_start {
                assert_eq!(landed % 12, to.root, "{to}");
                assert!(landed.abs_diff(from) <= 6, "{to} {from} {landed}");
            } else {
                assert!(to.holds(landed) && landed > from && landed - from <= 7, "{to} {from} {landed}");
            }
        }
    }
}

#[test]
fn an_anticipation_is_bound_to_the_coming_chord() {
    let mut binder = Binder::new();
    let early = Note { anchor: Anchor::Next, ..bass(ROOT) };
    assert_eq!(key(binder.bind(&early, None, &View { next: Some(chord("F")), ..over("C") })) % 12, 5);
    assert_eq!(key(binder.bind(&early, None, &over("C"))) % 12, 0);
}

#[test]
fn a_held_bass_moves_only_off_a_strange_note() {
    let mut binder = Binder::new();
    let root = bass(ROOT);
    let held = Held::new(root, &[key(binder.bind(&root, None, &over("C")))]);
    assert_eq!(binder.rebind(&held, &over("Am")).keys(), [36]);
    assert_eq!(binder.rebind(&held, &over("Cm")).keys(), [36]);
    assert_eq!(binder.rebind(&held, &over("D")).keys(), [38]);
}

#[test]
fn a_held_anticipation_waits_for_its_chord_and_follows_another() {
    let mut binder = Binder::new();
    let shape = Role::Shape { family: Family::Close, top: 0 };
    let early = Note { anchor: Anchor::Next, ..note(Part::Pads, shape) };
    let view = View { next: Some(chord("F")), ..over("C") };
    let Bound::Keys(keys) = binder.bind(&early, None, &view) else { panic!() };
    let held = Held::new(early, keys.keys());
    let still = View { chord: Some(chord("Cmaj7")), ..view };
    assert_eq!(binder.rebind(&held, &still), keys);
    assert_eq!(binder.rebind(&held, &over("F")), keys);
    let other = binder.rebind(&held, &View { next: None, ..over("Eb") });
    assert!(other.keys().iter().all(|key| chord("Eb").holds(*key)), "{other:?}");
}

#[test]
fn a_held_bass_that_came_early_becomes_the_root_of_its_chord() {
    let mut binder = Binder::new();
    let early = Note { anchor: Anchor::Next, ..bass(ROOT) };
    let held = Held::new(early, &[36]);
    assert_eq!(key(Bound::Keys(binder.rebind(&held, &over("Am")))) % 12, 9);
}

#[test]
fn a_held_third_becomes_the_third_of_the_new_chord() {
    let mut binder = Binder::new();
    let third = note(Part::Comp, Role::Chord { slot: 3, octave: 1 });
    let held = Held::new(third, &[64]);
    assert_eq!(binder.rebind(&held, &over("Cm")).keys(), [63]);
    assert_eq!(binder.rebind(&held, &over("F")).keys(), [69]);
}

#[test]
fn pedals_and_sounded_approaches_are_left_alone() {
    let mut binder = Binder::new();
    for role in [Role::Pedal(36), Role::Approach(Approach::HalfBelow)] {
        for chord in every_chord() {
            let view = View { chord: Some(chord), ..View::default() };
            assert_eq!(binder.rebind(&Held::new(bass(role), &[37]), &view).keys(), [37]);
        }
    }
}

#[test]
fn a_repeat_leaves_only_a_note_outside_the_scale() {
    let mut binder = Binder::new();
    binder.bind(&bass(ROOT), None, &over("A"));
    assert_eq!(key(binder.bind(&bass(Role::Same), None, &over("F"))), 33);
    assert_eq!(key(binder.bind(&bass(Role::Same), None, &over("Ab"))), 32);
}

#[test]
fn a_repeated_voicing_is_bound_again_over_another_chord() {
    let mut binder = Binder::new();
    let shape = note(Part::Comp, Role::Shape { family: Family::Close, top: 0 });
    let first = binder.bind(&shape, None, &over("C"));
    let same = note(Part::Comp, Role::Same);
    assert_eq!(binder.bind(&same, None, &over("C")), first);
    let Bound::Keys(moved) = binder.bind(&same, None, &over("Ab")) else { panic!() };
    assert!(moved.keys().iter().all(|key| chord("Ab").holds(*key)), "{moved:?}");
}

#[test]
fn comp_keeps_clear_of_the_melody_and_pads_do_not_care() {
    let mut binder = Binder::new();
    let view = View { lead: Some(67), ..over("Cmaj7") };
    let shape = Role::Shape { family: Family::Close, top: 0 };
    let Bound::Keys(comp) = binder.bind(&note(Part::Comp, shape), None, &view) else { panic!() };
    assert!(comp.top().unwrap() <= 64);
}

#[test]
fn a_reset_forgets_the_line_and_keeps_the_range() {
    let mut binder = Binder::new();
    binder.set_range(Part::Bass, 30, 50);
    let first = key(binder.bind(&bass(ROOT), None, &over("E")));
    binder.bind(&bass(ROOT), None, &over("Bb"));
    binder.reset();
    assert_eq!(binder.bind(&bass(Role::Same), None, &over("E")), Bound::Nothing);
    assert_eq!(key(binder.bind(&bass(ROOT), None, &over("E"))), first);
}
