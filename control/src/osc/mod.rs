//! OSC: any tablet, patch or script plays the band over UDP.
//!
//! [`Server`] receives; `guard` refuses what could hurt the decoder; `packet` decodes; [`Table`] says what each
//! address means; `coerce` reads its arguments; what comes out goes to a [`Sink`], as from any performer.

mod action;
mod coerce;
mod guard;
mod limiter;
mod packet;
mod rows;
mod server;
mod session;
mod sink;
mod table;

pub use server::{DEFAULT_ADDR, OscError, Server};
pub use session::Counts;
pub use sink::{Command, Remote, Sink};
pub use table::{Kind, PREFIX, Row, Table, Target};
