//! What a measure looks at: one performance over one take, and what it is measured against.

use std::collections::BTreeSet;

use engine::Part;
use models::Clave;

use super::delivery::Delivery;
use super::judge::dynamics::{Response, response, shuffled};
use super::judge::frames::Frames;
use super::judge::likeness::{Likeness, likeness};
use super::judge::skeleton::{Bar, skeleton};
use super::judge::{Band, Sounding};
use super::material::Material;
use super::performing::{Performance, Stage, split};

/// A performance over a take.
#[derive(Debug)]
pub struct Subject<'a> {
    /// What was heard.
    pub band: &'a Band,
    /// The same by sixteenths.
    pub frames: Frames,
    /// Kick, snare and bass of each bar.
    pub bones: Vec<Bar>,
    /// What the performer of another take played.
    pub stranger: Option<&'a [Sounding]>,
    /// Parts that may not be asked for: people did not play them.
    pub absent: Vec<Part>,
    /// The clave of the rig, where a band plays it.
    pub clave: Option<Clave>,
    /// How it goes with imposed dynamics, and with the same in disorder; people were not asked.
    pub response: Option<(Response, Option<f64>)>,
    /// How unlike the people it is.
    pub likeness: Option<Likeness>,
    /// How it came.
    pub delivery: Option<Delivery>,
    /// Every bar that `Groove` played over any take.
    pub groove_bars: Option<&'a BTreeSet<Bar>>,
}

impl<'a> Subject<'a> {
    /// A band's performance.
    pub fn band(
        played: &'a Performance,
        stage: &Stage,
        take: &'a Material,
        stranger: Option<&'a Material>,
    ) -> Subject<'a> {
        let answered = response(&played.arcs).map(|response| (response, shuffled(&played.arcs, stage.seed)));
        Subject {
            clave: stage.rig.clave,
            response: answered,
            likeness: likeness(&played.band, &take.people),
            delivery: played.delivery,
            ..Subject::heard(&played.band, stranger)
        }
    }

    /// The people's performance.
    pub fn people(take: &'a Material, stranger: Option<&'a Material>) -> Subject<'a> {
        let absent = Part::BAND.into_iter().filter(|part| take.people.part(*part).next().is_none());
        Subject { absent: absent.collect(), ..Subject::heard(&take.people, stranger) }
    }

    /// Whether something may be asked: of a band always, of people where they did it at all.
    pub fn is_asked(&self, people_did: bool) -> bool {
        self.delivery.is_some() || people_did
    }

    fn heard(band: &'a Band, stranger: Option<&'a Material>) -> Subject<'a> {
        Subject {
            band,
            frames: Frames::of(band, split()),
            bones: skeleton(band),
            stranger: stranger.map(|other| &*other.people.performer),
            absent: Vec::new(),
            clave: None,
            response: None,
            likeness: None,
            delivery: None,
            groove_bars: None,
        }
    }
}
