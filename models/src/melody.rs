//! The tables of melody mode, counted in the corpus, and how well it does on songs that it has not seen.
//! No part of the product.

mod count;
mod judge;
mod prompter;
mod sheet;
mod table;

pub use count::{Counts, styles};
pub use judge::{Judged, Protocol, bearing, judge, pushed, recovery};
pub use prompter::{Band, Insider, Nobody, Prompter};
pub use sheet::{Pulse, Sheet, Twelfth, sheets};
pub use table::{HEAD, SUNG, row, style_of_set, sung};
