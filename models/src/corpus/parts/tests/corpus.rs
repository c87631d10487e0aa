//! How well the corpus can be said: figures for a person to read.

use std::collections::BTreeMap;
use std::path::PathBuf;

use engine::audio::voicing::fold;

use super::super::grips::grips;
use super::super::shape::within;
use super::super::single::reach;
use super::*;
use crate::corpus::songs;

/// What is counted, by set and name: hits and tries.
#[derive(Default)]
struct Count(BTreeMap<(String, String), (usize, usize)>);

impl Count {
    fn add(&mut self, set: &str, name: impl Into<String>, hit: bool) {
        let (hits, tries) = self.0.entry((set.into(), name.into())).or_default();
        *hits += usize::from(hit);
        *tries += 1;
    }

    fn share(&self, set: &str, name: &str) -> f64 {
        let (hits, tries) = self.0.get(&(set.into(), name.into())).copied().unwrap_or_default();
        hits as f64 / tries.max(1) as f64
    }

    fn print(&self) {
        for ((set, name), (hits, tries)) in &self.0 {
            eprintln!(
                "{set:12} {name:40} {hits:8} of {tries:8} {:6.2} %",
                100.0 * *hits as f64 / *tries as f64
            );
        }
    }
}

/// Compares what was played with what the binder makes of what is written.
fn compare(human: &Human, stretch: &Stretch<'_>, count: &mut Count) {
    let set = stretch.song.set.as_str();
    let harmony = Harmony { chords: stretch.chords(), keys: stretch.keys() };
    for (part, tones) in [Part::Bass, Part::Comp, Part::Pads].into_iter().zip(&human.tones) {
        let Some(tones) = tones else { continue };
        let played = grips(&notes_of(part, stretch).unwrap(), stretch);
        for (beat, position, keys) in bound(part, tones, &harmony) {
            let grip = played.iter().find(|grip| (grip.beat(), grip.position()) == (beat, position)).unwrap();
            match part {
                Part::Bass => {
                    let key = fold(i16::from(grip.keys[0]), reach(part));
                    count.add(set, "bass: pitch class", keys[0] % 12 == key % 12);
                    count.add(set, "bass: key", keys == [key]);
                }
                _ => voicing(
                    part,
                    &keys,
                    &within(&grip.keys, reach(part)),
                    &tones.beats[beat],
                    position,
                    set,
                    count,
                ),
            }
        }
    }
}

fn voicing(
    part: Part,
    keys: &[u8],
    grip: &[u8],
    tones: &[Tone],
    position: u8,
    name: &str,
    count: &mut Count,
) {
    let chordal = super::super::shape::set(grip).count_ones() >= 3;
    let tone = tones.iter().find(|tone| tone.position == position).unwrap();
    let part = part.name();
    let kind = if chordal { "grips" } else { "notes and pairs" };
    count.add(name, format!("{part}: {kind}: pitch classes"), set(keys) == set(grip));
    if chordal {
        let shape = matches!(tone.role, Role::Shape { .. });
        count.add(name, format!("{part}: grips: voicings"), shape);
        let off = (set(keys) ^ set(grip)).count_ones();
        count.add(name, format!("{part}: grips: one pitch class off or none"), off <= 1);
    }
    if let Role::Shape { family, .. } = tone.role {
        count.add(name, format!("{part}: family {family:?}"), set(keys) == set(grip));
    }
}

/// What the words are used for.
fn survey(human: &Human, set: &str, count: &mut Count) {
    count.add(set, format!("style {:?}", human.style), true);
    for (part, tones) in ["bass", "comp", "pads"].into_iter().zip(&human.tones) {
        let Some(tones) = tones else { continue };
        for tone in tones.beats.iter().flatten() {
            count.add(set, format!("{part}: push"), tone.push);
            for length in [Length::Dead, Length::Short, Length::Half, Length::Full, Length::Tied] {
                count.add(set, format!("{part}: length {length:?}"), tone.touch.length == length);
            }
            let role = format!("{:?}", tone.role);
            let role = role.split([' ', '(']).next().unwrap_or_default().to_string();
            count.add(set, format!("{part}: role {role}"), true);
        }
        tones.ties.iter().for_each(|tie| count.add(set, format!("{part}: tie"), *tie));
    }
    for hit in human.drums.iter().flatten().flatten() {
        (0..4).for_each(|bin| count.add(set, format!("drums: velocity {bin}"), hit.velocity == bin));
        count.add(set, format!("drums: {:?}", hit.ornament), true);
        let swings = human.swing > 0.5 && !human.sixteenths;
        let jazz = matches!(human.style, Style::Swing | Style::FastSwing | Style::JazzBallad);
        if swings && jazz && [51, 53, 59].contains(&hit.key) && (5..=8).contains(&hit.position) {
            count.add(set, "drums: swung ride off-beats on one slot", hit.position == 6);
        }
    }
}

#[test]
#[ignore = "needs the corpus: SIDEMAN_DATA names its folder"]
fn what_the_corpus_plays_can_be_said() {
    let folder = PathBuf::from(std::env::var("SIDEMAN_DATA").expect("SIDEMAN_DATA"));
    let mut count = Count::default();
    for set in ["gmd", "pop909", "wjd", "bands"] {
        let file = folder.join(format!("{set}.jsonl.gz"));
        let all: Vec<Song> = songs(&file).unwrap().collect::<Result<_, _>>().unwrap();
        let quantiles = Quantiles::of(&all);
        for song in &all {
            for (human, stretch) in Human::of(song, &quantiles).iter().zip(Stretch::all(song)) {
                compare(human, &stretch, &mut count);
                survey(human, set, &mut count);
            }
        }
    }
    count.print();
    assert!(count.share("bands", "bass: pitch class") >= 0.9);
    assert!(count.share("pop909", "bass: pitch class") >= 0.95);
    assert!(count.share("pop909", "comp: grips: one pitch class off or none") >= 0.9);
    assert!(count.share("gmd", "drums: swung ride off-beats on one slot") >= 0.9);
}
