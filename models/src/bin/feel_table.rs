//! x
use models::corpus::{songs, Split, drumfeel};
fn main() {
    let dir = std::env::args().nth(1).unwrap();
    let takes: Vec<_> = songs(&std::path::Path::new(&dir).join("gmd.jsonl.gz")).unwrap().map(|s| s.unwrap()).filter(|s| s.split == Split::Train).map(|s| drumfeel::strokes(&s)).collect();
    drumfeel::explore(&takes);
}
