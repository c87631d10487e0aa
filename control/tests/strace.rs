//! The audio thread as the kernel sees it: while the band plays, it asks for nothing but the device's own waiting.
//!
//! Needs strace; without it, or where tracing is not allowed, the test says so and passes.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

/// The thread of the paced null device, which renders.
const AUDIO: &str = "pacer";

/// What the null device may call: it waits for its next block, by the clock.
const DEVICE: [&str; 2] = ["clock_nanosleep", "clock_gettime"];

/// Blocks that must have been rendered for the test to mean anything; it plays for some hundreds.
const ENOUGH: usize = 100;

/// One line of strace: the thread, and the call that begins in it.
fn call(line: &str) -> Option<(u32, &str, &str)> {
    let (thread, rest) = line.split_once(' ')?;
    let (name, arguments) = rest.trim_start().split_once('(')?;
    let is_call = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    Some((thread.parse().ok()?, name, arguments)).filter(|_| is_call)
}

/// How often the thread called what, from its first wait for a block to its last.
fn calls_while_playing<'a>(trace: &'a str, thread: &str) -> BTreeMap<&'a str, usize> {
    let calls: Vec<_> = trace.lines().filter_map(call).collect();
    let is_named = |arguments: &str| arguments.starts_with(&format!("PR_SET_NAME, \"{thread}\""));
    let named = calls.iter().find(|(_, name, arguments)| *name == "prctl" && is_named(arguments));
    let id = named.unwrap_or_else(|| panic!("no thread `{thread}` in the trace")).0;
    let names: Vec<&str> =
        calls.iter().filter(|(thread, ..)| *thread == id).map(|(_, name, _)| *name).collect();
    let waits = |name: &&str| *name == DEVICE[0];
    let first = names.iter().position(waits).unwrap_or(0);
    let last = names.iter().rposition(waits).map_or(0, |last| last + 1);
    names[first..last].iter().fold(BTreeMap::new(), |mut counts, name| {
        *counts.entry(*name).or_default() += 1;
        counts
    })
}

/// The trace of a few seconds of a take that is recorded; none where nothing can be traced.
fn trace(folder: &Path) -> Option<String> {
    let file = folder.join("trace.txt");
    let probe = Command::new("strace").args(["-o", "/dev/null", "true"]).stderr(Stdio::null()).status();
    if !probe.is_ok_and(|status| status.success()) {
        eprintln!("skipped: strace is not installed, or may not trace");
        return None;
    }
    let run = Command::new("strace")
        .args(["-f", "-o"])
        .arg(&file)
        .arg(env!("CARGO_BIN_EXE_sideman"))
        .args(["play", "medium-swing", "--audio", "none", "--performer", "first-take.mid", "--for", "4"])
        .args(["--headless", "--osc", "127.0.0.1:0", "--record"])
        .arg(folder)
        .output()
        .expect("strace runs");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    Some(std::fs::read_to_string(file).expect("strace wrote its trace"))
}

#[test]
fn while_the_band_plays_the_audio_thread_calls_nothing_but_its_device() {
    let folder = std::env::temp_dir().join(format!("sideman-strace-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("the folder for temporary files takes one more");
    let traced = trace(&folder);
    std::fs::remove_dir_all(&folder).expect("what was written is still there");
    let Some(trace) = traced else { return };
    let calls = calls_while_playing(&trace, AUDIO);
    println!("the audio thread called {calls:?}");
    assert!(calls.get(DEVICE[0]).is_some_and(|blocks| *blocks >= ENOUGH), "{calls:?}");
    assert!(calls.keys().all(|name| DEVICE.contains(name)), "{calls:?}");
    let tape = calls_of_all(&trace, "write");
    assert!(tape > 0, "the trace sees every thread, so the tape's writing too");
}

/// How often any thread made this call.
fn calls_of_all(trace: &str, name: &str) -> usize {
    trace.lines().filter_map(call).filter(|(_, called, _)| *called == name).count()
}

#[test]
fn a_call_between_two_blocks_is_found() {
    let trace = "7 prctl(PR_SET_NAME, \"pacer\" <unfinished ...>\n\
                 8 futex(0x1, FUTEX_WAKE_PRIVATE, 1) = 1\n\
                 7 <... prctl resumed>) = 0\n\
                 7 mmap(NULL, 12288) = 0x2\n\
                 7 clock_nanosleep(CLOCK_MONOTONIC, 0, {tv_sec=0, tv_nsec=1},  <unfinished ...>\n\
                 7 <... clock_nanosleep resumed>0x3) = 0\n\
                 7 futex(0x1, FUTEX_WAKE_PRIVATE, 1) = 1\n\
                 7 clock_nanosleep(CLOCK_MONOTONIC, 0, {tv_sec=0, tv_nsec=1}, 0x3) = 0\n\
                 7 munmap(0x2, 12288) = 0\n\
                 7 +++ exited with 0 +++\n";
    assert_eq!(calls_while_playing(trace, "pacer"), BTreeMap::from([("clock_nanosleep", 2), ("futex", 1)]));
}
