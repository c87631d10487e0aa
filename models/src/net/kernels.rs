//! The loops that take the time, for one core: products with tiles, softmax, and the gate.
//!
//! Each is plain Rust, compiled three times: for any processor, for AVX2 with FMA, and for AVX-512; which one runs is
//! found out at run time. Sums are taken in one order however many rows there are and however wide the registers, so
//! that AVX2 and AVX-512 agree to the bit, and so do one pass, many steps, and a row of a batch.

mod curves;
mod product;

use half::bf16;

pub(super) use curves::{gate, softmax};
pub(super) use product::{Rows, multiply};

/// Outputs that lie side by side: a matrix `[out, in]` is held as `[out / 64][in][64]`, one stream from front to back.
pub(super) const TILE: usize = 64;

/// How a weight is held.
pub(super) trait Number: Copy {
    fn widen(self) -> f32;
    fn narrow(x: f32) -> Self;
}

impl Number for f32 {
    #[inline(always)]
    fn widen(self) -> f32 {
        self
    }

    #[inline(always)]
    fn narrow(x: f32) -> f32 {
        x
    }
}

impl Number for bf16 {
    /// The upper half of an f32; without the care for signalling NaN that would keep it out of registers.
    #[inline(always)]
    fn widen(self) -> f32 {
        f32::from_bits(u32::from(self.to_bits()) << 16)
    }

    #[inline(always)]
    fn narrow(x: f32) -> bf16 {
        bf16::from_f32(x)
    }
}

impl Number for i8 {
    #[inline(always)]
    fn widen(self) -> f32 {
        f32::from(self)
    }

    /// The nearest, which saturates.
    #[inline(always)]
    fn narrow(x: f32) -> i8 {
        x.round_ties_even() as i8
    }
}

/// A loop, to be compiled for each kind of processor.
trait Loop {
    /// Must be `#[inline(always)]`, and so must be all that it calls, to be compiled for the caller's processor.
    fn run<P: Processor>(self);
}

trait Processor {
    /// Whether a product and a sum are one instruction. If not, `mul_add` is a call into the C library.
    const FUSED: bool;
    /// Whether it has 32 registers of 16 numbers. If not, 16 registers of 8 or fewer.
    const WIDE: bool;

    #[inline(always)]
    fn mul_add(a: f32, b: f32, c: f32) -> f32 {
        if Self::FUSED { a.mul_add(b, c) } else { a * b + c }
    }
}

struct Plain;
#[cfg(target_arch = "x86_64")]
struct Avx2;
#[cfg(target_arch = "x86_64")]
struct Avx512;

impl Processor for Plain {
    const FUSED: bool = cfg!(target_arch = "aarch64");
    const WIDE: bool = false;
}

#[cfg(target_arch = "x86_64")]
impl Processor for Avx2 {
    const FUSED: bool = true;
    const WIDE: bool = false;
}

#[cfg(target_arch = "x86_64")]
impl Processor for Avx512 {
    const FUSED: bool = true;
    const WIDE: bool = true;
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn avx2(work: impl Loop) {
    work.run::<Avx2>();
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx2,fma")]
fn avx512(work: impl Loop) {
    work.run::<Avx512>();
}

/// The one place that is unsafe: it calls what only some processors can do.
#[allow(unsafe_code)]
fn run(work: impl Loop) {
    #[cfg(target_arch = "x86_64")]
    {
        let narrow = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
        if narrow && is_x86_feature_detected!("avx512f") {
            // SAFETY: the processor has all three features.
            return unsafe { avx512(work) };
        }
        if narrow {
            // SAFETY: the processor has both features.
            return unsafe { avx2(work) };
        }
    }
    work.run::<Plain>();
}

#[cfg(test)]
mod tests;
