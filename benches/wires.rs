//! What it costs to send one thing to another thread: an event, and a chunk of a full beat.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use engine::wires::{Wires, delay_line, wires};
use engine::{Anchor, Beat, Chunk, Event, EventKind, Level, Note, Part, Role, Section};

/// Events on their way at once: what a hand does in a block.
const HANDFUL: u64 = 8;

fn events(criterion: &mut Criterion) {
    let Wires { mut audio, mut inputs, stats, .. } = wires(0);
    let input = &mut inputs[0];
    let note = |key| EventKind::NoteOn { key, velocity: 90 };
    (60..68).for_each(|key| input.send(u64::from(key), note(key)));
    let mut arrived: Vec<Event> = Vec::new();
    audio.drain(|event| arrived.push(event));
    assert!(arrived.iter().map(|event| event.kind).eq((60..68).map(note)), "events arrive in their order");
    criterion.bench_function(&format!("wires/{HANDFUL} events"), |bencher| {
        bencher.iter(|| {
            (0..HANDFUL).for_each(|arrival| input.send(black_box(arrival), note(60)));
            audio.drain(|event| {
                black_box(event);
            });
        });
    });
    assert_eq!(stats.events_dropped.get(), 0);
}

fn chunks(criterion: &mut Criterion) {
    let (mut chunks_in, mut chunks_out) = delay_line();
    let chunk = full();
    chunks_in.push(chunk).expect("it is empty");
    let arrived = chunks_out.pop().expect("it was sent");
    assert!(arrived.beat == chunk.beat && arrived.notes() == chunk.notes(), "a chunk arrives as it was");
    criterion.bench_function(&format!("wires/a chunk of {} bytes", size_of::<Chunk>()), |bencher| {
        bencher.iter(|| {
            let sent = chunks_in.push(black_box(chunk));
            black_box((sent.is_ok(), chunks_out.pop().is_ok()))
        });
    });
}

fn full() -> Chunk {
    let mut chunk = Chunk::new(Beat(7), 3, Section::Main(Level::D));
    for i in 0..Chunk::MAX_NOTES as u8 {
        let (role, anchor, part) = (Role::Drum(36 + i % 24), Anchor::Now, Part::Drums);
        chunk.push(Note { role, anchor, part, position: i % 12, micro: 0, velocity: 90, length: 120 });
    }
    chunk
}

criterion_group!(benches, events, chunks);
criterion_main!(benches);
