//! What was measured from drummers: `drums.csv` and `wander.csv`, which `feel_table` writes.

use std::fmt::Debug;
use std::sync::LazyLock;

use super::cell::{Energy, Group, Kind, Piece, Place};

static TABLE: LazyLock<Table> =
    LazyLock::new(|| Table::read(include_str!("drums.csv"), include_str!("wander.csv")).unwrap_or_default());

/// The feel of a stroke.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Feel {
    /// Milliseconds behind the grid.
    pub late: f32,
    /// Deviation in milliseconds, beside the wander.
    pub scatter: f32,
    /// Velocity against the same piece on the beat, in a soft, medium and loud take.
    pub accent: [f32; Energy::ALL.len()],
    /// Deviation of the velocity.
    pub touch: f32,
}

/// How the drummers of a group wander around the beat.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Wander {
    /// Deviation in milliseconds.
    pub ms: f32,
    /// What is left of it after a beat.
    pub hold: f32,
}

/// How strokes of a kind feel.
pub fn feel(kind: Kind) -> Feel {
    TABLE.feel[kind.group as usize][kind.piece as usize][kind.place as usize]
}

/// How the drummers of a group wander.
pub fn wander(group: Group) -> Wander {
    TABLE.wander[group as usize]
}

#[derive(Debug, Default)]
struct Table {
    feel: [[[Feel; Place::ALL.len()]; Piece::ALL.len()]; Group::ALL.len()],
    wander: [Wander; Group::ALL.len()],
}

impl Table {
    /// The rows of both tables; none if one of them is no row.
    fn read(drums: &str, wander: &str) -> Option<Table> {
        let mut table = Table::default();
        for row in rows(drums) {
            let [group, piece, place, _takes, _strokes, late, scatter, soft, medium, loud, touch] = row[..]
            else {
                return None;
            };
            let [late, scatter, touch] = numbers([late, scatter, touch])?;
            let accent = numbers([soft, medium, loud])?;
            let cell = &mut table.feel[index(&Group::ALL, group)?][index(&Piece::ALL, piece)?];
            cell[index(&Place::ALL, place)?] = Feel { late, scatter, accent, touch };
        }
        for row in rows(wander) {
            let [group, _takes, ms, hold] = row[..] else { return None };
            let [ms, hold] = numbers([ms, hold])?;
            table.wander[index(&Group::ALL, group)?] = Wander { ms, hold };
        }
        Some(table)
    }
}

/// The rows below the remarks and the names of the columns.
fn rows(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines().filter(|line| !line.starts_with('#')).skip(1).map(|line| line.split(',').collect())
}

fn numbers<const N: usize>(texts: [&str; N]) -> Option<[f32; N]> {
    let mut numbers = [0.0; N];
    for (number, text) in numbers.iter_mut().zip(texts) {
        *number = text.parse().ok()?;
    }
    Some(numbers)
}

/// The place of a name among its kind.
fn index<T: Debug>(all: &[T], name: &str) -> Option<usize> {
    all.iter().position(|one| format!("{one:?}") == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_case_is_measured() {
        let (drums, wander) = (include_str!("drums.csv"), include_str!("wander.csv"));
        let table = Table::read(drums, wander).unwrap();
        assert!(table.wander.iter().all(|wander| wander.ms > 0.0 && (0.0..1.0).contains(&wander.hold)));
        assert!(table.feel.iter().flatten().flatten().all(|feel| feel.scatter > 0.0 && feel.touch > 0.0));
        assert_eq!(rows(drums).count(), Group::ALL.len() * Piece::ALL.len() * Place::ALL.len());
    }

    #[test]
    fn a_row_that_is_no_row_is_refused() {
        let (drums, wander) = (include_str!("drums.csv"), include_str!("wander.csv"));
        assert!(Table::read(&drums.replacen("Rock,Kick", "Rock,Cake", 1), wander).is_none());
        assert!(Table::read(drums, &wander.replacen("0.", "a.", 1)).is_none());
    }
}
