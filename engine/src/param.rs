//! Every knob once: address, range, default, unit, and who listens.

use crate::Part;

/// What a knob does. Those of the mixer exist once for each part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Knob {
    /// Level of a part.
    Volume,
    /// Place of a part between left and right.
    Pan,
    /// Silences a part.
    Mute,
    /// Silences all parts that are not soloed.
    Solo,
    /// Send of a part to the reverb.
    Reverb,
    /// How much a part of the band plays.
    Density,
    /// Level of everything.
    Master,
    /// Beats a minute.
    Tempo,
    /// Bars of count-in.
    CountIn,
    /// Where the chord zone ends.
    Split,
    /// How chords are fingered.
    Fingering,
    /// Who decides the chord.
    ChordSource,
    /// Whether the chord stays when the hand lifts.
    Hold,
    /// How long sounding notes wait for a late key.
    Settle,
    /// How rich the band's own chords are.
    Colour,
    /// Locks the tonic.
    Tonic,
    /// How full the band plays.
    Intensity,
    /// Place of the off-beat.
    Swing,
    /// Looseness of timing and velocity.
    Humanize,
    /// How far the band follows the player's dynamics.
    Follow,
    /// How much the band does by itself.
    Surprise,
    /// How varied the writing is.
    Variety,
    /// Answers in the player's gaps.
    Answer,
    /// Room left for the player.
    Space,
    /// Catches the player's accents.
    Catch,
    /// Set-ups before cues and phrase ends.
    SetUp,
    /// Thins out when the player is silent.
    Rest,
    /// Keeps bass and kick together.
    Lock,
    /// A fill at each change of main.
    AutoFill,
    /// How readily the chord under a melody changes.
    Restless,
}

/// Who acts on a knob.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listener {
    /// The audio thread.
    Audio,
    /// The model thread.
    Model,
}

/// What is known of a knob.
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    /// The knob.
    pub knob: Knob,
    /// Address below `/sideman`; `<part>` stands for the name of a part.
    pub address: &'static str,
    /// Least value.
    pub min: f32,
    /// Greatest value.
    pub max: f32,
    /// Value at start.
    pub default: f32,
    /// Unit, or what the numbers mean.
    pub unit: &'static str,
    /// Who acts on it.
    pub listener: Listener,
    /// One line for the tables.
    pub doc: &'static str,
}

impl Spec {
    /// Whether there is one for each part.
    pub fn per_part(&self) -> bool {
        self.address.contains("<part>")
    }

    /// A value inside the range; a value that is no number becomes the default.
    pub fn clamp(&self, value: f32) -> f32 {
        if value.is_nan() { self.default } else { value.clamp(self.min, self.max) }
    }
}

use Listener::{Audio, Model};

macro_rules! knobs {
    ($($knob:ident $address:literal $min:literal..$max:literal = $default:literal $unit:literal $listener:ident $doc:literal;)*) => {
        /// Every knob, in the order of [`Knob`].
        pub static KNOBS: &[Spec] = &[$(Spec {
            knob: Knob::$knob, address: $address, min: $min, max: $max, default: $default, unit: $unit,
            listener: $listener, doc: $doc,
        }),*];
    };
}

knobs! {
    Volume "/mix/<part>/volume" 0.0..1.0 = 0.75 "fader, 0.75 = 0 dB" Audio "level of a part";
    Pan "/mix/<part>/pan" 0.0..1.0 = 0.5 "0.5 = centre" Audio "place between left and right";
    Mute "/mix/<part>/mute" 0.0..1.0 = 0.0 "on/off" Audio "silences a part, now";
    Solo "/mix/<part>/solo" 0.0..1.0 = 0.0 "on/off" Audio "silences the other parts";
    Reverb "/mix/<part>/reverb" 0.0..1.0 = 0.15 "send" Audio "send to the reverb";
    Density "/part/<part>/density" 0.0..1.0 = 0.5 "0.5 = as written" Model "how much a part plays";
    Master "/mix/master/volume" 0.0..1.0 = 0.75 "fader, 0.75 = 0 dB" Audio "level of everything";
    Tempo "/tempo/bpm" 30.0..300.0 = 120.0 "beats a minute" Audio "tempo of the felt pulse";
    CountIn "/transport/count_in" 0.0..4.0 = 0.0 "bars" Audio "bars of count-in at start";
    Split "/chord/split" 0.0..127.0 = 54.0 "MIDI key" Audio "keys below it are the chord zone";
    Fingering "/chord/fingering" 0.0..3.0 = 2.0 "single, fingered, on_bass, full" Audio "how chords are fingered";
    ChordSource "/chord/source" 0.0..3.0 = 0.0 "played, chart, melody, sent" Audio "who decides the chord";
    Hold "/chord/hold" 0.0..1.0 = 1.0 "on/off" Audio "the chord stays when the hand lifts";
    Settle "/chord/settle_ms" 0.0..200.0 = 25.0 "ms" Audio "wait of sounding notes for late keys";
    Colour "/harmony/colour" 0.0..2.0 = 1.0 "triad, seventh, extended" Audio "how rich the band's chords are";
    Tonic "/key/tonic" -1.0..11.0 = -1.0 "pitch class, -1 = follow" Audio "locks the tonic";
    Intensity "/feel/intensity" 0.0..1.0 = 0.5 "0.5 = as written" Model "how full the band plays";
    Swing "/feel/swing" 0.5..0.75 = 0.5 "share of the beat" Audio "place of the off-beat";
    Humanize "/feel/humanize" 0.0..1.0 = 0.4 "0..1" Model "looseness of timing and velocity";
    Follow "/feel/follow" 0.0..1.0 = 0.7 "0..1" Model "how far dynamics and density follow the player";
    Surprise "/feel/surprise" 0.0..1.0 = 0.3 "0 = never acts by itself" Model "how much the band does by itself";
    Variety "/feel/variety" 0.0..1.0 = 0.4 "0..1" Model "how varied the writing is";
    Answer "/feel/answer" 0.0..1.0 = 0.5 "0..1" Model "answers in the player's gaps";
    Space "/feel/space" 0.0..1.0 = 0.7 "0..1" Model "room left for the player";
    Catch "/feel/catch" 0.0..1.0 = 0.5 "0..1" Model "catches repeated accents";
    SetUp "/feel/setup" 0.0..1.0 = 0.6 "0..1" Model "set-ups before cues and phrase ends";
    Rest "/feel/rest" 0.0..1.0 = 0.6 "0..1" Model "thins out when the player is silent";
    Lock "/feel/lock" 0.0..1.0 = 0.8 "0..1" Model "bass sits on the kick";
    AutoFill "/section/auto_fill" 0.0..1.0 = 1.0 "on/off" Audio "a fill at each change of main";
    Restless "/chord/restless" 0.0..1.0 = 0.5 "0 = on bars, 1 = on any beat" Audio "how readily the melody's chord changes";
}

