//! Many variations side by side: rows of a batch that share what stands before them.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use super::row::{Drawn, Row};
use super::sheet::Sheet;
use crate::accompanist::ModelError;
use crate::net::{Batch, Cache, Sampler};

/// Where variations are drawn.
pub struct Desk<'a> {
    /// What they have in common.
    pub sheet: &'a Sheet,
    /// What the network has read of it.
    pub cache: &'a Cache,
    /// How boldly they are drawn.
    pub sampler: Sampler,
    /// Their chance.
    pub seed: u64,
    /// Rows of a batch; changes nothing but the time.
    pub rows: usize,
}

/// Some variations, in the order of their numbers, and how many tokens the network has read for them.
#[derive(Debug, Default)]
pub struct Pile {
    /// What was drawn.
    pub drawn: Vec<Drawn>,
    /// Tokens, drawn and given.
    pub tokens: u64,
}

impl Desk<'_> {
    /// Draws the variations with these numbers, on as many threads as there are cores, each with a batch of its own.
    pub fn draw(&self, indices: Range<u64>) -> Result<Pile, ModelError> {
        let count = indices.end.saturating_sub(indices.start) as usize;
        let threads = thread::available_parallelism().map_or(1, usize::from).min(count.div_ceil(self.rows));
        let rows = self.rows.min(count.div_ceil(threads.max(1)));
        let next = AtomicU64::new(indices.start);
        let take = || Some(next.fetch_add(1, Ordering::Relaxed)).filter(|index| *index < indices.end);
        let piles: Vec<Result<Pile, ModelError>> = thread::scope(|scope| {
            let workers: Vec<_> = (0..threads).map(|_| scope.spawn(|| self.work(rows, &take))).collect();
            let panicked = |_| Err(ModelError::Inference("a thread of it panicked".into()));
            workers.into_iter().map(|worker| worker.join().unwrap_or_else(panicked)).collect()
        });
        let mut all = Pile::default();
        for pile in piles {
            let Pile { drawn, tokens } = pile?;
            all.drawn.extend(drawn);
            all.tokens += tokens;
        }
        all.drawn.sort_by_key(|drawn| drawn.index);
        Ok(all)
    }

    /// Draws one variation after the other in each row, until `take` has no more.
    fn work(&self, rows: usize, take: &impl Fn() -> Option<u64>) -> Result<Pile, ModelError> {
        let vocabulary = self.cache.net().config().vocabulary;
        let mut batch = Batch::new(self.cache, rows, self.sheet.room())?;
        let begin = || take().map(|index| Row::new(self.sheet, self.seed, index)).transpose();
        let mut seats = (0..rows).map(|_| begin()).collect::<Result<Vec<_>, _>>()?;
        let (mut pile, mut logits) = (Pile::default(), vec![0.0; vocabulary]);
        loop {
            let entries = entries(&seats);
            if entries.is_empty() {
                return Ok(pile);
            }
            pile.tokens += entries.len() as u64;
            let mut said = batch.step(&entries)?;
            let mut done = Vec::new();
            for (place, seat) in seats.iter_mut().enumerate() {
                let Some(row) = seat else { continue };
                let (own, others) = said.split_at(row.pending.len() * vocabulary);
                said = others;
                logits.copy_from_slice(&own[own.len() - vocabulary..]);
                if let Some(drawn) = row.go_on(self.sheet, &self.sampler, &mut logits)? {
                    pile.drawn.push(drawn);
                    *seat = begin()?;
                    done.push(place);
                }
            }
            done.into_iter().for_each(|place| batch.restart(place));
        }
    }
}

/// The words that the rows wait for.
fn entries(seats: &[Option<Row>]) -> Vec<(usize, u16)> {
    let rows = seats.iter().enumerate().filter_map(|(place, seat)| Some((place, seat.as_ref()?)));
    rows.flat_map(|(place, row)| row.pending.iter().map(move |token| (place, *token))).collect()
}
