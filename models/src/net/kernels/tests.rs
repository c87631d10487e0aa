use half::bf16;

use super::curves::{Gate, Softmax};
use super::product::Multiply;
use super::*;

fn random(rng: &mut fastrand::Rng, count: usize) -> Vec<f32> {
    (0..count).map(|_| rng.f32() * 2.0 - 1.0).collect()
}

/// The same work as any processor would do it, and as this one does it by each of its means.
#[allow(unsafe_code, reason = "AVX2 is tested where AVX-512 is at hand")]
fn everywhere(work: impl Fn(fn(Work<'_>)) -> Vec<f32>) -> (Vec<f32>, Vec<Vec<f32>>) {
    let plain = work(|it| it.run::<Plain>());
    #[cfg_attr(not(target_arch = "x86_64"), allow(unused_mut))]
    let mut fast = vec![work(|it| run(it))];
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
        // SAFETY: the processor has both features.
        fast.push(work(|it| unsafe { avx2(it) }));
    }
    (plain, fast)
}

enum Work<'a> {
    F32(Multiply<'a, f32>),
    Bf16(Multiply<'a, bf16>),
    W8(Multiply<'a, i8>),
    Softmax(Softmax<'a>),
    Gate(Gate<'a>),
}

impl Loop for Work<'_> {
    #[inline(always)]
    fn run<P: Processor>(self) {
        match self {
            Work::F32(work) => work.run::<P>(),
            Work::Bf16(work) => work.run::<P>(),
            Work::W8(work) => work.run::<P>(),
            Work::Softmax(work) => work.run::<P>(),
            Work::Gate(work) => work.run::<P>(),
        }
    }
}

fn assert_near(found: &[f32], expected: &[f64], bound: f64) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert!((f64::from(*found) - expected).abs() <= bound * (1.0 + expected.abs()), "{found} {expected}");
    }
}

/// Checks one shape of product in every way, against sums in f64.
fn check_product<T: Number>(
    rng: &mut fastrand::Rng,
    (depth, tiles, count): (usize, usize, usize),
    work: for<'a> fn(Multiply<'a, T>) -> Work<'a>,
) {
    let (stride, outputs) = (depth + 3, tiles * TILE);
    let matrix: Vec<T> = random(rng, outputs * depth).into_iter().map(|x| T::narrow(x * 100.0)).collect();
    let (x, before, factors) =
        (random(rng, count * stride), random(rng, count * outputs), random(rng, outputs));
    let factors = rng.bool().then_some(&factors[..]);
    let exact = |i: usize| {
        let (row, output) = (i / outputs, i % outputs);
        let weight = |k: usize| matrix[(output / TILE * depth + k) * TILE + output % TILE].widen();
        let sum: f64 = (0..depth).map(|k| f64::from(weight(k)) * f64::from(x[row * stride + k])).sum();
        f64::from(before[i]) + sum * f64::from(factors.map_or(1.0, |all| all[output]))
    };
    let exact: Vec<f64> = (0..before.len()).map(exact).collect();
    let (plain, fast) = everywhere(|run| {
        let mut out = before.clone();
        let rows = Rows { numbers: &x, stride, depth, count };
        run(work(Multiply { tiles: &matrix, factors, rows, out: &mut out, stride: outputs }));
        out
    });
    assert_near(&plain, &exact, 1e-4);
    fast.iter().for_each(|fast| assert_near(fast, &exact, 1e-4));
    assert!(fast.iter().all(|one| *one == fast[0]), "AVX2 and AVX-512 differ");
}

#[test]
#[allow(clippy::redundant_closure, reason = "a constructor fits one lifetime alone")]
fn every_way_to_multiply_is_right() {
    let rng = &mut fastrand::Rng::with_seed(1);
    for count in 0..14 {
        let shape = (rng.usize(1..200), rng.usize(1..4), count);
        check_product(rng, shape, |it| Work::F32(it));
        check_product(rng, shape, |it| Work::Bf16(it));
        check_product(rng, shape, |it| Work::W8(it));
    }
}

#[test]
fn a_row_gives_the_same_to_the_bit_whichever_rows_are_beside_it() {
    let rng = &mut fastrand::Rng::with_seed(2);
    let (depth, count) = (100, 13);
    let (tiles, x) = (random(rng, TILE * depth), random(rng, depth * count));
    let product = |first: usize, count: usize| {
        let mut out = vec![0.0; count * TILE];
        let rows = Rows { numbers: &x[first * depth..], stride: depth, depth, count };
        multiply(&tiles, None, rows, &mut out, TILE);
        out
    };
    let all = product(0, count);
    for (row, expected) in all.chunks_exact(TILE).enumerate() {
        assert_eq!(product(row, 1), expected);
    }
}

#[test]
fn softmax_weighs_by_e_and_leaves_out_minus_infinity() {
    let rng = &mut fastrand::Rng::with_seed(3);
    for _ in 0..200 {
        let count = rng.usize(1..80);
        let mut scores: Vec<f32> = random(rng, count).iter().map(|x| x * 60.0).collect();
        let last = scores.len() - 1;
        scores[..last].iter_mut().filter(|_| rng.u8(..) < 40).for_each(|score| *score = f32::NEG_INFINITY);
        let top = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let exact: Vec<f64> = scores.iter().map(|score| f64::from(score - top).exp()).collect();
        let (plain, fast) = everywhere(|run| {
            let (mut out, mut sum) = (scores.clone(), 0.0);
            run(Work::Softmax(Softmax { scores: &mut out, sum: &mut sum }));
            out.push(sum);
            out
        });
        for mut found in [vec![plain], fast].concat() {
            let sum = found.pop().unwrap();
            assert_near(&found, &exact, 1e-6);
            assert_near(&[sum], &[exact.iter().sum()], 1e-6);
            assert!(scores.iter().zip(&found).all(|(score, weight)| score.is_finite() || *weight == 0.0));
        }
    }
}

#[test]
fn the_gate_is_silu_times_up_even_far_out() {
    let rng = &mut fastrand::Rng::with_seed(4);
    let rows: Vec<f32> = random(rng, 4 * 100).iter().map(|x| x * x * x * 200.0).collect();
    let exact = |row: &[f32]| {
        let (gate, up) = row.split_at(50);
        let one =
            |(gate, up): (&f32, &f32)| f64::from(*gate) / (1.0 + (-f64::from(*gate)).exp()) * f64::from(*up);
        gate.iter().zip(up).map(one).collect::<Vec<f64>>()
    };
    let exact: Vec<f64> = rows.chunks_exact(100).flat_map(exact).collect();
    let (plain, fast) = everywhere(|run| {
        let mut out = vec![0.0; 200];
        run(Work::Gate(Gate { rows: &rows, width: 50, out: &mut out }));
        out
    });
    assert_near(&plain, &exact, 1e-5);
    fast.iter().for_each(|fast| assert_near(fast, &exact, 1e-5));
}

#[test]
fn what_is_not_a_number_stays_none() {
    let mut scores = [0.0, f32::NAN, 1.0];
    assert!(softmax(&mut scores).is_nan());
    let mut out = [0.0];
    gate(&[f32::NAN, 1.0], 1, &mut out);
    assert!(out[0].is_nan());
}
