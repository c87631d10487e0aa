//! The size of a block changes nothing that is heard; the same take, rig and seed sound the same: with `Groove`, and
//! with the trained model.

mod show;

use control::render::Job;
use engine::Part;
use show::{difference_db, job, play, play_written, written_job};

#[test]
fn the_block_size_does_not_change_the_music() {
    for (rig, take) in [("medium-swing", "first-take"), ("funk", "push-and-pull")] {
        let whole = play(&Job { block: 64, ..job(rig, take, 20.0) });
        assert!(whole.strikes(Part::Bass).len() > 10);
        for block in [16, 480, 1024, 333] {
            let other = play(&Job { block, ..job(rig, take, 20.0) });
            assert!(other.midi() == whole.midi(), "{rig}: MIDI differs at {block} frames");
            let difference = difference_db(&whole.mix, &other.mix);
            assert!(difference < -90.0, "{rig}: {difference} dBFS at {block} frames");
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_samples_and_another_one_does_not() {
    let take = || job("bossa-nova", "first-take", 15.0);
    let (first, again) = (play(&take()), play(&take()));
    assert!(first.mix == again.mix && first.midi() == again.midi());
    let other = play(&Job { seed: 2, ..take() });
    assert!(other.midi() != first.midi());
}

#[test]
fn the_block_size_does_not_change_the_music_with_a_slow_model_either() {
    let slow = |block| play(&Job { block, model_latency_ms: 300.0, ..job("rock", "first-take", 12.0) });
    assert!(slow(64).midi() == slow(1024).midi());
}

#[test]
fn the_model_plays_the_same_samples_for_the_same_seed_and_others_for_another() {
    let take = || written_job("bossa-nova", "first-take", 12.0);
    let (first, again) = (play_written(&take()), play_written(&take()));
    assert!(first.mix == again.mix && first.midi() == again.midi());
    let other = play_written(&Job { seed: 2, ..take() });
    assert!(other.midi() != first.midi());
}

#[test]
fn the_block_size_does_not_change_what_the_model_plays_however_slow_it_is() {
    for model_latency_ms in [0.0, 300.0] {
        let take = |block| {
            let job = written_job("funk", "push-and-pull", 12.0);
            play_written(&Job { block, model_latency_ms, ..job })
        };
        let whole = take(64);
        assert!(whole.strikes(Part::Drums).len() > 20);
        for block in [16, 1024, 333] {
            let other = take(block);
            assert!(other.midi() == whole.midi(), "{model_latency_ms} ms: MIDI differs at {block} frames");
            let difference = difference_db(&whole.mix, &other.mix);
            assert!(difference < -90.0, "{model_latency_ms} ms: {difference} dBFS at {block} frames");
        }
    }
}
