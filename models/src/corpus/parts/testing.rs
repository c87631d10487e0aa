//! Made-up songs.

use std::collections::BTreeMap;

use crate::corpus::song::{Song, Split};

/// A song in 4/4 at 120 with these notes of comp.
pub fn song(set: &str, comp: &[(i64, i64, u8, u8)]) -> Song {
    let mut parts = BTreeMap::new();
    if !comp.is_empty() {
        parts.insert("comp".to_string(), comp.to_vec());
    }
    Song {
        id: format!("{set}:made-up"),
        set: set.into(),
        split: Split::Train,
        licence: String::new(),
        usage: None,
        source: None,
        kind: None,
        style: Vec::new(),
        feel: "straight".into(),
        bpm: Some(120.0),
        meters: vec![(0, 4, 4)],
        downbeats: None,
        key: Vec::new(),
        chords: Vec::new(),
        parts,
        played: false,
    }
}
