//! Those instruments of the whole system's tests that hear what was recorded.
#![allow(dead_code, reason = "the tests beside use the rest")]

#[path = "../../../tests/support/figures.rs"]
pub mod figures;
#[path = "../../../tests/support/hearing/mod.rs"]
pub mod hearing;
#[path = "../../../tests/support/random_take.rs"]
pub mod random_take;
#[path = "../../../tests/support/sine_font.rs"]
pub mod sine_font;
