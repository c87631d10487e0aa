//! Did the plan come in time? The measures of delivery, from the counters of a rendering.

use engine::Stats;

/// Sixteenths of the horizon in which a plan loses its worth.
const HORIZON: f64 = 32.0;

/// How a performance was delivered. A beat is the unit in which plans are made, and counts as four sixteenths.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Delivery {
    /// The share of beats that were written in the present revision.
    pub fresh: f64,
    /// The share of beats that were written at all: neither vamp, nor loop, nor silence.
    pub planned: f64,
    /// How far into its plan a beat lies that was played from it, in sixteenths: 0 is the first beat after commit.
    pub staleness: f64,
    /// The planned share, each beat weighed by how fresh its plan is.
    pub weighed: f64,
    /// The fewest beats that were planned without a gap.
    pub least_lead: f64,
    /// Beats between the last performer beat that a plan knew and the beat that it filled: 99 % are below.
    pub heard_lag: f64,
    /// How often the accompanist failed.
    pub failures: f64,
}

impl Delivery {
    /// Reads the counters; `None` where no beat was played.
    pub fn of(stats: &Stats) -> Option<Delivery> {
        /// A plan knows the beat before the playhead's and begins with the one after it.
        const SOONEST: f64 = 2.0;
        let played = stats.played.get() as f64;
        let planned = (stats.fresh.get() + stats.older.get()) as f64 / played;
        let staleness = 4.0 * (stats.heard_lag_beats.mean() - SOONEST).max(0.0);
        (played > 0.0).then(|| Delivery {
            fresh: stats.fresh.get() as f64 / played,
            planned,
            staleness,
            weighed: planned * (HORIZON - staleness) / HORIZON,
            least_lead: stats.lead_beats.min(),
            heard_lag: stats.heard_lag_beats.percentile(0.99),
            failures: stats.model_failures.get() as f64,
        })
    }
}
