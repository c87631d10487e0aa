//! What every back end calls: renders a block, measures it, and writes it as the device wants it. Runs on the audio thread.

use std::fmt;
use std::sync::mpsc::Sender;
use std::time::Instant;

use super::Shared;
use crate::Frame;
use crate::audio::Renderer;

/// Makes sound.
pub trait Render: Send {
    /// Renders interleaved stereo into all of `out`.
    ///
    /// Thread: audio. Real-time: yes.
    fn render(&mut self, out: &mut [f32]);

    /// Frames per second.
    fn rate(&self) -> u32;

    /// Told before a block is rendered that is longer than all before it on this device: what arrives while one
    /// block plays can sound so many frames later at the earliest.
    ///
    /// Thread: audio. Real-time: yes.
    fn set_block(&mut self, frames: usize);
}

impl Render for Renderer {
    fn render(&mut self, out: &mut [f32]) {
        Renderer::render(self, out);
    }

    fn rate(&self) -> u32 {
        Renderer::rate(self)
    }

    fn set_block(&mut self, frames: usize) {
        self.set_latency(frames as Frame);
    }
}

/// Frames that are rendered at once; a longer block is made in pieces.
const PIECE: usize = 4096;

/// A renderer on its way through the back ends.
pub(super) struct Player {
    renderer: Box<dyn Render>,
    shared: Shared,
    rate: f64,
    frame: Frame,
    /// The longest block on this device, in frames.
    longest: usize,
    stereo: Box<[f32]>,
}

impl Player {
    pub(super) fn new(renderer: Box<dyn Render>, shared: Shared) -> Box<Player> {
        let rate = f64::from(renderer.rate());
        Box::new(Player { renderer, shared, rate, frame: 0, longest: 0, stereo: vec![0.0; 2 * PIECE].into() })
    }

    /// Fills a block of interleaved frames of `channels`: stereo goes to the first two, the others are silent,
    /// and one alone gets both.
    ///
    /// Thread: audio. Real-time: yes.
    pub(super) fn block<T: Copy>(&mut self, out: &mut [T], channels: usize, sample: impl Fn(f32) -> T) {
        let started = Instant::now();
        self.shared.clock.publish(self.frame, started);
        let channels = channels.max(1);
        let frames = out.len() / channels;
        if frames > self.longest {
            self.longest = frames;
            self.renderer.set_block(frames);
        }
        for piece in out.chunks_mut(PIECE * channels) {
            let stereo = &mut self.stereo[..2 * (piece.len() / channels)];
            self.renderer.render(stereo);
            spread(stereo, piece, channels, &sample);
        }
        self.frame += frames as Frame;
        self.shared.stats.callbacks.add(1);
        if frames > 0 {
            let share = started.elapsed().as_secs_f64() * self.rate / frames as f64;
            self.shared.stats.load.record(share * 1000.0);
        }
    }
}

impl fmt::Debug for Player {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Player").field("frame", &self.frame).finish_non_exhaustive()
    }
}

/// Writes stereo to as many channels as the device has.
fn spread<T: Copy>(stereo: &[f32], out: &mut [T], channels: usize, sample: impl Fn(f32) -> T) {
    for (frame, from) in out.chunks_exact_mut(channels).zip(stereo.as_chunks::<2>().0) {
        match frame {
            [mono] => *mono = sample(0.5 * (from[0] + from[1])),
            [left, right, others @ ..] => {
                (*left, *right) = (sample(from[0]), sample(from[1]));
                others.fill(sample(0.0));
            }
            [] => {}
        }
    }
}

/// A player that has been lent to a back end, and goes home when the back end drops it.
#[derive(Debug)]
pub(super) struct Lent {
    player: Option<Box<Player>>,
    home: Sender<Box<Player>>,
}

impl Lent {
    pub(super) fn new(mut player: Box<Player>, home: Sender<Box<Player>>) -> Lent {
        player.longest = 0;
        Lent { player: Some(player), home }
    }

    /// See [`Player::block`].
    pub(super) fn block<T: Copy>(&mut self, out: &mut [T], channels: usize, sample: impl Fn(f32) -> T) {
        if let Some(player) = &mut self.player {
            player.block(out, channels, sample);
        }
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(player) = self.player.take() {
            // Where the owner is gone, the player is not needed either.
            let _ = self.home.send(player);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, mpsc};

    use super::*;
    use crate::{FrameClock, Stats};

    /// Left counts frames up, right counts them down.
    struct Ramp(f32);

    impl Render for Ramp {
        fn render(&mut self, out: &mut [f32]) {
            for frame in out.chunks_exact_mut(2) {
                frame.copy_from_slice(&[self.0, -self.0]);
                self.0 += 1.0;
            }
        }

        fn rate(&self) -> u32 {
            48_000
        }

        fn set_block(&mut self, _: usize) {}
    }

    fn player() -> (Box<Player>, Shared) {
        let shared = Shared { clock: Arc::new(FrameClock::new(48_000)), stats: Arc::new(Stats::default()) };
        (Player::new(Box::new(Ramp(0.0)), shared.clone()), shared)
    }

    #[test]
    fn stereo_goes_to_the_first_two_channels_and_mono_gets_both() {
        let (mut player, _) = player();
        let (mut mono, mut six) = ([9.0; 3], [9.0; 12]);
        player.block(&mut six, 6, |x| x);
        player.block(&mut mono, 1, |x| x + 0.5);
        assert_eq!(six, [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, -1.0, 0.0, 0.0, 0.0, 0.0]);
        assert_eq!(mono, [0.5; 3]);
    }

    #[test]
    fn a_block_longer_than_a_piece_is_whole_and_counted_once() {
        let (mut player, shared) = player();
        let mut out = vec![0; 2 * (PIECE + 100)];
        player.block(&mut out, 2, |x| x as i32);
        assert!(out.chunks(2).enumerate().all(|(i, frame)| frame == [i as i32, -(i as i32)]));
        assert_eq!(shared.stats.callbacks.get(), 1);
        assert_eq!(player.frame, PIECE as Frame + 100);
    }

    #[test]
    fn a_lent_player_comes_home_with_its_place() {
        let (home, returned) = mpsc::channel();
        let mut lent = Lent::new(player().0, home);
        lent.block(&mut [0.0; 64], 2, |x| x);
        drop(lent);
        assert_eq!(returned.try_recv().map(|player| player.frame), Ok(32));
    }
}
