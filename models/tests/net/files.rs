//! Files that are not what they should be: an error that names the file and the tensor, and never a panic.

use std::path::Path;

use models::net::{Cache, Fault, Net, NetError, Precision, Weights};
use safetensors::Dtype;

use crate::random::{File, config, file, tokens};

/// The error's words for a file that has been spoilt.
fn error(spoil: impl FnOnce(&mut File)) -> NetError {
    let mut file = file(&config(), 1);
    spoil(&mut file);
    Weights::read(&file.bytes(), "some/file").expect_err("it was spoilt")
}

#[test]
fn a_wrong_tensor_is_named_with_what_was_expected_and_found() {
    for index in 0..file(&config(), 1).tensors.len() {
        let name = file(&config(), 1).tensors[index].name.clone();
        let named = |error: NetError, what: &str| {
            let text = error.to_string();
            assert!(text.starts_with(&format!("some/file: {name}: ")) && text.contains(what), "{text}");
        };
        named(error(|file| file.tensors[index].name = "other".into()), "missing");
        named(error(|file| file.tensors[index].shape.insert(0, 1)), "expected [");
        named(error(|file| file.tensors[index].kind = Dtype::I32), "I32");
        for strange in [f32::NAN, f32::INFINITY] {
            let spoil =
                |file: &mut File| file.tensors[index].bytes[20..24].copy_from_slice(&strange.to_le_bytes());
            named(error(spoil), "number 5 is not finite");
        }
    }
}

#[test]
fn the_shape_follows_from_the_description() {
    let wrong = error(|file| {
        file.config = file.config.as_ref().map(|json| json.replace("\"hidden\":192", "\"hidden\":256"))
    });
    let NetError::Tensor { tensor, fault, .. } = wrong else { panic!("{wrong}") };
    assert_eq!(tensor, "layers.0.gate_up.weight");
    assert_eq!(fault, Fault::Shape { expected: vec![512, 128], found: vec![384, 128] });
}

#[test]
fn a_description_that_is_absent_or_makes_no_sense_is_refused() {
    let spoilt = [None, Some(""), Some("{}"), Some("[1]"), Some("{\"name\":1}")];
    for json in spoilt {
        let error = error(|file| file.config = json.map(String::from));
        assert!(error.to_string().starts_with("some/file: config: "), "{error}");
    }
}

#[test]
fn bf16_is_read_as_f32_is() {
    let mut halved = file(&config(), 1);
    let mut whole = halved.clone();
    for (half, whole) in halved.tensors.iter_mut().zip(&mut whole.tensors) {
        half.kind = Dtype::BF16;
        half.bytes = half.bytes.chunks_exact(4).flat_map(|bytes| [bytes[2], bytes[3]]).collect();
        whole.bytes.chunks_exact_mut(4).for_each(|bytes| bytes[..2].fill(0));
    }
    let tokens = tokens(&mut fastrand::Rng::with_seed(1), 20);
    let logits = |file: &File| {
        let weights = Weights::read(&file.bytes(), "file").unwrap();
        let net = Net::new(&weights, Precision::Bf16).unwrap();
        Cache::new(&net.into()).unwrap().append(&tokens).unwrap().to_vec()
    };
    assert_eq!(logits(&halved), logits(&whole));
}

#[test]
fn a_file_that_is_cut_short_anywhere_is_refused() {
    let bytes = file(&config(), 1).bytes();
    let rng = &mut fastrand::Rng::with_seed(2);
    let header = usize::from(bytes[0]) + 256 * usize::from(bytes[1]) + 8;
    let places = (0..header + 8).chain(std::iter::repeat_with(|| rng.usize(header..bytes.len())).take(20));
    for len in places {
        let error = Weights::read(&bytes[..len], "short").expect_err("it is short");
        assert!(
            matches!(error, NetError::Header { .. }) && error.to_string().starts_with("short: "),
            "{error}"
        );
    }
}

#[test]
fn a_flipped_bit_gives_an_error_or_a_network_that_still_runs() {
    let mut small = config();
    (small.layers, small.vocabulary, small.context) = (1, 64, 64);
    let bytes = file(&small, 1).bytes();
    let rng = &mut fastrand::Rng::with_seed(3);
    let header = usize::from(bytes[0]) + 256 * usize::from(bytes[1]) + 8;
    let places = (0..header).chain(std::iter::repeat_with(|| rng.usize(header..bytes.len())).take(100));
    let (mut refused, mut ran) = (0, 0);
    for place in places {
        let mut bytes = bytes.clone();
        bytes[place] ^= 1 << (place % 8);
        match Weights::read(&bytes, "flipped") {
            Err(error) => refused += usize::from(error.to_string().starts_with("flipped: ")),
            Ok(weights) => {
                let net = Net::new(&weights, Precision::W8).unwrap();
                let count = weights.config().vocabulary;
                assert_eq!(Cache::new(&net.into()).unwrap().append(&[1, 2, 3]).unwrap().len(), count);
                ran += 1;
            }
        }
    }
    assert!(refused > header / 2 && ran > 50, "{refused} refused, {ran} ran");
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let error = Weights::load(Path::new("no/such.safetensors")).expect_err("there is none");
    assert!(error.to_string().starts_with("no/such.safetensors: "), "{error}");
}
