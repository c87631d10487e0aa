#!/usr/bin/env python3
"""Cuts the sounds of Sideman out of FluidR3_GM.sf2: one small SoundFont per family, beside this file.

    python3 build.py [path of FluidR3_GM.sf2]

Needs Python 3.10 and `oggenc` (vorbis-tools). The same versions of oggenc and libvorbis give the same bytes.
"""

import struct
import subprocess
import sys
from array import array
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

SOURCE = "/usr/share/sounds/sf2/FluidR3_GM.sf2"
NOTICE = b"Cut from Fluid R3 GM. Licensed under the MIT License: see LICENSE-FluidR3."

# Generators and sample types of the SoundFont 2.04 specification, 8.1.2 and 7.10.
KEY_RANGE, INSTRUMENT, SAMPLE = 43, 41, 53
# A zone that says nothing is delayed by a millisecond; a band's notes begin where they stand.
DELAY, AT_ONCE = 33, 0x8000
VORBIS = 0x10
SILENCE_AFTER_SAMPLE = 46

KIT = 128
# The pieces that the grooves play: the click, sticks, the kit, Latin hand percussion, whistles, cuica and shaker.
PIECES = {31, 33, 34, *range(35, 83)}


class Family(NamedTuple):
    """One file: its presets as (bank, program), and how much of them is kept."""

    name: str
    presets: list
    quality: float | None  # of oggenc; None keeps PCM, for loops of one cycle, which a codec would smear
    keys: frozenset = frozenset(range(128))
    longest: float = 60.0  # seconds; what is cut off is faded out


# Quality goes first to what is heard bare: the kits, the piano, the acoustic bass. All in all below 8 MB.
FAMILIES = [
    Family("kits", [(KIT, 0), (KIT, 24), (KIT, 25), (KIT, 32), (KIT, 40)], 4, frozenset(PIECES), 4.0),
    Family("piano", [(0, 0)], 4),
    Family("epiano", [(0, 4)], 3),
    Family("clav", [(0, 7)], 4),
    Family("vibes", [(0, 11)], 4),
    Family("marimba", [(0, 12)], 3),
    Family("organ", [(0, 16), (0, 18)], 3),
    Family("accordion", [(0, 21)], 2),
    Family("guitar-nylon", [(0, 24)], 4),
    Family("guitar-steel", [(0, 25)], 4),
    Family("guitar-clean", [(0, 26), (0, 27)], 4),
    Family("guitar-muted", [(0, 28)], 4),
    Family("guitar-drive", [(0, 29)], 3),
    Family("bass-acoustic", [(0, 32)], 5),
    Family("bass-finger", [(0, 33)], 4),
    Family("bass-fretless", [(0, 35)], 4),
    Family("bass-synth", [(0, 38), (0, 39)], None),
    Family("strings", [(0, 48), (0, 49)], 2),
    Family("choir", [(0, 52)], 2),
    Family("brass", [(0, 61)], 2),
    Family("trumpet", [(0, 56)], 4),
    Family("sax", [(0, 65)], 2),
    Family("flute", [(0, 73)], 2),
    Family("leads", [(0, 80), (0, 81)], None),
    Family("pads", [(0, 88), (0, 89)], 3),
]


class Source:
    """The records of an SF2 file."""

    def __init__(self, path):
        data = open(path, "rb").read()
        if data[:4] != b"RIFF" or data[8:12] != b"sfbk":
            sys.exit(f"{path}: not a SoundFont")
        chunks = {}
        position = 12
        while position < len(data):
            end = position + 8 + struct.unpack_from("<I", data, position + 4)[0]
            position += 12
            while position < end:
                name, size = struct.unpack_from("<4sI", data, position)
                chunks[name] = data[position + 8 : position + 8 + size]
                position += 8 + size + size % 2

        def records(name, form):
            return list(struct.iter_unpack(form, chunks[name]))

        self.info = chunks
        self.pcm = chunks[b"smpl"]
        self.samples = records(b"shdr", "<20sIIIIIBbHH")
        self.presets = records(b"phdr", "<20sHHHIII")
        self.instruments = records(b"inst", "<20sH")
        self.preset_bags = (records(b"pbag", "<HH"), records(b"pgen", "<HH"), records(b"pmod", "<HHhHH"))
        self.instrument_bags = (records(b"ibag", "<HH"), records(b"igen", "<HH"), records(b"imod", "<HHhHH"))

    @staticmethod
    def zones(bags, first, end):
        """Zones as (generators, modulators)."""
        index, generators, modulators = bags
        for (g, m), (g_end, m_end) in zip(index[first:end], index[first + 1 : end + 1]):
            yield generators[g:g_end], modulators[m:m_end]

    def preset(self, bank, program):
        """Name and zones of a preset."""
        for this, following in zip(self.presets, self.presets[1:]):
            if this[1:3] == (program, bank):
                return this[0], list(self.zones(self.preset_bags, this[3], following[3]))
        sys.exit(f"the font has no preset {bank}:{program}")

    def instrument(self, number):
        """Name and zones of an instrument."""
        (name, first), (_, end) = self.instruments[number : number + 2]
        return name, list(self.zones(self.instrument_bags, first, end))


