use super::*;

const BOLD: Sampler = Sampler { temperature: 1.0, top_p: 1.0, repetition: 0.0 };

fn logits(rng: &mut fastrand::Rng) -> Vec<f32> {
    (0..Mask::SIZE).map(|_| (rng.f32() - 0.5) * 12.0).collect()
}

fn some(rng: &mut fastrand::Rng) -> Mask {
    let (share, one) = (rng.f32() * rng.f32(), rng.u16(0..Mask::SIZE as u16));
    (0..Mask::SIZE as u16).filter(|token| rng.f32() < share || *token == one).collect()
}

fn any(rng: &mut fastrand::Rng) -> Sampler {
    Sampler { temperature: rng.f32() * 2.0, top_p: rng.f32(), repetition: 0.0 }
}

/// Probabilities of all tokens at a temperature of 1.
fn softmax(logits: &[f32], allowed: &Mask) -> Vec<f64> {
    let weight = |(token, logit): (usize, &f32)| {
        if allowed.contains(token as u16) { f64::from(*logit).exp() } else { 0.0 }
    };
    let weights: Vec<f64> = logits.iter().enumerate().map(weight).collect();
    let sum: f64 = weights.iter().sum();
    weights.iter().map(|weight| weight / sum).collect()
}

#[test]
fn a_forbidden_token_is_never_drawn() {
    let rng = &mut fastrand::Rng::with_seed(2);
    for _ in 0..2000 {
        let (logits, allowed) = (logits(rng), some(rng));
        let (token, _) = any(rng).draw(&logits, &allowed, rng).unwrap();
        assert!(allowed.contains(token), "{token} of {allowed:?}");
    }
}

#[test]
fn one_seed_draws_one_sequence() {
    let sequence = |seed| {
        let rng = &mut fastrand::Rng::with_seed(seed);
        let logits = logits(&mut fastrand::Rng::with_seed(0));
        let draws: Vec<_> = (0..100).map(|_| BOLD.draw(&logits, &Mask::ALL, rng)).collect();
        draws
    };
    assert_eq!(sequence(5), sequence(5));
    assert_ne!(sequence(5), sequence(6));
}

#[test]
fn what_is_drawn_comes_with_its_probability_among_the_allowed() {
    let rng = &mut fastrand::Rng::with_seed(3);
    for _ in 0..500 {
        let (logits, allowed) = (logits(rng), some(rng));
        let (token, logprob) = any(rng).draw(&logits, &allowed, rng).unwrap();
        let exact = softmax(&logits, &allowed)[usize::from(token)].ln();
        assert!((f64::from(logprob) - exact).abs() < 1e-3, "{logprob} {exact}");
    }
}

#[test]
fn tokens_are_drawn_as_often_as_they_are_likely() {
    let rng = &mut fastrand::Rng::with_seed(4);
    let logits: Vec<f32> = [0.5, 0.2, 0.2, 0.1].iter().map(|p: &f32| p.ln()).collect();
    let mut counts = [0_i32; 4];
    for _ in 0..20_000 {
        counts[usize::from(BOLD.draw(&logits, &Mask::ALL, rng).unwrap().0)] += 1;
    }
    for (count, expected) in counts.iter().zip([10_000, 4000, 4000, 2000]) {
        assert!((count - expected).abs() < 300, "{counts:?}");
    }
}

#[test]
fn the_nucleus_is_the_fewest_of_the_likeliest_that_reach_top_p() {
    let rng = &mut fastrand::Rng::with_seed(5);
    for _ in 0..500 {
        let (logits, allowed, top_p) = (logits(rng), some(rng), rng.f32());
        let chances = softmax(&logits, &allowed);
        let mut room = [Candidate { token: 0, weight: 0.0 }; Mask::SIZE];
        let all = gather(&logits, &allowed, &mut room);
        all.iter_mut().for_each(|one| one.weight = one.weight.exp());
        let kept: Mask = nucleus(all, top_p).iter().map(|one| one.token).collect();
        let least = kept.iter().map(|token| chances[usize::from(token)]).fold(1.0, f64::min);
        let sum: f64 = kept.iter().map(|token| chances[usize::from(token)]).sum();
        assert!(sum > f64::from(top_p) - 1e-4, "too few: {sum} of {top_p}");
        assert!(sum - least < f64::from(top_p) + 1e-4, "too many: {sum} of {top_p}");
        let dropped = allowed.without(&kept);
        assert!(dropped.iter().all(|token| chances[usize::from(token)] <= least));
    }
}

#[test]
fn no_temperature_takes_the_likeliest_of_the_allowed() {
    let rng = &mut fastrand::Rng::with_seed(6);
    let cold = Sampler { temperature: 0.0, ..BOLD };
    for _ in 0..200 {
        let (logits, allowed) = (logits(rng), some(rng));
        let likeliest = allowed.iter().max_by(|a, b| logits[*a as usize].total_cmp(&logits[*b as usize]));
        assert_eq!(cold.draw(&logits, &allowed, rng).map(|drawn| drawn.0), likeliest);
    }
}

#[test]
fn a_penalty_makes_a_token_rarer() {
    let mut logits = vec![0.0; 2];
    Sampler { repetition: 2.0, ..BOLD }.penalise(&mut logits, &[1.5, 0.0]);
    assert_eq!(logits, [-3.0, 0.0]);
}

#[test]
fn nothing_is_drawn_from_nothing_or_from_what_is_not_a_number() {
    let rng = &mut fastrand::Rng::with_seed(7);
    assert_eq!(BOLD.draw(&[0.0; 8], &Mask::NONE, rng), None);
    assert_eq!(BOLD.draw(&[0.0; 8], &Mask::one(9), rng), None);
    for strange in [f32::NAN, f32::INFINITY] {
        assert_eq!(BOLD.draw(&[strange; 8], &Mask::ALL, rng), None);
    }
    assert_eq!(BOLD.draw(&[f32::NEG_INFINITY; 8], &Mask::ALL, rng), None);
    let last = [f32::NEG_INFINITY, f32::NEG_INFINITY, 0.0];
    for _ in 0..100 {
        assert_eq!(BOLD.draw(&last, &Mask::ALL, rng), Some((2, 0.0)));
    }
}
