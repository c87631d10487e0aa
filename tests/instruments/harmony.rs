//! The judges of harmony and hands give the known verdict on tiny scores.

use engine::{Chord, Part, Quality};

use crate::score::{BAR, BEAT, C, F7, band, note};
use crate::support::judge::Share;
use crate::support::judge::clash::clash_rate;
use crate::support::judge::hands::{Fault, Voicing, fits_a_guitar, voicings};
use crate::support::judge::harmony::{bass_on_root, chord_and_tensions, strays, voice_motion};

const CHANGES: [(i64, Chord); 2] = [(0, C), (BAR, F7)];

#[test]
fn the_first_bass_note_is_on_the_root_or_not() {
    let bass = |key, on, length| note(Part::Bass, key, on, length);
    let right = band([bass(36, 0, BAR), bass(41, BAR, BAR)], &CHANGES);
    assert_eq!(bass_on_root(&right), Share { hits: 2, of: 2 });
    let wrong = band([bass(36, 0, BAR), bass(43, BAR, BEAT), bass(41, BAR + BEAT, BEAT)], &CHANGES);
    assert_eq!(bass_on_root(&wrong), Share { hits: 1, of: 2 });
    let slash = band([bass(40, 0, BAR)], &[(0, C.over(4))]);
    assert_eq!(bass_on_root(&slash), Share { hits: 1, of: 1 });
}

#[test]
fn a_bass_note_tied_into_the_chord_by_up_to_a_beat_and_a_half_belongs_to_it() {
    let bass = |key, on, length| note(Part::Bass, key, on, length);
    let tied = band([bass(36, 0, BEAT), bass(41, BAR - 1440, 3 * BEAT)], &CHANGES);
    assert_eq!(bass_on_root(&tied), Share { hits: 2, of: 2 });
    let left_over = [bass(36, 0, BAR + 2 * BEAT), bass(41, BAR + 2 * BEAT, BEAT)];
    assert_eq!(bass_on_root(&band(left_over, &CHANGES)), Share { hits: 2, of: 2 });
    let silent = band([bass(36, 0, BEAT), note(Part::Comp, 60, BAR, BAR)], &CHANGES);
    assert_eq!(bass_on_root(&silent), Share { hits: 1, of: 1 });
}

#[test]
fn a_note_that_stays_outside_the_chord_for_longer_than_a_sixteenth_is_a_stray() {
    let pads = |key, on, length| note(Part::Pads, key, on, length);
    // B natural is no friend of F7: once it leaves after a sixteenth, once it stays.
    let leaves = band([pads(59, 0, BAR + 240)], &CHANGES);
    let stays = band([pads(59, 0, BAR + 241), pads(57, BAR, BAR)], &CHANGES);
    let allowed = |chord: Chord| chord_and_tensions(chord) & !(1 << 11) | u16::from(chord == C) << 11;
    assert!(strays(&leaves, Part::Pads, allowed).is_empty());
    let found = strays(&stays, Part::Pads, allowed);
    assert_eq!(found.iter().map(|stray| (stray.note.key, stray.ticks)).collect::<Vec<_>>(), [(59, 241)]);
    assert!(strays(&stays, Part::Comp, allowed).is_empty());
}

#[test]
fn tensions_that_hurt_are_left_out() {
    let set = |chord: Chord| (0..12).filter(|i| chord_and_tensions(chord) >> i & 1 == 1).collect::<Vec<u8>>();
    assert_eq!(set(C), [0, 2, 4, 6, 7, 9]);
    assert_eq!(set(Chord::new(0, Quality::Min7)), [0, 2, 3, 5, 7, 9, 10]);
    assert_eq!(set(Chord::new(0, Quality::HalfDim)), [0, 3, 5, 6, 10]);
    assert_eq!(set(Chord::new(0, Quality::Dom7Flat9)), [0, 1, 4, 6, 7, 10]);
}

