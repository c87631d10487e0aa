use std::sync::Arc;

use engine::{Chord, Meter, Quality};
use fastrand::Rng;

use super::testing::{material, rigs};
use super::*;
use crate::tokens::Style;

#[test]
fn shares_sum_to_one_and_no_band_is_above_its_limit() {
    let shares = shares(&[100, 200, 50, 9000, 10, 30, 0, 400]);
    assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9);
    assert!(shares[3] < 0.034 && shares[3] > shares[5] && shares[6] == 0.0, "{shares:?}");
    assert!(shares[0] == shares[1] && shares[1] == shares[7] && shares[2] < shares[1]);
}

#[test]
fn the_same_seed_casts_the_same_item() {
    let all = [material(Set::Drummer), material(Set::Teacher), material(Set::Pianist)];
    let (rigs, split) = (rigs(), Split::Train);
    for material in &all {
        let lines = |seed| Cast::new(&rigs, &all, split).item(material, seed).unwrap().script.play();
        assert_eq!(lines(7), lines(7));
        assert_ne!(lines(7), lines(8));
    }
}

#[test]
fn a_drummer_without_a_lender_is_not_cast() {
    let all = [material(Set::Drummer)];
    let rigs = rigs();
    assert!(Cast::new(&rigs, &all, Split::Train).item(&all[0], 1).is_none());
}

#[test]
fn nobody_borrows_from_another_split() {
    let mut lender = material(Set::Teacher);
    lender.split = Split::Valid;
    let all = [material(Set::Drummer), lender];
    let rigs = rigs();
    assert!(Cast::new(&rigs, &all, Split::Train).item(&all[0], 1).is_none());
}

#[test]
fn a_rig_of_the_style_plays_most_often_and_none_of_another_meter() {
    let rigs = rigs();
    let rng = &mut Rng::with_seed(1);
    let rock = (0..100)
        .filter(|_| rigs.near(Style::Rock, Meter::COMMON, 120.0, rng).is_some_and(|rig| rig.name == "rock"));
    assert!(rock.count() > 80);
    assert!(rigs.near(Style::Rock, Meter::new(5, 4).unwrap(), 120.0, rng).is_none());
}

#[test]
fn humans_count_more_than_the_teacher() {
    let all = [material(Set::Drummer), material(Set::Teacher)];
    let rigs = rigs();
    let cast = Cast::new(&rigs, &all, Split::Train);
    for seed in 0..20 {
        let drummer = cast.item(&all[0], seed).unwrap();
        assert_eq!(drummer.weights, [100, 40, 40, 40]);
        assert_eq!(cast.item(&all[1], seed).unwrap().weights, [40; 4]);
    }
}

#[test]
fn a_chart_is_played_chorus_after_chorus_by_every_rig_whose_bars_fit() {
    let all = [material(Set::Teacher)];
    let rigs = rigs();
    let cast = Cast::new(&rigs, &all, Split::Train);
    let items: Vec<Item> = (0..60).filter_map(|seed| cast.item(&all[0], seed)).collect();
    assert!(items.iter().all(|item| item.script.beats == 4 * all[0].human.beats));
    for rig in rigs.iter() {
        assert!(items.iter().any(|item| Arc::ptr_eq(&item.script.rig, rig)), "{}", rig.name);
    }
    let first = Some(Chord::new(0, Quality::Min7));
    assert_eq!(all[0].human.chords[0], first);
}
