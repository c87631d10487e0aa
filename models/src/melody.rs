//! The tables of melody mode, counted in the corpus, and how well it does on songs that it has not seen.
//! No part of the product.

mod count;
mod judge;
mod sheet;

pub use count::{Counts, styles};
pub use judge::{Judged, Protocol, bearing, judge, pushed, recovery};
pub use sheet::{Pulse, Sheet, Twelfth, sheets};
