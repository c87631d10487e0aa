//! The network's dimensions.

use serde::{Deserialize, Serialize};

use super::Mask;
use super::kernels::TILE;

/// No dimension is larger: beyond it a file is broken, not ambitious.
const LARGEST: usize = 1 << 16;

/// No context is longer. No tensor speaks of it, but what a stream remembers is allocated by it.
const LONGEST: usize = 1 << 13;

/// What a file of weights says of itself. Keys that are not here are ignored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Config {
    /// What the model is called in reports.
    pub name: String,
    /// How many tokens there are: a multiple of 64, at most [`Mask::SIZE`].
    pub vocabulary: usize,
    /// Numbers that a token is in the residual stream: a multiple of 64.
    pub width: usize,
    /// Layers of attention and feed-forward.
    pub layers: usize,
    /// Heads that ask.
    pub heads: usize,
    /// Heads that are asked: a divisor of `heads`.
    pub kv_heads: usize,
    /// Numbers of a head: 64.
    pub head: usize,
    /// Numbers inside the feed-forward part: a multiple of 64.
    pub hidden: usize,
    /// Tokens that it can look back on, itself included: a multiple of 64, at most 8192.
    pub context: usize,
    /// The base of the rotary angles.
    pub rope_theta: f64,
    /// What keeps the normalisation from dividing by nothing.
    pub norm_eps: f64,
    /// The hash of the vocabulary table that it was trained with.
    pub tokens: String,
    /// How it is to be computed.
    #[serde(default)]
    pub precision: Precision,
}

/// How the weights are held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// 4 bytes a weight, and as many for what it remembers.
    F32,
    /// 2 bytes a weight.
    #[default]
    Bf16,
    /// 1 byte a weight, and a factor for each output.
    W8,
}

impl Config {
    /// Reads the JSON object, and checks it.
    ///
    /// # Errors
    /// In words, if a key is absent, of another type, or out of its range.
    pub fn parse(json: &str) -> Result<Config, String> {
        let config: Config = serde_json::from_str(json).map_err(|error| error.to_string())?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), String> {
        let dimensions = [
            ("vocabulary", self.vocabulary, TILE),
            ("width", self.width, TILE),
            ("layers", self.layers, 1),
            ("heads", self.heads, 1),
            ("kv_heads", self.kv_heads, 1),
            ("hidden", self.hidden, TILE),
            ("context", self.context, TILE),
        ];
        for (name, value, unit) in dimensions {
            if !(1..=LARGEST).contains(&value) || value % unit != 0 {
                return Err(format!("{name} is {value}, which is not a multiple of {unit} up to {LARGEST}"));
            }
        }
        for (name, value, most) in
            [("vocabulary", self.vocabulary, Mask::SIZE), ("context", self.context, LONGEST)]
        {
            if value > most {
                return Err(format!("{name} is {value}, above {most}"));
            }
        }
        if self.head != TILE || !self.heads.is_multiple_of(self.kv_heads) {
            return Err(format!("{} heads of {} on {}", self.heads, self.head, self.kv_heads));
        }
        for (name, value) in [("rope_theta", self.rope_theta), ("norm_eps", self.norm_eps)] {
            if !(value.is_finite() && value > 0.0) {
                return Err(format!("{name} is {value}"));
            }
        }
        Ok(())
    }

    /// Query heads of one key-value head.
    pub(super) fn group(&self) -> usize {
        self.heads / self.kv_heads
    }

    /// Numbers of queries, keys and values of a token together.
    pub(super) fn qkv(&self) -> usize {
        (self.heads + 2 * self.kv_heads) * self.head
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn object() -> Value {
        json!({"name": "x", "vocabulary": 1024, "width": 256, "layers": 5, "heads": 4, "kv_heads": 2, "head": 64,
            "hidden": 768, "context": 1024, "rope_theta": 1e4, "norm_eps": 1e-5, "tokens": "0", "loss": 1.5})
    }

    #[test]
    fn keys_of_others_are_ignored_and_bf16_is_the_default() {
        let config = Config::parse(&object().to_string()).unwrap();
        assert_eq!((config.width, config.precision), (256, Precision::Bf16));
    }

    #[test]
    fn no_key_may_be_absent_but_the_precision() {
        for key in object().as_object().unwrap().keys().filter(|key| *key != "loss") {
            let mut object = object();
            object.as_object_mut().unwrap().remove(key);
            let error = Config::parse(&object.to_string()).unwrap_err();
            assert!(error.contains(&format!("`{key}`")), "{error}");
        }
    }

    #[test]
    fn a_dimension_out_of_range_is_refused_by_name() {
        let wrong = [
            ("vocabulary", json!(2048)),
            ("vocabulary", json!(1000)),
            ("width", json!(100)),
            ("layers", json!(0)),
            ("heads", json!(3)),
            ("kv_heads", json!(0)),
            ("head", json!(32)),
            ("hidden", json!(1_u64 << 40)),
            ("context", json!(-64)),
            ("context", json!(1 << 14)),
            ("rope_theta", json!(0.0)),
            ("norm_eps", json!(-1e-5)),
            ("precision", json!("w4")),
        ];
        for (key, value) in wrong {
            let mut object = object();
            object[key] = value;
            assert!(Config::parse(&object.to_string()).is_err(), "{object}");
        }
    }
}
