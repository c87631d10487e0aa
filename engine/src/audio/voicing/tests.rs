//! What every voicing owes, over all qualities, roots and families, in random sequences.

use super::guitar::{LAST_FRET, STRINGS};
use super::*;
use crate::audio::view::Colour;
use crate::{LocalKey, Mode, Quality};

const KEYBOARD: [Family; 10] = [
    Family::Shell,
    Family::RootlessA,
    Family::RootlessB,
    Family::Close,
    Family::Drop2,
    Family::Drop3,
    Family::Spread,
    Family::Quartal,
    Family::Triad,
    Family::Power,
];
const GUITAR: [Family; 3] = [Family::Open, Family::Barre, Family::TopThree];
const COLOURS: [Colour; 3] = [Colour::Triad, Colour::Seventh, Colour::Extended];
const MODES: [Mode; 6] =
    [Mode::Unknown, Mode::Major, Mode::Minor, Mode::Dorian, Mode::Mixolydian, Mode::Blues];
const PIANO: Reach = Reach { low: 48, high: 76 };
const NECK: Reach = Reach { low: 40, high: 79 };

fn every_chord() -> impl Iterator<Item = Chord> {
    (0..12).flat_map(|root| Quality::all().map(move |quality| Chord::new(root, quality)))
}

fn any_chord(dice: &mut fastrand::Rng) -> Chord {
    let quality = Quality::all().nth(dice.usize(..Quality::COUNT)).unwrap();
    let chord = Chord::new(dice.u8(..12), quality);
    if dice.u8(..4) == 0 { chord.over(dice.u8(..12)) } else { chord }
}

fn any_view(dice: &mut fastrand::Rng) -> View {
    View {
        key: LocalKey { tonic: dice.u8(..12), mode: MODES[dice.usize(..6)] },
        colour: COLOURS[dice.usize(..3)],
        performed: dice.u16(..4096) & dice.u16(..4096),
        bass_sounds: dice.u8(..4) > 0,
        ..View::default()
    }
}

fn wish(family: Family, reach: Reach) -> Wish {
    Wish { family, top: 0, reach, ceiling: None, last: Voicing::default(), held: false }
}

fn reach_of(family: Family) -> Reach {
    if GUITAR.contains(&family) { NECK } else { PIANO }
}

/// Walks every family through random chords and views, and shows each voicing with what it came from.
fn walk(steps: usize, held: bool, mut seen: impl FnMut(&Wish, Chord, &View, &Voicing)) {
    let mut dice = fastrand::Rng::with_seed(7);
    for family in KEYBOARD.into_iter().chain(GUITAR) {
        let mut wish = wish(family, reach_of(family));
        for step in 0..steps {
            let (chord, mut view) = (any_chord(&mut dice), any_view(&mut dice));
            // Every other voicing is struck anew, the others move while they sound.
            wish.held = held && step % 2 == 1;
            wish.top = if dice.u8(..4) == 0 { [1, 3, 5, 7, 9, 11, 13][dice.usize(..7)] } else { 0 };
            wish.ceiling = (!held && dice.u8(..4) == 0).then(|| dice.u8(50..76));
            view.performed &= if held { 0 } else { u16::MAX };
            let voicing = voice(&wish, chord, &view);
            seen(&wish, chord, &view, &voicing);
            wish.last = voicing;
        }
    }
}

/// Whether one hand can hold the keys on a guitar, found by trying every choice of six strings: a string each,
/// within four frets, open strings apart.
fn can_be_held(keys: &[u8]) -> bool {
    (0u8..64).filter(|strings| strings.count_ones() as usize == keys.len()).any(|strings| {
        let chosen = STRINGS.iter().enumerate().filter(|(i, _)| strings >> i & 1 == 1);
        let frets: Vec<i16> =
            chosen.zip(keys).map(|((_, open), key)| i16::from(*key) - i16::from(*open)).collect();
        let pressed = || frets.iter().filter(|fret| **fret > 0);
        let span = pressed().max().unwrap_or(&0) - pressed().min().unwrap_or(&0);
        span <= 3 && frets.iter().all(|fret| (0..=i16::from(LAST_FRET)).contains(fret))
    })
}

#[test]
fn voices_ascend_within_the_range_and_are_clear_below() {
    let check = |wish: &Wish, chord: Chord, _: &View, voicing: &Voicing| {
        let keys = voicing.keys();
        let at = format!("{chord} {:?} {keys:?}", wish.family);
        assert!(keys.iter().all(|key| (wish.reach.low..=wish.reach.high).contains(key)), "{at}");
        for pair in keys.windows(2) {
            assert!(pair[0] < pair[1], "{at} cross");
            assert!(pair[0] >= 52 || pair[1] - pair[0] > 1, "{at} cluster below E3");
            assert!(pair[0] >= 48 || pair[1] - pair[0] > 4, "{at} third below C3");
        }
    };
    walk(4000, false, check);
    walk(4000, true, check);
}

