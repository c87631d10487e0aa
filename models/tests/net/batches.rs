//! Many streams with one past: each row says what a stream alone would say.

use models::net::{Batch, Cache, NetError, Precision};

use crate::random::{net, tokens};

/// Random rows, restarted now and then, against a stream of their own each.
fn check(past: usize, precision: Precision) {
    let rng = &mut fastrand::Rng::with_seed(past as u64);
    let net = net(precision);
    let mut cache = Cache::new(&net).unwrap();
    cache.append(&tokens(rng, past)).unwrap();
    let mut batch = Batch::new(&cache, 21, 40).unwrap();
    let mut alone: Vec<Cache> = (0..21).map(|_| cache.copy().unwrap()).collect();
    cache.truncate(0);
    cache.append(&tokens(rng, past + 5)).unwrap();
    for _ in 0..30 {
        let rows: Vec<usize> = (0..21).filter(|row| rng.u8(..) < 200 && batch.room(*row) > 1).collect();
        // Some read two tokens at once.
        let twice = |row: usize| std::iter::repeat_n(row, 1 + row % 2);
        let entries: Vec<_> = rows.into_iter().flat_map(twice).map(|row| (row, rng.u16(0..320))).collect();
        let found = batch.step(&entries).unwrap();
        for (logits, (row, token)) in found.chunks_exact(320).zip(&entries) {
            let expected = alone[*row].step(*token).unwrap();
            assert_eq!(logits, expected, "row {row} after {past} tokens in {precision:?}");
        }
        let again = rng.usize(0..21);
        batch.restart(again);
        alone[again].truncate(past);
    }
}

#[test]
fn a_row_is_as_a_stream_alone_to_the_bit() {
    for precision in [Precision::F32, Precision::Bf16, Precision::W8] {
        [0, 1, 63, 64, 100].iter().for_each(|past| check(*past, precision));
    }
}

#[test]
fn a_row_has_the_room_that_was_asked_for_or_what_the_context_leaves() {
    let net = net(Precision::Bf16);
    let mut cache = Cache::new(&net).unwrap();
    cache.append(&tokens(&mut fastrand::Rng::with_seed(1), 180)).unwrap();
    assert_eq!(Batch::new(&cache, 2, 5).unwrap().room(1), 5);
    let mut batch = Batch::new(&cache, 2, 50).unwrap();
    assert_eq!((batch.rows(), batch.room(0), batch.room(2)), (2, 12, 0));
    batch.step(&[(0, 1); 12]).unwrap();
    assert!(matches!(batch.step(&[(1, 1), (0, 1)]), Err(NetError::Full { .. })));
    assert!(matches!(
        batch.step(&[(1, 1), (2, 1)]),
        Err(NetError::Unknown { what: "row", given: 2, count: 2 })
    ));
    assert!(matches!(batch.step(&[(1, 320)]), Err(NetError::Unknown { what: "token", .. })));
    assert_eq!((batch.room(0), batch.room(1)), (0, 12));
    assert!(batch.step(&[]).unwrap().is_empty());
}
