//! The report of a show: one JSON object, as `--report` writes it.

use engine::{Histogram, Stats};
use serde_json::{Value, json};

/// What a report says besides the counters.
#[derive(Clone, Debug)]
pub struct Show {
    /// Length in seconds.
    pub seconds: f64,
    /// Frames a second.
    pub sample_rate: u32,
    /// Frames of a block.
    pub block: u32,
    /// Who played.
    pub model: String,
    /// Notes that still sound after the end.
    pub stuck: u64,
    /// Where the sound went.
    pub audio: String,
    /// p99 of how late the paced device woke, in milliseconds, and of a control thread beside it.
    pub wake_late_ms: Option<Lateness>,
}

/// How late threads of equal priority woke, p99, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub struct Lateness {
    /// The audio thread.
    pub audio: f64,
    /// A thread that did nothing else.
    pub control: f64,
}

fn distribution(histogram: &Histogram) -> Value {
    json!({
        "n": histogram.n(),
        "p50": round(histogram.percentile(0.5)),
        "p99": round(histogram.percentile(0.99)),
        "max": round(histogram.max()),
    })
}

fn round(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

/// The report as JSON.
pub fn json(show: &Show, stats: &Stats) -> Value {
    let notes_on = stats.notes_on.get();
    let mut report = json!({
        "seconds": round(show.seconds),
        "sample_rate": show.sample_rate,
        "block": show.block,
        "audio": show.audio,
        "callbacks": stats.callbacks.get(),
        "xruns": stats.xruns.get(),
        "silent_blocks": stats.silent_blocks.get(),
        "load": {
            "mean": round(stats.load.mean() / 1000.0),
            "p99": round(stats.load.percentile(0.99) / 1000.0),
            "max": round(stats.load.max() / 1000.0),
        },
        "chunks": chunks(stats),
        "model": model(show, stats),
        "chord_to_sound_ms": distribution(&stats.chord_to_sound_ms),
        "held_move_ms": distribution(&stats.held_move_ms),
        "events": {
            "midi": stats.events_midi.get(),
            "osc": stats.events_osc.get(),
            "dropped": stats.events_dropped.get() + stats.heard_dropped.get(),
        },
        "notes": {
            "on": notes_on, "off": stats.notes_off.get(), "stuck": show.stuck,
            "unbound": stats.notes_unbound.get(), "stolen": stats.notes_stolen.get(),
        },
        "tape": { "dropped": stats.tape_dropped.get() },
    });
    if let Some(late) = show.wake_late_ms {
        report["wake_late_ms"] =
            json!({ "audio_p99": round(late.audio), "control_p99": round(late.control) });
    }
    report
}

fn chunks(stats: &Stats) -> Value {
    json!({
        "played": stats.played.get(),
        "fresh": stats.fresh.get(),
        "older": stats.older.get(),
        "vamped": stats.vamped.get(),
        "groove": stats.groove.get(),
        "refused_late": stats.refused_late.get(),
        "refused_stale": stats.refused_stale.get(),
        "revisions": stats.revisions.get(),
        "overflowed_notes": stats.overflowed_notes.get(),
    })
}

fn model(show: &Show, stats: &Stats) -> Value {
    let tokens = stats.model_tokens.get();
    let seconds = stats.chunk_ms.mean() * stats.chunk_ms.n() as f64 / 1000.0;
    json!({
        "name": show.model,
        "tokens": tokens,
        "tokens_per_s": round(tokens as f64 / seconds.max(1e-3)),
        "failures": stats.model_failures.get(),
        "chunk_ms": {
            "p50": round(stats.chunk_ms.percentile(0.5)), "p99": round(stats.chunk_ms.percentile(0.99)),
        },
        "lead_beats": { "min": round(stats.lead_beats.min()), "p50": round(stats.lead_beats.percentile(0.5)) },
        "heard_lag_beats": {
            "p50": round(stats.heard_lag_beats.percentile(0.5)), "p99": round(stats.heard_lag_beats.percentile(0.99)),
        },
    })
}
