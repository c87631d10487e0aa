//! Draws the next token.

use std::cmp::Ordering;

use super::Mask;

/// How many candidates are sorted at first, to find those that make up `top_p`.
const FIRST: usize = 32;

/// How boldly tokens are drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sampler {
    /// Above 1 flattens, below 1 sharpens; 0 takes the likeliest.
    pub temperature: f32,
    /// Only the likeliest tokens that together have this probability are drawn from, 0..=1.
    pub top_p: f32,
    /// How much a penalty weighs, 0 and up.
    pub repetition: f32,
}

impl Default for Sampler {
    fn default() -> Self {
        Sampler { temperature: 1.0, top_p: 0.95, repetition: 0.0 }
    }
}

#[derive(Clone, Copy)]
struct Candidate {
    token: u16,
    /// Its probability, times any constant.
    weight: f32,
}

impl Candidate {
    fn likelier_first(&self, other: &Self) -> Ordering {
        other.weight.total_cmp(&self.weight).then(self.token.cmp(&other.token))
    }
}

impl Sampler {
    /// The guard against repetition: takes `repetition` times each token's penalty from its logit.
    pub fn penalise(&self, logits: &mut [f32], penalties: &[f32]) {
        for (logit, penalty) in logits.iter_mut().zip(penalties) {
            *logit -= self.repetition * penalty;
        }
    }

    /// Draws one of the allowed tokens. With it comes the natural logarithm of its probability among the allowed,
    /// before temperature and `top_p`.
    ///
    /// `None` if no token is allowed, or if the logits of the allowed are not finite. A logit of minus infinity is
    /// one that is never drawn.
    pub fn draw(&self, logits: &[f32], allowed: &Mask, rng: &mut fastrand::Rng) -> Option<(u16, f32)> {
        let mut room = [Candidate { token: 0, weight: 0.0 }; Mask::SIZE];
        let all = gather(logits, allowed, &mut room);
        let top = all.iter().min_by(|a, b| a.likelier_first(b))?.weight;
        let whole: f32 = all.iter().map(|one| (one.weight - top).exp()).sum();
        if !top.is_finite() || !whole.is_finite() {
            return None;
        }
        let token = if self.temperature > 0.0 {
            all.iter_mut().for_each(|one| one.weight = ((one.weight - top) / self.temperature).exp());
            pick(nucleus(all, self.top_p), rng)?
        } else {
            all.iter().find(|one| one.weight == top)?.token
        };
        Some((token, logits.get(usize::from(token))? - top - whole.ln()))
    }
}

/// The allowed tokens with their logits as weights, in ascending order.
fn gather<'a>(logits: &[f32], allowed: &Mask, room: &'a mut [Candidate]) -> &'a mut [Candidate] {
    let mut count = 0;
    for token in allowed.iter() {
        let (Some(logit), Some(place)) = (logits.get(usize::from(token)), room.get_mut(count)) else { break };
        *place = Candidate { token, weight: *logit };
        count += 1;
    }
    &mut room[..count]
}

/// The fewest of the likeliest that together weigh at least `top_p` of all. Sorts no more of them than it must.
fn nucleus(all: &mut [Candidate], top_p: f32) -> &[Candidate] {
    if top_p >= 1.0 {
        return all;
    }
    let enough = top_p * weigh(all);
    let mut sorted = FIRST;
    loop {
        sorted = sorted.min(all.len());
        if sorted < all.len() {
            all.select_nth_unstable_by(sorted, Candidate::likelier_first);
        }
        let likeliest = &mut all[..sorted];
        likeliest.sort_unstable_by(Candidate::likelier_first);
        let mut sum = 0.0;
        let reached = likeliest.iter().position(|one| {
            sum += one.weight;
            sum >= enough
        });
        match reached {
            Some(last) => return &all[..=last],
            None if sorted == all.len() => return all,
            None => sorted *= 4,
        }
    }
}

fn weigh(candidates: &[Candidate]) -> f32 {
    candidates.iter().map(|one| one.weight).sum()
}

/// One of the candidates, by weight. One that weighs nothing is never picked.
fn pick(candidates: &[Candidate], rng: &mut fastrand::Rng) -> Option<u16> {
    let mut left = rng.f32() * weigh(candidates);
    let drawn = candidates.iter().find(|one| {
        left -= one.weight;
        left < 0.0
    });
    // Rounding may leave a little over.
    drawn.or_else(|| candidates.iter().rfind(|one| one.weight > 0.0)).map(|one| one.token)
}

#[cfg(test)]
mod tests;
