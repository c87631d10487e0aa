//! Real-time priority for the threads that pace themselves.

use thread_priority::{
    RealtimeThreadSchedulePolicy, ThreadPriority, ThreadPriorityValue, ThreadSchedulePolicy,
    set_thread_priority_and_policy, thread_native_id,
};

/// Priority of the paced null device; JACK's own threads are above it.
const PRIORITY: u8 = 60;

/// Asks for first-in-first-out scheduling of this thread. Without the right to it, the thread stays as it is.
pub fn ask_for_real_time() {
    let Ok(value) = ThreadPriorityValue::try_from(PRIORITY) else { return };
    let policy = ThreadSchedulePolicy::Realtime(RealtimeThreadSchedulePolicy::Fifo);
    if let Err(error) =
        set_thread_priority_and_policy(thread_native_id(), ThreadPriority::Crossplatform(value), policy)
    {
        tracing::debug!("no real-time priority: {error}");
    }
}
