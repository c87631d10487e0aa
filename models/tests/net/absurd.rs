//! Descriptions and headers that claim more than any file could hold: refused by name before anything is made of them.

use models::net::{Fault, NetError, Weights};
use serde_json::{Value, json};

use crate::random::{config, file};

/// Numbers that make no dimension, and some that would need more memory than there is.
fn strange() -> Vec<Value> {
    let whole = [0, 1, 7, 63, 65, 4096, 65_535, 65_536, 1 << 31, 1 << 32, 1 << 53, u64::MAX];
    let others =
        [json!(-1), json!(-64), json!(1.5), json!(1e300), json!("64"), json!(null), json!([64]), json!(true)];
    whole.into_iter().map(Value::from).chain(others).collect()
}

/// What is said of a file whose description has this value for a key.
fn described(key: &str, value: &Value) -> Result<Weights, NetError> {
    let mut file = file(&config(), 1);
    let mut json: Value = serde_json::from_str(file.config.as_ref().unwrap()).unwrap();
    json[key] = value.clone();
    file.config = Some(json.to_string());
    Weights::read(&file.bytes(), "some/file")
}

#[test]
fn a_dimension_that_the_tensors_do_not_have_is_refused_by_its_name_or_by_theirs() {
    for key in ["vocabulary", "width", "layers", "heads", "kv_heads", "head", "hidden"] {
        for value in strange() {
            let right = serde_json::to_value(config()).unwrap()[key] == value;
            // Fewer layers than the file has are a network too.
            if right || key == "layers" && value == 1 {
                continue;
            }
            let error = described(key, &value).expect_err("it is not so");
            assert!(error.to_string().starts_with("some/file: "), "{error}");
            let by_shape = |fault: &Fault| matches!(fault, Fault::Missing | Fault::Shape { .. });
            assert!(
                matches!(&error, NetError::Config { .. })
                    || matches!(&error, NetError::Tensor { fault, .. } if by_shape(fault)),
                "{key} {value}: {error}"
            );
        }
    }
}

#[test]
fn a_context_that_would_take_all_memory_is_refused() {
    for value in [1 << 14, 65_536, 1 << 40, u64::MAX] {
        let error = described("context", &value.into()).expect_err("it is too long").to_string();
        assert!(error.starts_with("some/file: config: "), "{error}");
    }
}

#[test]
fn a_header_of_any_length_but_its_own_is_refused() {
    let bytes = file(&config(), 1).bytes();
    let own = u64::from_le_bytes(bytes[..8].try_into().unwrap());
    let rest = bytes.len() as u64 - 8;
    let near = (own - 3..own).chain(own + 1..own + 4);
    for length in
        [0, 1, 8, rest, rest + 1, 100_000_000, 1 << 40, u64::MAX - 7, u64::MAX].into_iter().chain(near)
    {
        let bytes = [&length.to_le_bytes()[..], &bytes[8..]].concat();
        let error = Weights::read(&bytes, "some/file").expect_err("it has another length");
        assert!(matches!(error, NetError::Header { .. }), "{length}: {error}");
    }
}

#[test]
fn tensors_that_claim_places_beyond_the_file_are_refused() {
    let bytes = file(&config(), 1).bytes();
    let end = 8 + u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    let header: Value = serde_json::from_slice(&bytes[8..end]).unwrap();
    for (name, _) in header.as_object().unwrap().iter().filter(|(name, _)| *name != "__metadata__") {
        for offsets in [json!([0, u64::MAX]), json!([u64::MAX, 0]), json!([8, 4]), json!([-1, 4]), json!([0])]
        {
            let mut header = header.clone();
            header[name]["data_offsets"] = offsets;
            let json = header.to_string();
            let spoilt = [&(json.len() as u64).to_le_bytes()[..], json.as_bytes(), &bytes[end..]].concat();
            let error = Weights::read(&spoilt, "some/file").expect_err("there is no such place");
            assert!(matches!(error, NetError::Header { .. }), "{error}");
        }
    }
}
