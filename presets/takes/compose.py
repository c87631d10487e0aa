#!/usr/bin/env python3
"""Writes the built-in takes from the notes below: `python3 compose.py`. Deterministic, standard library only.

A tune is a list of bars. A bar is `chords : melody`.
  chords   `Gm7` strikes on one; `C7@2` on beat 2 (from 0); `C7@-.5` is pushed into the bar before; `/2` = held for 2 beats
  melody   `E5/1.5` is a note of 1.5 beats, `r/1` a rest, `E5+A5/2` two notes at once; `>` before a note accents it
Everything in the chord hand lies below F#3 (MIDI 54), everything in the melody above it.
"""

import random
import re
import struct
from pathlib import Path

PPQ = 960
LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}

# Semitones above the root in the order in which a left hand would stack them. Two stacks each: one for low roots
# (wide: seventh below third), one for roots from Eb2 up, where the hand closes so that it stays below F#3.
STACKS = {
    "": ((0, 7, 16), (0, 4, 7)), "m": ((0, 7, 15), (0, 3, 7)),
    "maj7": ((0, 11, 16), (0, 4, 7, 11)), "6": ((0, 9, 16), (0, 4, 7, 9)), "69": ((0, 4, 9, 14), (0, 4, 7, 9)),
    "m7": ((0, 10, 15), (0, 3, 7, 10)), "7": ((0, 10, 16), (0, 4, 7, 10)), "m7b5": ((0, 6, 10, 15), (0, 3, 6, 10)),
    "7b9": ((0, 4, 10, 13), (0, 4, 7, 10)), "7#9": ((0, 4, 10, 15), (0, 4, 10)),
    "9": ((0, 4, 10, 14), (0, 4, 10)), "m9": ((0, 3, 10, 14), (0, 3, 10)), "maj9": ((0, 4, 11, 14), (0, 4, 11)),
    "sus4": ((0, 7, 17), (0, 5, 7)), "add9": ((0, 7, 14, 16), (0, 4, 7)), "7sus4": ((0, 10, 17), (0, 5, 7, 10)),
}

