//! What the performer did in a beat, in the words of a line.

use crate::groove::player::{Player, Struck, Tally};
use crate::tokens::Performer;

/// How far an accent stands out of the two bars before it, in velocity.
const ACCENT: f32 = 16.0;

/// Velocities at which the performer is said to be louder.
const LOUDNESS: [u8; 4] = [40, 60, 80, 100];

/// Where the middle register of a hand begins and ends.
const LEAD: [u8; 2] = [60, 74];
const CHORDS: [u8; 2] = [41, 48];

/// Notes of the lead hand that are said of one position: of a cluster the highest.
const TOGETHER: usize = 3;

/// What the performer did in a beat that is over, against the root of its chord.
pub fn of(player: &Player, beat: i32, per_bar: i32, root: u8) -> Performer {
    match player.tally(beat) {
        Some(tally) if begins(tally) => {
            let usual = player.pace(beat - 2 * per_bar, beat).1.unwrap_or(f32::INFINITY);
            play(tally, usual + ACCENT, root)
        }
        _ if !has_played(player, beat) => Performer::Absent,
        Some(tally) if tally.present => Performer::Rest(0),
        _ => Performer::Rest(rest(player, beat)),
    }
}

/// Whether anything begins here: the last keys of a chord that was struck just before the beat do not.
fn begins(tally: &Tally) -> bool {
    tally.struck.iter().any(|struck| struck.lead || struck.first)
}

fn has_played(player: &Player, beat: i32) -> bool {
    player.between(i32::MIN, beat + 1).any(|(_, tally)| !tally.struck.is_empty())
}

/// How long nothing has sounded: 1, 2, 4, 8 and more beats are 1 to 4.
fn rest(player: &Player, beat: i32) -> u8 {
    let silent = |b: &i32| player.tally(*b).is_none_or(|tally| !tally.present);
    match (beat - 7..=beat).rev().take_while(silent).count() {
        ..=1 => 1,
        2 | 3 => 2,
        4..=7 => 3,
        _ => 4,
    }
}

fn play(tally: &Tally, accented: f32, root: u8) -> Performer {
    let is_accent = |struck: &Struck| f32::from(struck.velocity) >= accented;
    let hand = tally.struck.iter().filter(|struck| !struck.lead && struck.first);
    let mut hand: Vec<(u8, bool)> = hand.map(|struck| (struck.position, is_accent(struck))).collect();
    hand.sort_unstable_by_key(|onset| (onset.0, !onset.1));
    hand.dedup_by_key(|onset| onset.0);
    let lead = lead(tally);
    let (of, registers) =
        if lead.is_empty() { (tally.struck.iter().collect(), CHORDS) } else { (lead.clone(), LEAD) };
    let degree = |struck: &Struck| (struck.key + 12 - root % 12) % 12;
    let mut lead: Vec<(u8, u8, bool)> =
        lead.into_iter().map(|struck| (struck.position, degree(struck), is_accent(struck))).collect();
    lead.sort_unstable_by_key(|onset| (onset.0, onset.1, !onset.2));
    lead.dedup_by_key(|onset| (onset.0, onset.1));
    let loudest = tally.struck.iter().map(|struck| struck.velocity).max().unwrap_or(0);
    Performer::Play { level: bin(loudest, &LOUDNESS), register: bin(mean_key(&of), &registers), lead, hand }
}

/// What the lead hand struck: of each position the highest keys.
fn lead(tally: &Tally) -> Vec<&Struck> {
    let mut lead: Vec<&Struck> = tally.struck.iter().filter(|struck| struck.lead).collect();
    lead.sort_by_key(|struck| (struck.position, std::cmp::Reverse(struck.key)));
    let mut kept: Vec<&Struck> = Vec::new();
    for struck in lead {
        let here = kept.iter().filter(|known| known.position == struck.position).count();
        if here < TOGETHER {
            kept.push(struck);
        }
    }
    kept
}

fn mean_key(struck: &[&Struck]) -> u8 {
    let sum: u32 = struck.iter().map(|struck| u32::from(struck.key)).sum();
    (sum / struck.len().max(1) as u32) as u8
}

fn bin(value: u8, from: &[u8]) -> u8 {
    from.iter().filter(|from| value >= **from).count() as u8
}
