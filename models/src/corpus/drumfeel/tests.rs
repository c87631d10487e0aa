use fastrand::Rng;
use serde_json::json;

use super::*;

const BPM: f64 = 120.0;
const TICKS_PER_MS: f64 = 480.0 * BPM / 60_000.0;

/// Milliseconds that every stroke of a beat is late; that a stroke of the snare is late besides.
struct Player<'p> {
    wander: &'p mut dyn FnMut() -> f64,
    snare: f64,
}

/// Sixty-four bars of rock: kick and snare by turns, hats in eighths, the second of them softer by 20.
fn take(kind: &str, player: Player<'_>) -> Song {
    let mut notes = Vec::new();
    let mut hit = |place: f64, late: f64, key: u8, velocity: u8| {
        notes.push(((place * 480.0 + late * TICKS_PER_MS).round() as i64, 60, key, velocity));
    };
    for beat in 0..256 {
        let late = (player.wander)();
        let (key, own) = if beat % 2 == 0 { (36, 0.0) } else { (38, player.snare) };
        hit(f64::from(beat), late + own, key, 90);
        hit(f64::from(beat), late, 42, 80);
        hit(f64::from(beat) + 0.5, late, 42, 60);
    }
    notes.sort();
    serde_json::from_value(json!({
        "id": "gmd:test", "set": "gmd", "split": "train", "licence": "", "kind": kind, "style": ["rock"],
        "bpm": BPM, "meters": [[0, 4, 4]], "parts": { "drums": notes },
    }))
    .unwrap()
}

fn drummers(kind: &str, mut wander: impl FnMut() -> f64, snare: f64) -> Drummers {
    let mut drummers = Drummers::default();
    for _ in 0..20 {
        drummers.add(&take(kind, Player { wander: &mut wander, snare }));
    }
    drummers
}

/// The numbers of a row.
fn row(table: &str, name: &str) -> Vec<f64> {
    let row = table.lines().find(|line| line.starts_with(name)).unwrap();
    row[name.len() + 1..].split(',').map(|number| number.parse().unwrap()).collect()
}

/// Late, scatter, accent in a medium take.
fn feel(table: &str, name: &str) -> [f64; 3] {
    let row = row(table, name);
    [row[2], row[3], row[5]]
}

#[test]
fn a_snare_that_lies_back_is_measured_so() {
    let mut rng = Rng::with_seed(1);
    let table = drummers("beat", || 4.0 * rng.f64() - 2.0, 12.0).feel();
    let late = |name| feel(&table, name)[0];
    assert!(late("Rock,Snare,Beat") > 9.0, "{table}");
    assert!(late("Rock,Hat,Beat").abs() < 2.0 && late("Rock,Kick,Beat").abs() < 2.0);
}

#[test]
fn a_weak_off_beat_is_measured_so() {
    let table = drummers("beat", || 0.0, 0.0).feel();
    assert!((feel(&table, "Rock,Hat,And")[2] + 20.0).abs() < 3.0);
    assert!(feel(&table, "Rock,Hat,Beat")[2].abs() < 2.0);
}

#[test]
fn what_all_pieces_share_and_hold_is_wander() {
    let mut rng = Rng::with_seed(2);
    let mut at = 0.0;
    // Uniform steps of variance 48, of which 0.64 stay: a deviation of 11.5 ms in the long run.
    let wanders = drummers(
        "beat",
        || {
            at = 0.8 * at + 24.0 * (rng.f64() - 0.5);
            at
        },
        0.0,
    );
    let [_, ms, hold] = row(&wanders.wander(), "Rock")[..] else { panic!() };
    assert!((9.0..14.0).contains(&ms) && (0.7..0.9).contains(&hold), "{ms} {hold}");
    let mut rng = Rng::with_seed(3);
    let restless = drummers("beat", || 24.0 * (rng.f64() - 0.5), 0.0);
    assert!(row(&restless.wander(), "Rock")[2] < 0.4);
}

#[test]
fn a_style_that_nobody_played_is_like_all_others() {
    let table = drummers("beat", || 0.0, 12.0).feel();
    assert_eq!(row(&table, "Reggae,Snare,Beat")[..2], [0.0, 0.0]);
    let [rock, reggae] = ["Rock,Snare,Beat", "Reggae,Snare,Beat"].map(|name| feel(&table, name)[0]);
    assert!((rock - reggae).abs() < 1.0 && reggae > 6.0);
}

#[test]
fn a_fill_says_nothing_of_the_groove() {
    let table = drummers("fill", || 0.0, 12.0).feel();
    assert_eq!(row(&table, "Rock,Snare,Beat")[..2], [0.0, 0.0]);
}
