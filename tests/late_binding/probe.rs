use super::*;
use crate::support::hearing::click::second_difference_peak;

#[test]
fn probe_moves() {
    let scene = Scene { spread_ms: 25.0, settle_ms: 25.0, beside_ms: (0.0, 12.0) };
    let take = play(scene, &comb(), 0, 60);
    for change in &take.changes {
        for part in holders(change) {
            let stem = take.recording.stem(part);
            let before = keys_at(stem, change.first - 8 * MS);
            if before.iter().all(|key| fits(change, *key)) { continue; }
            let moved = changed_at(stem, change.last + 17 * MS..change.last + 90 * MS);
            let late = moved.is_none_or(|m| m + 16 - change.last > 25 * MS + BOUND);
            let window = change.first as u64..(change.last + 150 * MS) as u64;
            let notes: Vec<_> = take.recording.sounded.iter().filter(|s| window.contains(&s.frame)).filter_map(|s| match s.kind {
                SoundedKind::On { part: by, key, moved, .. } if by == part => Some((s.frame as i64 - change.last as i64, key, if moved { "moved" } else { "struck" })),
                SoundedKind::Off { part: by, key } if by == part => Some((s.frame as i64 - change.last as i64, key, "off")),
                _ => None }).collect();
            let strikes: std::collections::BTreeSet<_> = notes.iter().filter(|n| n.2 == "struck").map(|n| n.0).collect();
            if late || strikes.len() > 1 {
                println!("{part:?} {:?} spread {} beside {} before {before:?} moved {:?} {notes:?}", change.chord, change.last - change.first, change.beside - change.last, moved.map(|m| m + 16 - change.last));
            }
        }
    }
}

#[test]
fn probe_clicks() {
    let scene = Scene { spread_ms: 25.0, settle_ms: 25.0, beside_ms: (120.0, 125.0) };
    let take = play(scene, &tempered(), 0, 100);
    for change in &take.changes {
        for part in holders(change) {
            let stem = take.recording.stem(part);
            let moving = change.last + 20 * MS..change.last + 65 * MS;
            let r = roughness(stem, moving.clone(), 40 * MS);
            if r > 1.5 {
                let at = moving.clone().max_by(|a, b| {
                    let d = |n: usize| (stem[n + 1] - 2.0 * stem[n] + stem[n - 1]).abs();
                    d(*a).total_cmp(&d(*b))
                }).unwrap();
                let window = change.first as u64..(change.last + 150 * MS) as u64;
                let notes: Vec<_> = take.recording.sounded.iter().filter(|s| window.contains(&s.frame)).filter_map(|s| match s.kind {
                    SoundedKind::On { part: by, key, moved, .. } if by == part => Some((s.frame as i64 - change.last as i64, key, if moved { "moved" } else { "struck" })),
                    SoundedKind::Off { part: by, key } if by == part => Some((s.frame as i64 - change.last as i64, key, "off")),
                    _ => None }).collect();
                println!("{part:?} r {r:.2} at {} abs {:.5} {notes:?}", at - change.last, second_difference_peak(stem, moving.clone()));
            }
        }
    }
}
