//! One stream: however it is read, it says the same, and what the reference says.

use models::net::{Cache, NetError, Precision, reference};

use crate::random::{config, net, tokens, weights};

const ALL: [Precision; 3] = [Precision::F32, Precision::Bf16, Precision::W8];

/// The logits after each token, a step at a time.
fn steps(cache: &mut Cache, tokens: &[u16]) -> Vec<Vec<f32>> {
    tokens.iter().map(|token| cache.step(*token).unwrap().to_vec()).collect()
}

/// The root mean square of the difference, as a share of that of what is expected.
fn difference(found: &[Vec<f32>], expected: &[Vec<f32>]) -> f32 {
    let square = |x: f32| x * x;
    let pairs = || found.iter().flatten().zip(expected.iter().flatten());
    let error: f32 = pairs().map(|(found, expected)| square(found - expected)).sum();
    let size: f32 = pairs().map(|(_, expected)| square(*expected)).sum();
    (error / size).sqrt()
}

#[test]
fn steps_in_f32_equal_one_pass_of_the_reference() {
    let tokens = tokens(&mut fastrand::Rng::with_seed(1), 192);
    let found = steps(&mut Cache::new(&net(Precision::F32)).unwrap(), &tokens);
    let expected = reference(&weights(), &tokens).unwrap();
    for (found, expected) in found.iter().flatten().zip(expected.iter().flatten()) {
        assert!((found - expected).abs() < 1e-4, "{found} {expected}");
    }
}

#[test]
fn fewer_bytes_a_weight_cost_little() {
    let tokens = tokens(&mut fastrand::Rng::with_seed(2), 192);
    let expected = reference(&weights(), &tokens).unwrap();
    let cost = |precision| difference(&steps(&mut Cache::new(&net(precision)).unwrap(), &tokens), &expected);
    let [exact, bf16, w8] = ALL.map(cost);
    assert!(exact < 1e-5, "{exact}");
    assert!(bf16 < 0.015, "{bf16}");
    assert!(w8 < 0.04, "{w8}");
    assert!(bf16 > exact && w8 > bf16, "{bf16} {w8}");
}

#[test]
fn to_append_equals_steps_to_the_bit() {
    let rng = &mut fastrand::Rng::with_seed(3);
    let tokens = tokens(rng, 192);
    for precision in ALL {
        let net = net(precision);
        let expected = steps(&mut Cache::new(&net).unwrap(), &tokens);
        for _ in 0..4 {
            let mut cache = Cache::new(&net).unwrap();
            while cache.room() > 0 {
                let len = cache.len();
                let count = rng.usize(1..=cache.room().min(60));
                assert_eq!(
                    cache.append(&tokens[len..len + count]).unwrap(),
                    expected[len + count - 1],
                    "{precision:?}"
                );
            }
        }
        let mut cache = Cache::new(&net).unwrap();
        assert_eq!(cache.prefill(&tokens).unwrap(), expected[191], "{precision:?}");
    }
}

#[test]
fn to_truncate_and_go_on_is_never_to_have_written() {
    let rng = &mut fastrand::Rng::with_seed(4);
    let net = net(Precision::Bf16);
    let tokens = tokens(rng, 192);
    let expected = steps(&mut Cache::new(&net).unwrap(), &tokens);
    let mut cache = Cache::new(&net).unwrap();
    for _ in 0..20 {
        let len = rng.usize(0..=cache.len());
        cache.truncate(len);
        let right = rng.usize(0..=(cache.room() - 1).min(40));
        let wrong = crate::random::tokens(rng, (cache.room() - right).min(30));
        if right > 0 {
            assert_eq!(cache.append(&tokens[len..len + right]).unwrap(), expected[len + right - 1]);
        }
        cache.append(&wrong).unwrap();
        cache.truncate(len + right);
    }
}

#[test]
fn a_copy_goes_its_own_way() {
    let rng = &mut fastrand::Rng::with_seed(5);
    let net = net(Precision::Bf16);
    let (past, one, other) = (tokens(rng, 70), tokens(rng, 9), tokens(rng, 9));
    let alone =
        |future: &[u16]| Cache::new(&net).unwrap().append(&[&past, future].concat()).unwrap().to_vec();
    let mut first = Cache::new(&net).unwrap();
    let after_past = first.append(&past).unwrap().to_vec();
    let mut second = first.copy().unwrap();
    assert_eq!(second.append(&[]).unwrap(), after_past);
    assert_eq!(first.append(&one).unwrap(), alone(&one));
    assert_eq!(second.append(&other).unwrap(), alone(&other));
}

#[test]
fn the_score_is_the_probability_of_what_came() {
    let tokens = tokens(&mut fastrand::Rng::with_seed(6), 150);
    let net = net(Precision::F32);
    let mut cache = Cache::new(&net).unwrap();
    let scores = cache.score(&tokens).unwrap();
    assert_eq!(scores.len(), 149);
    let expected = steps(&mut Cache::new(&net).unwrap(), &tokens);
    for ((score, logits), token) in scores.iter().zip(&expected).zip(&tokens[1..]) {
        let sum: f64 = logits.iter().map(|logit| f64::from(*logit).exp()).sum();
        let exact = f64::from(logits[usize::from(*token)]) - sum.ln();
        assert!((f64::from(*score) - exact).abs() < 1e-4, "{score} {exact}");
    }
    assert_eq!(cache.append(&[]).unwrap(), expected[149]);
}

#[test]
fn what_does_not_fit_is_refused_and_changes_nothing() {
    let rng = &mut fastrand::Rng::with_seed(7);
    let mut cache = Cache::new(&net(Precision::Bf16)).unwrap();
    let before = cache.append(&tokens(rng, 190)).unwrap().to_vec();
    assert!(matches!(cache.append(&[1, 2, 3]), Err(NetError::Full { given: 3, room: 2 })));
    assert!(matches!(
        cache.append(&[1, 320]),
        Err(NetError::Unknown { what: "token", given: 320, count: 320 })
    ));
    assert_eq!((cache.len(), cache.room()), (190, 2));
    assert_eq!(cache.append(&[]).unwrap(), before);
    assert!(cache.append(&[1, 2]).is_ok());
    assert!(matches!(cache.step(0), Err(NetError::Full { given: 1, room: 0 })));
    assert!(reference(&weights(), &[320]).is_err());
    assert!(reference(&weights(), &tokens(rng, config().context + 1)).is_err());
    assert!(reference(&weights(), &[]).is_err());
}

#[test]
fn streams_of_one_network_run_on_any_threads() {
    let net = net(Precision::W8);
    let run = |seed| {
        let tokens = tokens(&mut fastrand::Rng::with_seed(seed), 60);
        steps(&mut Cache::new(&net).unwrap(), &tokens)
    };
    let alone = [8, 9].map(run);
    let beside = std::thread::scope(|scope| {
        [8, 9].map(|seed| scope.spawn(move || run(seed))).map(|it| it.join().unwrap())
    });
    assert_eq!(alone, beside);
}
