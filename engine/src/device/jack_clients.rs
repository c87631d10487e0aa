//! The clients of JACK that this program has beside its device: after the server's death all leave before one comes
//! back.
//!
//! Where a client is opened after the server has died, libjack destroys all others of the process, and whoever still
//! uses one of them crashes.
#![expect(
    clippy::disallowed_types,
    reason = "off the audio thread: taken when a client comes, goes or is looked for"
)]

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

/// The clients that are open; one list for the process, as in libjack.
static CLIENTS: Mutex<Vec<Weak<AtomicBool>>> = Mutex::new(Vec::new());

/// Says that a client of JACK is open; dropped after the client was closed.
#[derive(Debug)]
pub struct JackClient {
    must_leave: Arc<AtomicBool>,
}

impl JackClient {
    /// Enters a client that was opened.
    ///
    /// Thread: any but audio. Real-time: no.
    pub fn enter() -> JackClient {
        let must_leave = Arc::new(AtomicBool::new(false));
        clients().push(Arc::downgrade(&must_leave));
        JackClient { must_leave }
    }

    /// Whether its server has died, so that the device waits for it to be closed.
    pub fn must_leave(&self) -> bool {
        self.must_leave.load(Ordering::Relaxed)
    }
}

/// Asks every client to leave: the server has died.
pub(super) fn ask_to_leave() {
    let open = clients();
    open.iter().filter_map(Weak::upgrade).for_each(|client| client.store(true, Ordering::Relaxed));
}

/// Whether a client that was asked to leave is still there.
pub(super) fn are_leaving() -> bool {
    clients().iter().filter_map(Weak::upgrade).any(|client| client.load(Ordering::Relaxed))
}

/// The clients that are still there.
fn clients() -> MutexGuard<'static, Vec<Weak<AtomicBool>>> {
    // The list is whole whatever a thread that held it did.
    let mut clients = CLIENTS.lock().unwrap_or_else(PoisonError::into_inner);
    clients.retain(|client| client.strong_count() > 0);
    clients
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_device_waits_for_those_who_were_there_and_for_no_others() {
        let (first, second) = (JackClient::enter(), JackClient::enter());
        assert!(!first.must_leave());
        ask_to_leave();
        let later = JackClient::enter();
        assert!(first.must_leave() && second.must_leave() && !later.must_leave());
        drop(first);
        assert!(are_leaving());
        drop(second);
        assert!(!are_leaving());
    }
}
