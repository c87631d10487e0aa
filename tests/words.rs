//! The words are what every crate speaks.

#[test]
fn every_part_is_found_by_its_name() {
    assert!(engine::Part::ALL.into_iter().all(|part| engine::Part::named(part.name()) == Some(part)));
}
