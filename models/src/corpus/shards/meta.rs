//! What the numbers of the shards mean, for the training program.

use serde_json::{Value, json};

use super::statistics::Statistics;
use crate::corpus::mix::{Set, shares};
use crate::corpus::song::Split;
use crate::tokens::{Class, VOCABULARY, Word};

/// Classes of words with a name that loss is told by.
#[rustfmt::skip]
const NAMES: [(&str, &[Class]); 5] = [
    ("beat", &[Class::Beat]),
    ("head", &[Class::Phrase, Class::Meter, Class::Groove, Class::Section, Class::Style, Class::Energy, Class::Key,
               Class::Seat, Class::Past, Class::Trace]),
    ("chord", &[Class::Hold, Class::NoChord, Class::Expected, Class::Next, Class::Change, Class::Alteration,
                Class::Slash]),
    ("performer", &[Class::Unheard, Class::Absent, Class::Play, Class::Rest, Class::Lead, Class::Degree, Class::Hand,
                    Class::Accent]),
    ("drums", &[Class::Drum, Class::Ornament]),
];

/// The pitched parts, in the order of the numbers of their words.
const PITCHED: [&str; 3] = ["bass", "comp", "pads"];

/// The description of shards of which this was written.
///
/// A name may have several ranges. Words in `follow` belong to the part of the word before them.
pub fn json(statistics: &Statistics) -> String {
    let predicted: Vec<u64> =
        Set::ALL.iter().map(|set| statistics.of(Split::Train, *set).map_or(0, |set| set.predicted)).collect();
    let shares: serde_json::Map<String, Value> = Set::ALL
        .iter()
        .zip(shares(&predicted))
        .map(|(set, share)| (set.name().to_string(), json!((share * 1e4).round() / 1e4)))
        .collect();
    let beat = Class::Beat.ids();
    let meta = json!({
        "vocabulary": VOCABULARY,
        "tokens": Word::fingerprint(),
        "classes": classes(),
        "follow": [range("follow", Class::Push, 0, 1), range("follow", Class::Chordal, 0, Class::Chordal.ids().len())],
        "sets": Set::ALL.map(Set::name),
        "shares": shares,
        "beat": [beat.start, beat.end - 1],
        "bar_start": [beat.start],
        "unheard": Class::Unheard.ids().start,
    });
    format!("{meta:#}\n")
}

fn classes() -> Vec<Value> {
    let whole = |(name, classes): &(&str, &[Class])| {
        let row = |class: &Class| range(name, *class, 0, class.ids().len());
        classes.iter().map(row).collect::<Vec<_>>()
    };
    let mut ranges: Vec<Value> = NAMES.iter().flat_map(whole).collect();
    ranges.push(range("drums", Class::Position, 0, 12));
    for (i, part) in PITCHED.into_iter().enumerate() {
        ranges.push(range(part, Class::Position, 12 * (i + 1), 12));
        ranges.push(range(part, Class::Touch, 20 * i, 20));
        ranges.push(range(part, Class::Tie, i, 1));
    }
    ranges.push(range("bass", Class::Bass, 0, Class::Bass.ids().len()));
    ranges
}

/// So many words of a class from a number on.
fn range(name: &str, class: Class, from: usize, count: usize) -> Value {
    let first = usize::from(class.ids().start) + from;
    json!({ "name": name, "first": first, "last": first + count - 1 })
}