#[test]
fn voicings_gather_a_strum_and_what_is_still_held() {
    let comp = |key, on, length| note(Part::Comp, key, on, length);
    let band = band([comp(52, 0, BAR), comp(55, 20, 960), comp(60, 40, 960), comp(57, 1920, 960)], &[(0, C)]);
    let found = voicings(&band, Part::Comp);
    assert_eq!(
        found,
        [Voicing { tick: 0, keys: vec![52, 55, 60] }, Voicing { tick: 1920, keys: vec![52, 57] },]
    );
}

#[test]
fn a_broken_chord_moves_as_far_as_one_that_is_struck_at_once() {
    let comp = |key, on, length| note(Part::Comp, key, on, length);
    // E G C to F A C: a semitone, a whole tone, and a voice that stays.
    let struck = [52, 55, 60].map(|key| comp(key, 0, BAR)).into_iter();
    let struck = struck.chain([53, 57, 60].map(|key| comp(key, BAR, BAR)));
    assert_eq!(voice_motion(&band(struck, &CHANGES), Part::Comp), Some(1.0));
    let broken = [52, 60, 55, 60].into_iter().chain([53, 60, 57, 60]);
    let broken = (0..).zip(broken).map(|(i, key)| comp(key, i * BEAT, BEAT));
    // The last of them is let go a little late.
    let late = comp(55, 2 * BEAT, BAR - 2 * BEAT + 100);
    assert_eq!(voice_motion(&band(broken.chain([late]), &CHANGES), Part::Comp), Some(1.0));
    let one = band([comp(60, 0, BAR)], &CHANGES);
    assert_eq!(voice_motion(&one, Part::Comp), None, "nothing under the second chord");
}

#[test]
fn faults_of_a_voicing_are_named() {
    let faults = |keys: &[u8]| Voicing { tick: 0, keys: keys.to_vec() }.faults((40, 76));
    assert_eq!(faults(&[48, 52, 55, 59, 64]), []);
    assert_eq!(faults(&[38, 60]), [Fault::OutOfRange]);
    assert_eq!(faults(&[60, 60, 64]), [Fault::Doubled]);
    assert_eq!(faults(&[50, 51, 60]), [Fault::Mud]);
    assert_eq!(faults(&[45, 48, 57]), [Fault::Mud]);
    assert_eq!(faults(&[52, 53, 57]), []);
}

#[test]
fn a_guitar_holds_a_barre_and_no_piano_cluster() {
    assert!(fits_a_guitar(&[41, 48, 53, 57, 60, 65]), "F barre");
    assert!(fits_a_guitar(&[40, 47, 52, 56, 59, 64]), "open E");
    assert!(!fits_a_guitar(&[41, 42, 43]), "three keys on one string");
    assert!(!fits_a_guitar(&[40, 41, 60]), "one string twice");
    assert!(!fits_a_guitar(&[48, 50, 52, 53, 55, 57, 60]), "seven strings");
    let voicing = Voicing { tick: 0, keys: vec![48, 49, 60] };
    assert!(voicing.faults_on_guitar((40, 76)).contains(&Fault::Mud));
}

#[test]
fn the_band_clashes_with_a_player_on_strong_beats_only_and_never_by_a_tension() {
    let lead = |key, on, length| note(Part::Lead, key, on, length);
    let comp = note(Part::Comp, 64, 0, 2 * BAR);
    let verdict = |player| clash_rate(&band([comp, player], &[(0, C), (2 * BAR, C)]));
    assert_eq!(verdict(lead(65, 0, BEAT)), Share { hits: 1, of: 1 }, "F over E");
    assert_eq!(verdict(lead(77, 0, BEAT)), Share { hits: 1, of: 1 }, "a minor ninth");
    assert_eq!(verdict(lead(70, 0, BEAT)), Share { hits: 1, of: 1 }, "a tritone, B flat over E");
    assert_eq!(verdict(lead(65, 0, 400)), Share { hits: 0, of: 1 }, "shorter than an eighth");
    assert_eq!(verdict(lead(65, BEAT, BEAT - 1)), Share::default(), "a weak beat");
    assert_eq!(verdict(lead(74, 0, BEAT)), Share { hits: 0, of: 1 }, "the ninth");
}