#[test]
fn nothing_sounds_outside_chord_and_scale() {
    walk(4000, false, |wish, chord, view, voicing| {
        let inside = Palette::new(chord, view).inside();
        let strange = voicing.keys().iter().find(|key| inside >> (*key % 12) & 1 == 0);
        assert_eq!(strange, None, "{chord} {:?} {voicing:?}", wish.family);
    });
}

#[test]
fn what_the_performer_denies_is_not_added() {
    walk(4000, false, |wish, chord, view, voicing| {
        for key in voicing.keys().iter().filter(|key| !chord.holds(**key)) {
            let near = [key + 1, key + 11].iter().any(|key| view.performed >> (key % 12) & 1 == 1);
            let own = view.performed >> (key % 12) & 1 == 1;
            assert!(own || !near, "{chord} {:?} {voicing:?} {:b}", wish.family, view.performed);
            assert!(view.colour > Colour::Triad, "{chord} {:?} {voicing:?}", wish.family);
        }
    });
}

#[test]
fn third_and_seventh_are_there_and_the_root_where_no_bass_sounds() {
    for bass_sounds in [true, false] {
        let view = View { bass_sounds, ..View::default() };
        for family in KEYBOARD.into_iter().chain(GUITAR) {
            if matches!(family, Family::Power | Family::Quartal) {
                continue;
            }
            for chord in every_chord() {
                let voicing = voice(&wish(family, reach_of(family)), chord, &view);
                let sounding = voicing.keys().iter().fold(0u16, |set, key| set | 1 << (key % 12));
                let missing = Palette::new(chord, &view).guides(!bass_sounds) & !sounding;
                assert_eq!(missing, 0, "{chord} {family:?} {voicing:?} bass {bass_sounds}");
            }
        }
    }
}

#[test]
fn power_chords_are_root_and_fifth() {
    for chord in every_chord() {
        let voicing = voice(&wish(Family::Power, PIANO), chord, &View::default());
        let fifth = chord.quality.slot(5) % 12;
        assert!(
            voicing.keys().iter().all(|key| [0, fifth].contains(&((key + 12 - chord.root) % 12))),
            "{chord}"
        );
    }
}

#[test]
fn a_hand_can_hold_every_guitar_chord() {
    for held in [false, true] {
        walk(4000, held, |wish, chord, _, voicing| {
            let plays = !GUITAR.contains(&wish.family) || can_be_held(voicing.keys());
            assert!(plays, "{chord} {:?} {voicing:?}", wish.family);
        });
    }
}

#[test]
fn a_known_top_is_honoured_wherever_the_family_has_it() {
    let view = View { bass_sounds: true, ..View::default() };
    for chord in every_chord() {
        for top in [1, 3, 5, 7] {
            let voicing = voice(&Wish { top, ..wish(Family::Close, PIANO) }, chord, &view);
            let palette = Palette::new(chord, &view);
            let wanted = palette.degree(top).filter(|pc| palette.full(false, top).pcs().contains(pc));
            let top_pc = voicing.top().unwrap() % 12;
            assert!(wanted.is_none_or(|pc| pc == top_pc), "{chord} {top} {voicing:?}");
        }
    }
}

#[test]
fn the_same_chord_again_is_the_same_voicing() {
    walk(300, false, |wish, chord, view, voicing| {
        let again = voice(&Wish { last: *voicing, ..*wish }, chord, view);
        assert_eq!(again, *voicing, "{chord} {:?}", wish.family);
    });
}

#[test]
fn comp_stays_a_third_clear_of_the_melody() {
    let view = View { bass_sounds: true, ..View::default() };
    for family in KEYBOARD {
        for chord in every_chord() {
            for lead in 64..90 {
                let voicing = voice(&Wish { ceiling: Some(lead - 3), ..wish(family, PIANO) }, chord, &view);
                assert!(voicing.top().unwrap() <= lead - 3, "{chord} {family:?} {voicing:?} under {lead}");
            }
        }
    }
}

#[test]
fn held_voicings_keep_their_voices_and_move_little() {
    let (mut steps, mut near, mut motion, mut voices) = (0, 0, 0, 0);
    walk(4000, true, |wish, chord, _, voicing| {
        let smooth = [Family::Close, Family::Drop2, Family::Spread, Family::RootlessA].contains(&wish.family);
        if !smooth || !wish.held || wish.top != 0 {
            return;
        }
        let (keys, last) = (voicing.keys(), wish.last.keys());
        // Two pitch classes do not always make four voices within a part's range.
        if chord.quality != Quality::Power {
            assert_eq!(keys.len(), last.len(), "{chord} {:?} {last:?} to {keys:?}", wish.family);
        }
        steps += 1;
        near += u32::from(keys[keys.len() - 1].abs_diff(last[last.len() - 1]) <= 4);
        motion += voicing.motion(&wish.last);
        voices += keys.len() as u32;
    });
    assert!(near * 100 >= steps * 99, "{near} of {steps} tops within a third");
    assert!(motion * 10 <= voices * 20, "{motion} semitones in {voices} voices");
}