impl Knob {
    /// What is known of it.
    pub fn spec(self) -> &'static Spec {
        &KNOBS[self as usize]
    }
}

/// A knob, and the part that it belongs to if it is one of the mixer's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Param {
    /// The knob.
    pub knob: Knob,
    /// The part; [`Part::Drums`] where the knob has none.
    pub part: Part,
}

impl Param {
    /// A knob that exists once.
    pub const fn of(knob: Knob) -> Param {
        Param { knob, part: Part::Drums }
    }

    /// A knob of a part.
    pub const fn on(knob: Knob, part: Part) -> Param {
        Param { knob, part }
    }
}

/// The value of every knob.
#[derive(Clone, Debug)]
pub struct Settings {
    values: [[f32; Part::COUNT]; Knob::Restless as usize + 1],
}

impl Default for Settings {
    fn default() -> Self {
        Settings { values: std::array::from_fn(|i| [KNOBS[i].default; Part::COUNT]) }
    }
}

impl Settings {
    /// The value of a knob that exists once.
    pub fn get(&self, knob: Knob) -> f32 {
        self.values[knob as usize][0]
    }

    /// The value of a part's knob.
    pub fn of(&self, knob: Knob, part: Part) -> f32 {
        self.values[knob as usize][part.index()]
    }

    /// Whether a switch is on.
    pub fn is_on(&self, knob: Knob) -> bool {
        self.get(knob) >= 0.5
    }

    /// Sets a knob, clamped to its range; returns the value it now has.
    pub fn set(&mut self, param: Param, value: f32) -> f32 {
        let spec = param.knob.spec();
        let part = if spec.per_part() { param.part.index() } else { 0 };
        let slot = &mut self.values[param.knob as usize][part];
        *slot = spec.clamp(value);
        *slot
    }
}

/// The gain of a fader position: 0.75 is 0 dB, 1 is +6 dB, 0 is silence; a fourth-power law below.
pub fn fader_gain(position: f32) -> f32 {
    const AT_TOP: f32 = 1.995_262_3;
    if position >= 0.75 {
        1.0 + (position - 0.75) / 0.25 * (AT_TOP - 1.0)
    } else {
        (position / 0.75).max(0.0).powi(4)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_knobs() {
        assert!(KNOBS.iter().enumerate().all(|(i, spec)| spec.knob as usize == i));
        assert_eq!(KNOBS.len(), Knob::Restless as usize + 1);
    }

    #[test]
    fn every_default_is_in_range_and_every_address_is_its_own() {
        for (i, spec) in KNOBS.iter().enumerate() {
            assert_eq!(spec.clamp(spec.default), spec.default, "{}", spec.address);
            assert!(KNOBS[..i].iter().all(|other| other.address != spec.address));
        }
    }

    #[test]
    fn what_is_no_number_and_what_is_out_of_range_is_tamed() {
        let mut settings = Settings::default();
        assert_eq!(settings.set(Param::of(Knob::Tempo), f32::NAN), 120.0);
        assert_eq!(settings.set(Param::of(Knob::Tempo), 1e9), 300.0);
    }

    #[test]
    fn the_fader_is_nought_decibel_at_three_quarters() {
        assert_eq!(fader_gain(0.75), 1.0);
        assert_eq!(fader_gain(0.0), 0.0);
        assert!((20.0 * fader_gain(1.0).log10() - 6.0).abs() < 0.01);
    }
}