TUNES = {
    # AABA, 32 bars, in F. The phrases stop at bars 4 and 8 so that the band can answer.
    "first-take": dict(
        bpm=132, meter=(4, 4), swing=0.62, unit=1.0, lag_ms=6, seed=7, key=-1, title="Corner Table",
        dynamics=[(0, 66), (8, 74), (16, 84), (20, 80), (24, 88), (28, 86), (31, 80)],
        cues=[(0, "intro"), (7, "main_b"), (11.5, "fill"), (15, "main_c"), (19.25, "fill"), (23, "main_d"),
              (27, "break"), (29, "ending")],
        bars="""
        Fmaj7/3 : r/1 A4/.5 C5/.5 >E5/1 C5/.5 A4/.5
        D7b9@-.5/2 D7b9@2.5/1 : C5/1.5 Eb5/.5 C5/.5 A4/.5 F#4/.5 A4/.5
        Gm7/3 : >Bb4/1 r/.5 G4/.5 Bb4/.5 D5/.5 F5/1
        C7@-.5/2.5 : >E5/.5 C5/1 r/2.5
        Am7/1.5 D7@2/1.5 : r/1 A4/.5 C5/.5 >E5/1 Eb5/.5 C5/.5
        Gm7/1.5 C7@2/1.5 : D5/1.5 Bb4/.5 G4/.5 E4/.5 A4/.5 G4/.5
        F6/2 D7b9@2/1.5 : F4/1 r/.5 A4/.5 >C5/1 r/1
        Gm7/1.5 C7@2/1.5 : r/3.5 C5/.5

        Fmaj7/2.5 : >A5/1.5 G5/.5 E5/.5 C5/.5 D5/1
        D7b9@-.5/3 : Eb5/.5 C5/.5 A4/.5 F#4/.5 A4/.5 C5/.5 >Eb5/.5 D5/.5
        Gm7/1.5 Gm7@2.5/1 : D5/1 r/.5 G4/.5 Bb4/.5 D5/.5 F5/.5 A5/.5
        C7/2.5 : >G5/1 E5/.5 r/2.5
        Am7/1.5 D7@2/1.5 : r/.5 E5/.5 >E5/.5 G5/.5 F#5/1 Eb5/.5 C5/.5
        Gm7/1.5 C7b9@2/1.5 : Bb4/.5 >D5/1 F5/.5 E5/.5 Db5/.5 Bb4/.5 G4/.5
        F6@-.5/3 : A4/1.5 C5/.5 >F5/1 r/1
        F6@1.5/1 : r/4

        Cm7/3.5 : >Eb5/2 D5/.5 C5/.5 Bb4/1
        F7/3 : A4/1.5 C5/.5 >Eb5/1 G5/1
        Bbmaj7@-.5/3.5 : >F5/2.5 D5/.5 Bb4/.5 A4/.5
        Bb69@1.5/1.5 : Bb4/1 r/3
        Dm7/3.5 : >F5/2 E5/.5 D5/.5 C5/1
        G7/3 : B4/1.5 D5/.5 >F5/1 A5/1
        Gm7@-.5/3 : >G5/1 F5/.5 D5/.5 Bb4/1 r/1
        C7/1.5 C7b9@2.5/1 : >E5/1 r/2 C5/.5 D5/.5

        Fmaj7/3 : >E5+A5/1 A4/.5 C5/.5 >E5/1 C5/.5 A4/.5
        D7b9@-.5/2 D7b9@2.5/1 : C5/1.5 >Eb5/.5 C5/.5 A4/.5 F#4/.5 A4/.5
        Gm7/3 : >Bb4+D5/1 r/.5 G4/.5 Bb4/.5 D5/.5 >F5/1
        C7/1 : >E5+G5/.5 C5/1 r/2.5
        Am7b5/1.5 D7b9@2/1.5 : r/1 A4/.5 C5/.5 >Eb5/1 D5/.5 C5/.5
        Gm7/3 : Bb4/1 D5/.5 F5/.5 >A5/1 G5/1
        C7/1.5 C7b9@2/1.5 : E5/.5 G5/.5 >Bb5/.5 A5/.5 G5/.5 E5/.5 Db5/.5 C5/.5
        F69/3.5 : >A4+F5/3.5 r/.5
        """),
    # 24 bars in C with walking basses under the triads: verse, verse, chorus.
    "slow-window": dict(
        bpm=72, meter=(4, 4), swing=0.5, unit=1.0, lag_ms=9, seed=11, key=0, title="Slow Window",
        dynamics=[(0, 54), (8, 64), (15, 72), (16, 92), (20, 88), (22, 74), (23, 60)],
        cues=[(0, "intro"), (7, "main_b"), (11.5, "fill"), (15, "main_d"), (19.5, "fill"), (21, "ending")],
        bars="""
        Cadd9/4 : r/1 E5/.5 G5/.5 >E5/1 D5/.5 C5/.5
        G/B/4 : D5/1.5 B4/.5 G4/1 r/1
        Am7/4 : r/.5 C5/.5 E5/.5 C5/.5 >D5/1.5 C5/.5
        Fmaj7/4 : A4/2 r/2
        C/E/4 : r/1 G4/.5 C5/.5 >E5/1 F5/.5 E5/.5
        Dm7/4 : D5/1.5 A4/.5 F5/1 E5/1
        Fmaj7/4 : >E5/1 C5/.5 A4/.5 C5/1 D5/1
        Gsus4/2 G@2/2 : D5/1.5 r/2.5

        Cadd9/4 : r/.5 E5/.5 G5/.5 C6/.5 >B5/1 G5/.5 E5/.5
        G/B/4 : D5/1 G5/1.5 r/1.5
        Am7/4 : r/.5 C5/.5 E5/.5 A5/.5 >G5/1.5 E5/.5
        Fmaj7/4 : C5/1.5 A4/.5 r/2
        C/E/4 : r/.5 G4/.5 C5/.5 E5/.5 >G5/1 F5/.5 E5/.5
        Dm7/4 : F5/1.5 E5/.5 D5/1 A4/1
        F/2 G@2/2 : >C5/1 A4/.5 C5/.5 D5/1 B4/1
        G7sus4/2 G7@2/2 : C5/1 D5/1 r/.5 E5/.5 G5/.5 A5/.5

        C@-.5/4 : >C6/2 B5/.5 G5/.5 E5/1
        G/B/4 : >D5+B5/1.5 A5/.5 G5/1 r/1
        Am7@-.5/4 : r/.5 A5/.5 >C6/1 B5/.5 A5/.5 G5/.5 E5/.5
        Fmaj7/4 : >A5/2 r/2
        C/E/2 F@2/2 : G5/1 E5/.5 C5/.5 >A5/1 G5/.5 F5/.5
        Dm7/2 G7sus4@2/2 : >F5/1.5 D5/.5 E5/1 D5/1
        F/2 G@2/2 : C5/1.5 A4/.5 D5/1.5 B4/.5
        Cadd9/4 : >E5+C6/3.5 r/.5
        """),
    # 24 bars in E dorian: a vamp whose chords come a sixteenth or an eighth early, a bridge, and back.
    "push-and-pull": dict(
        bpm=102, meter=(4, 4), swing=0.54, unit=0.5, lag_ms=3, seed=23, key=2, title="Push and Pull",
        dynamics=[(0, 72), (4, 78), (8, 86), (12, 90), (16, 96), (20, 104), (23, 100)],
        cues=[(0, "main_a"), (3, "fill"), (7, "main_b"), (11.5, "fill"), (15, "main_c"), (19, "main_d"),
              (20, "break"), (21, "ending")],
        bars="""
        Em9/.5 Em9@1.5/.25 Em9@2.75/.5 : r/4
        A9@-.25/1 A9@1.5/.5 : r/.5 >B4/.25 D5/.25 E5/.5 r/.25 G5/.25 E5/1 r/1
        Em9@-.5/1 Em9@1.5/.25 Em9@2.75/.5 : r/1 B4/.25 D5/.25 >E5/.5 r/.25 D5/.25 B4/.5 A4/.5 B4/.5
        A9@-.25/1 A9@1.5/.5 : >G4/.5 E4/1 r/2.5
        Em9@-.5/1 Em9@1.5/.25 Em9@2.75/.5 : r/.75 E5/.25 >G5/.5 A5/.25 Bb5/.25 B5/.5 G5/.25 E5/.25 D5/1
        A9@-.25/1 A9@1.5/.5 : C#5/.5 E5/.5 >G5/.75 F#5/.25 E5/1 r/1
        Em9@-.5/1 Em9@1.5/.25 Em9@2.75/.5 : r/.5 B4/.25 D5/.25 >E5/.25 E5/.25 r/.5 G5/.25 E5/.25 D5/.5 B4/1
        A9@-.25/2 : >E5/.5 r/3.5

        Em9@-.5/1 Em9@1.5/.25 Em9@2.75/.5 : r/.5 >E5+B5/.5 r/.75 E5+B5/.25 r/.5 D5+A5/.5 B4+G5/1
        A9@-.25/1 A9@1.5/.5 : r/.25 C#5/.25 E5/.25 G5/.25 >A5/.75 G5/.25 E5/.5 C#5/.5 r/1
        Em9@-.5/1 Em9@1.5/.25 Em9@2.75/.5 : r/.5 >E5+B5/.5 r/.75 E5+B5/.25 r/.5 F#5+D6/.5 E5+B5/1
        A9@-.25/2 : >G5/.25 E5/.25 C#5/.5 r/3
        Cmaj7@-.5/2.5 : >E5+G5/1.5 B4/.5 D5/.5 E5/.5 G5/1
        B7#9@-.5/2.5 : >D5+F#5/1.5 A4/.5 B4/.5 D5/.5 F#5/1
        Cmaj7@-.5/2.5 : >G5+B5/1.5 E5/.5 F#5/.5 G5/.5 B5/1
        B7#9@-.5/1 B7#9@2.5/.5 : >A5/.5 F#5/.25 D#5/.25 r/3

        Em9@-.5/1 Em9@1.5/.25 Em9@2.75/.5 : r/.75 E5/.25 >G5/.5 A5/.25 B5/.25 >D6/.5 B5/.25 A5/.25 G5/.5 E5/.5
        A9@-.25/1 A9@1.5/.5 : >C#6/.75 B5/.25 A5/.5 G5/.5 E5/1 r/1
        Em9@-.5/1 Em9@1.5/.25 Em9@2.75/.5 : r/.5 >B5/.25 B5/.25 r/.25 A5/.25 G5/.5 E5/.25 G5/.25 A5/.5 B5/1
        A9@-.25/2 : >D6/.5 C#6/.25 A5/.25 r/3
        Em9/.5 : >E5+B5/.5 r/3.5
        Em9/.5 Em9@1.5/.25 Em9@2.75/.5 : >E5+G5/.5 r/.5 E5/.25 G5/.25 A5/.5 B5/.5 A5/.25 G5/.25 E5/1
        Am7/1 B7#9@2/1 : >C6/.5 A5/.5 E5/.5 C5/.5 >D6/.5 A5/.5 F#5/.5 D#5/.5
        Em9/3.5 : >E5+B5/3 r/1
        """),
}


