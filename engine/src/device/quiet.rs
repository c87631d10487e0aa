//! Keeps the chatter of ALSA's library off the terminal.

/// Swallows what ALSA has to say on this thread, from here on.
///
/// Each call forgets what was said before. JACK's library talks to the `log` crate, which has no listener.
pub(super) fn quiet() {
    #[cfg(all(feature = "device", target_os = "linux"))]
    {
        // Where there is no memory for a buffer the chatter goes to the terminal: a blemish, not an error.
        let _ = alsa::Output::local_error_handler();
    }
}