class Cut:
    """The presets of a family, with the instruments and samples they use renumbered."""

    def __init__(self, source, family):
        self.source, self.family = source, family
        self.instruments, self.samples = {}, []  # old number -> (new number, name, zones) or None; old numbers
        self.presets = []
        for bank, program in family.presets:
            name, zones = source.preset(bank, program)
            self.presets.append((name, program, bank, [z for z in map(self.preset_zone, zones) if z]))

    def played(self, generators):
        """Whether a zone sounds for a key that the family keeps."""
        low, high = divmod(dict(generators).get(KEY_RANGE, 0x7F00), 256)[::-1]
        return not self.family.keys.isdisjoint(range(low, high + 1))

    def preset_zone(self, zone):
        generators, modulators = zone
        if not generators or generators[-1][0] != INSTRUMENT:
            return zone
        instrument = self.instrument(generators[-1][1]) if self.played(generators) else None
        return instrument and ([*generators[:-1], (INSTRUMENT, instrument[0])], modulators)

    def instrument(self, number):
        """An instrument without the zones that never sound; none if nothing is left, which players refuse."""
        if number not in self.instruments:
            name, zones = self.source.instrument(number)
            kept = [z for z in map(self.instrument_zone, zones) if z]
            sounds = any(g and g[-1][0] == SAMPLE for g, _ in kept)
            place = sum(1 for i in self.instruments.values() if i)
            self.instruments[number] = (place, name, kept) if sounds else None
        return self.instruments[number]

    def instrument_zone(self, zone):
        generators, modulators = zone
        if not generators or generators[-1][0] != SAMPLE:
            return zone
        if not self.played(generators):
            return None
        sample = generators[-1][1]
        if sample not in self.samples:
            self.samples.append(sample)
        at_once = [] if DELAY in dict(generators) else [(DELAY, AT_ONCE)]
        return [*generators[:-1], *at_once, (SAMPLE, self.samples.index(sample))], modulators

    def audio(self, sample):
        """The frames of a sample that can sound, as 16-bit PCM."""
        _, start, end, _, _, rate, *_ = self.source.samples[sample]
        pcm = array("h", self.source.pcm[start * 2 : end * 2])
        if sys.byteorder == "big":
            pcm.byteswap()
        longest = int(self.family.longest * rate)
        if len(pcm) > longest:
            fade = rate // 2
            del pcm[longest:]
            for i in range(fade):
                pcm[longest - 1 - i] = pcm[longest - 1 - i] * i // fade
        return pcm.tobytes()


def vorbis(pcm, rate, quality):
    """One mono Ogg Vorbis stream. A fixed serial number keeps the bytes the same from run to run."""
    raw = ["-r", "-B", "16", "-C", "1", "-R", str(rate)]
    command = ["oggenc", "-Q", *raw, "-q", str(quality), "-s", "1", "-o", "-", "-"]
    return subprocess.run(command, input=pcm, stdout=subprocess.PIPE, check=True).stdout


