//! Progressions whose key a musician would not doubt.

use super::*;
use Quality::*;

/// Plays bars of four beats, each a list of (root, quality), in all twelve transpositions; returns the key at the
/// end over a tonic of C.
fn key_of(bars: &[&[(u8, Quality)]], passes: usize) -> LocalKey {
    let keys: Vec<LocalKey> = (0..12).map(|up| played(&mut KeyFinder::default(), bars, passes, up)).collect();
    assert!(keys.windows(2).all(|two| two[0] == two[1]), "the key depends on the pitch: {keys:?}");
    keys[0]
}

fn played(finder: &mut KeyFinder, bars: &[&[(u8, Quality)]], passes: usize, up: u8) -> LocalKey {
    for bar in bars.iter().cycle().take(bars.len() * passes) {
        for beat in 0..4 {
            let (root, quality) = bar[beat * bar.len() / 4];
            finder.beat(Some(Chord::new(root + up, quality)), 4);
        }
    }
    let key = finder.key();
    LocalKey { tonic: (key.tonic + 12 - up) % 12, ..key }
}

fn key(tonic: u8, mode: Mode) -> LocalKey {
    LocalKey { tonic, mode }
}

#[test]
fn songs_in_major_are_major() {
    assert_eq!(key_of(&[&[(0, Maj)], &[(9, Min)], &[(5, Maj)], &[(7, Maj)]], 3), key(0, Mode::Major));
    assert_eq!(key_of(&[&[(0, Maj)], &[(7, Maj)], &[(9, Min)], &[(5, Maj)]], 3), key(0, Mode::Major));
    assert_eq!(key_of(&[&[(2, Min7)], &[(7, Dom7)], &[(0, Maj7)], &[(0, Six)]], 3), key(0, Mode::Major));
    let rhythm: &[&[(u8, Quality)]] = &[&[(0, Maj7), (9, Dom7)], &[(2, Min7), (7, Dom7)]];
    assert_eq!(key_of(rhythm, 6), key(0, Mode::Major));
}

#[test]
fn songs_in_minor_are_minor() {
    assert_eq!(key_of(&[&[(0, Min)], &[(5, Min)], &[(7, Dom7)], &[(0, Min)]], 3), key(0, Mode::Minor));
    assert_eq!(key_of(&[&[(2, HalfDim)], &[(7, Dom7Flat9)], &[(0, Min7)], &[(0, Min6)]], 3).tonic, 0);
    assert_eq!(key_of(&[&[(0, Min)], &[(8, Maj)], &[(5, Min)], &[(7, Maj)]], 4), key(0, Mode::Minor));
}

#[test]
fn modal_vamps_and_the_blues_are_known() {
    assert_eq!(key_of(&[&[(0, Min7)], &[(5, Dom7)]], 6), key(0, Mode::Dorian));
    assert_eq!(key_of(&[&[(0, Maj)], &[(10, Maj)], &[(5, Maj)], &[(0, Maj)]], 3), key(0, Mode::Mixolydian));
    let blues: Vec<[(u8, Quality); 1]> =
        [0, 5, 0, 0, 5, 5, 0, 0, 7, 5, 0, 7].into_iter().map(|root| [(root, Dom7)]).collect();
    let bars: Vec<&[(u8, Quality)]> = blues.iter().map(|bar| &bar[..]).collect();
    assert_eq!(key_of(&bars, 2), key(0, Mode::Blues));
}

#[test]
fn another_key_is_believed_after_one_bar_that_follows_a_cadence_and_not_before() {
    let mut finder = KeyFinder::default();
    played(&mut finder, &[&[(2, Min7)], &[(7, Dom7)], &[(0, Maj7)], &[(0, Maj7)]], 4, 0);
    played(&mut finder, &[&[(3, Min7)], &[(8, Dom7)]], 1, 0);
    assert_eq!(finder.key(), key(0, Mode::Major));
    played(&mut finder, &[&[(1, Maj7)]], 6, 0);
    assert_eq!(finder.key(), key(1, Mode::Major));
}

#[test]
fn a_passing_chord_changes_nothing() {
    let mut finder = KeyFinder::default();
    played(&mut finder, &[&[(0, Maj)], &[(9, Min)], &[(5, Maj)], &[(7, Maj)]], 3, 0);
    played(&mut finder, &[&[(1, Dom7)]], 1, 0);
    assert_eq!(played(&mut finder, &[&[(0, Maj)]], 1, 0), key(0, Mode::Major));
}

#[test]
fn a_lock_holds_the_tonic() {
    let mut finder = KeyFinder::default();
    finder.lock(Some(9));
    let vamp: &[&[(u8, Quality)]] = &[&[(0, Maj)], &[(9, Min)], &[(5, Maj)], &[(7, Maj)]];
    assert_eq!(played(&mut finder, vamp, 3, 0), key(9, Mode::Minor));
}

#[test]
fn the_lead_decides_where_the_chord_does_not() {
    let mut finder = KeyFinder::default();
    for _ in 0..32 {
        [0, 2, 3, 5, 7, 9, 10].into_iter().for_each(|step| finder.lead(60 + step));
        finder.beat(Some(Chord::new(0, Min7)), 4);
    }
    assert_eq!(finder.key(), key(0, Mode::Dorian));
}