def pitch(name):
    letter, accidental, octave = re.fullmatch(r"([A-G])(b|#)?(-?\d)", name).groups()
    return LETTERS[letter] + {"b": -1, "#": 1, None: 0}[accidental] + 12 * (int(octave) + 1)


def left_hand(symbol):
    """The keys of a chord, all below F#3; a slash chord gets its bass below the triad."""
    root, kind, bass = re.fullmatch(r"([A-G][b#]?)([^/]*)(?:/([A-G][b#]?))?", symbol).groups()
    low = 33 + (pitch(root + "3") - 33) % 12  # A1 to G#2
    wide, closed = STACKS[kind]
    keys = [low + step for step in (wide if low + max(wide) < 54 else closed)]
    if max(keys) > 53:  # Ab2 and G2 with a major seventh
        keys = [key - 12 for key in keys]
    if bass:
        floor = 29 + (pitch(bass + "3") - 29) % 12
        keys = [floor] + [key + (12 if key <= floor else 0) for key in keys if (key - floor) % 12]
    assert max(keys) < 54, symbol
    return keys


def loudness(curve, bar):
    """Between the marks of the dynamics, straight lines."""
    before = [mark for mark in curve if mark[0] <= bar][-1]
    after = next((mark for mark in curve if mark[0] > bar), before)
    share = (bar - before[0]) / (after[0] - before[0]) if after != before else 0
    return before[1] + share * 0.5 * (after[1] - before[1])