def samples(cut):
    """The sample headers and the sample data of a cut."""
    headers, data, quality = [], bytearray(), cut.family.quality
    audio = [cut.audio(s) for s in cut.samples]
    if quality is not None:
        rates = [cut.source.samples[s][5] for s in cut.samples]
        with ThreadPoolExecutor() as threads:
            audio = list(threads.map(vorbis, audio, rates, [quality] * len(audio)))
    for sample, piece in zip(cut.samples, audio):
        name, start, end, loop, loop_end, rate, key, cents, link, kind = cut.source.samples[sample]
        # A sample that was shortened may not keep a loop beyond its end.
        last = min(end - start, int(cut.family.longest * rate)) - 1
        loop, loop_end = min(loop - start, last), min(loop_end - start, last)
        if link in cut.samples and kind > 1:
            link = cut.samples.index(link)
        else:
            link, kind = 0, 1
        at = len(data)
        if quality is None:
            at //= 2
            bounds = (at, at + len(piece) // 2, at + loop, at + loop_end)
            data += piece + bytes(2 * SILENCE_AFTER_SAMPLE)
        else:
            # Bytes of a compressed sample, but frames of its loop, counted from its own beginning.
            bounds = (at, at + len(piece), loop, loop_end)
            data += piece
            kind |= VORBIS
        headers.append((name, *bounds, rate, key, cents, link, kind))
    return headers, bytes(data)


def chunk(name, data):
    return name + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)


def chunks(kind, *parts):
    return chunk(b"LIST", kind + b"".join(parts))


def table(form, rows, last):
    return b"".join(struct.pack(form, *row) for row in [*rows, last])


def bags(names, owners):
    """The bag, modulator and generator chunks of presets or instruments, and where the zones of each begin."""
    index, generators, modulators, firsts = [], [], [], []
    for zones in owners:
        firsts.append(len(index))
        for g, m in zones:
            index.append((len(generators), len(modulators)))
            generators += g
            modulators += m
    firsts.append(len(index))
    bag, mod, gen = names
    parts = [
        chunk(bag, table("<HH", index, (len(generators), len(modulators)))),
        chunk(mod, table("<HHhHH", modulators, (0,) * 5)),
        chunk(gen, table("<HH", generators, (0, 0))),
    ]
    return parts, firsts


def soundfont(cut):
    """The bytes of the file. INFO strings have even lengths, which FluidSynth insists on."""

    def text(name, value):
        return chunk(name, value + bytes(2 - len(value) % 2))

    version = struct.pack("<HH", *((2, 1) if cut.family.quality is None else (3, 0)))
    info = [
        chunk(b"ifil", version),
        text(b"isng", b"E-mu 10K1"),
        text(b"INAM", b"Sideman " + cut.family.name.encode()),
        text(b"ICOP", cut.source.info[b"ICOP"].rstrip(b"\0")),
        text(b"ICMT", NOTICE),
    ]
    headers, data = samples(cut)
    instruments = sorted(i for i in cut.instruments.values() if i)
    preset_parts, preset_firsts = bags((b"pbag", b"pmod", b"pgen"), [zones for *_, zones in cut.presets])
    inst_parts, inst_firsts = bags((b"ibag", b"imod", b"igen"), [zones for *_, zones in instruments])
    phdr = [(*preset[:3], first, 0, 0, 0) for preset, first in zip(cut.presets, preset_firsts)]
    inst = [(name, first) for (_, name, _), first in zip(instruments, inst_firsts)]
    parameters = [
        chunk(b"phdr", table("<20sHHHIII", phdr, (b"EOP", 0, 0, preset_firsts[-1], 0, 0, 0))),
        *preset_parts,
        chunk(b"inst", table("<20sH", inst, (b"EOI", inst_firsts[-1]))),
        *inst_parts,
        chunk(b"shdr", table("<20sIIIIIBbHH", headers, (b"EOS", *(0,) * 9))),
    ]
    body = chunks(b"INFO", *info) + chunks(b"sdta", chunk(b"smpl", data)) + chunks(b"pdta", *parameters)
    return chunk(b"RIFF", b"sfbk" + body)


def main():
    source = Source(sys.argv[1] if len(sys.argv) > 1 else SOURCE)
    total = 0
    for family in FAMILIES:
        data = soundfont(Cut(source, family))
        path = Path(__file__).with_name(f"{family.name}.{'sf2' if family.quality is None else 'sf3'}")
        path.write_bytes(data)
        total += len(data)
        print(f"{path.name:20} {len(data):9,} bytes")
    print(f"{'in all':20} {total:9,} bytes")


if __name__ == "__main__":
    main()