def read(tune):
    """All notes as (beat, length, key, velocity, spread): `spread` is the place in a chord, from 0, or None."""
    notes, per_bar = [], tune["meter"][0]
    bars = [line.split(" : ") for line in tune["bars"].strip().splitlines() if line.strip()]
    for bar, (chords, melody) in enumerate(bars):
        for symbol, at, length in re.findall(r"([^\s@]+?)(?:@([-.\d]+))?/([.\d]+)(?=\s|$)", chords):
            for place, key in enumerate(left_hand(symbol)):
                velocity = loudness(tune["dynamics"], bar) - 12 + 4 * (place == 0)
                notes.append((bar * per_bar + float(at or 0), float(length), key, velocity, place))
        beat = bar * per_bar
        for accent, names, length in re.findall(r"(>?)([A-Gr][^/\s]*)/([.\d]+)", melody):
            for name in [] if names == "r" else names.split("+"):
                key = pitch(name)
                assert key > 54, name
                velocity = loudness(tune["dynamics"], bar) + 10 * bool(accent) + (key - 74) * 0.5
                notes.append((beat, float(length), key, velocity, None))
            beat += float(length)
        assert abs(beat - (bar + 1) * per_bar) < 1e-9, f"bar {bar + 1} has {beat - bar * per_bar} beats"
    return notes, len(bars)


def swung(beat, swing, unit):
    """Moves the second half of each unit: eighths (unit 1) or sixteenths (unit 0.5)."""
    whole, rest = divmod(beat / unit, 1)
    return (whole + (rest * 2 * swing if rest <= 0.5 else swing + (rest - 0.5) * 2 * (1 - swing))) * unit


def perform(tune, notes):
    """Notes as a pair of hands would play them: (on, off, key, velocity) in ticks."""
    dice, ticks_per_ms = random.Random(tune["seed"]), PPQ * tune["bpm"] / 60_000
    played, hand = [], {}
    chords = sorted({beat for beat, _, _, _, place in notes if place is not None})
    for beat, length, key, velocity, place in notes:
        if place is not None:  # The hand has let go before it takes the next chord.
            length = min([length] + [other - beat - 0.06 for other in chords if other > beat])
        spread = hand.setdefault(beat, (dice.uniform(5, 25), dice.gauss(-12, 5))) if place is not None else None
        late = spread[1] + spread[0] * place / 3 if spread else dice.gauss(tune["lag_ms"], 7)
        warp = lambda at: swung(at, tune["swing"], tune["unit"]) * PPQ
        on = max(0, warp(beat) + late * ticks_per_ms)
        legato = 0.92 if length >= 0.5 else 0.75
        off = max(on + 60, on + (warp(beat + length) - warp(beat)) * legato + dice.gauss(0, 8))
        played.append((round(on), round(off), key, max(18, min(122, round(velocity + dice.gauss(0, 3.5))))))
    # A key that is struck again is released first.
    played.sort()
    for i, (on, off, key, velocity) in enumerate(played):
        again = next((n[0] for n in played[i + 1:] if n[2] == key and n[0] > on), off + 1)
        played[i] = (on, min(off, again - 10), key, velocity)
    return played


def varint(value):
    digits = [value & 127]
    while value := value >> 7:
        digits.append(value & 127 | 128)
    return bytes(reversed(digits))


def track(events):
    """A chunk from (tick, order, bytes)."""
    data, now = b"", 0
    for tick, _, message in sorted(events):
        data += varint(tick - now) + message
        now = tick
    return b"MTrk" + struct.pack(">I", len(data)) + data


def meta(kind, data):
    return bytes([0xFF, kind]) + varint(len(data)) + data


def write(name, tune):
    notes, bars = read(tune)
    end, per_bar = bars * tune["meter"][0] * PPQ, tune["meter"][0] * PPQ
    over, under = tune["meter"]
    conductor = [(0, 0, meta(3, tune["title"].encode())), (0, 1, meta(0x58, bytes([over, under.bit_length() - 1, 24, 8]))),
                 (0, 2, meta(0x51, struct.pack(">I", round(6e7 / tune["bpm"]))[1:])),
                 (0, 3, meta(0x59, struct.pack("bb", tune["key"], 0)))]
    conductor += [(round(bar * per_bar), 4, meta(6, f"cue: {cue}".encode())) for bar, cue in tune["cues"]]
    performer = [(0, 0, meta(3, b"performer"))]
    for on, off, key, velocity in perform(tune, notes):
        performer += [(on, 2, bytes([0x90, key, velocity])), (min(off, end - 1), 1, bytes([0x80, key, 64]))]
    chunks = [track(events + [(end, 9, meta(0x2F, b""))]) for events in (conductor, performer)]
    header = b"MThd" + struct.pack(">IHHH", 6, 1, len(chunks), PPQ)
    Path(__file__).with_name(f"{name}.mid").write_bytes(header + b"".join(chunks))


if __name__ == "__main__":
    for tune_name, tune_notes in TUNES.items():
        write(tune_name, tune_notes)
