"""Reads the integer shards that the corpus binary writes, and draws windows from them in the wanted mix."""

import json
from pathlib import Path

import numpy as np

Window = tuple[np.ndarray, np.ndarray]  # tokens and their loss weights, of equal length


class Meta:
    """What the token numbers mean. Nothing else in this folder knows the vocabulary."""

    def __init__(self, folder: Path):
        meta = json.loads((folder / "meta.json").read_text())
        self.vocabulary: int = meta["vocabulary"]
        self.tokens: str = meta["tokens"]
        self.sets: list[str] = meta["sets"]
        self.shares = np.array([meta["shares"].get(name, 0.0) for name in self.sets])
        self.classes = list(dict.fromkeys([c["name"] for c in meta["classes"]] + ["other"]))
        self.class_of = np.full(self.vocabulary, self.classes.index("other"))
        for c in meta["classes"]:
            self.class_of[c["first"] : c["last"] + 1] = self.classes.index(c["name"])
        first, last = meta["beat"]
        self.opens_bar = np.atleast_1d(meta.get("bar_start", np.arange(first, last + 1)))
        self.unheard: int | None = meta.get("unheard")
        self.follows = np.zeros(self.vocabulary, bool)
        for c in meta.get("follow", []):
            self.follows[c["first"] : c["last"] + 1] = True

    def classify(self, tokens: np.ndarray) -> np.ndarray:
        """The class of each token of one stream; a word that parts share is of the part that spoke last."""
        found = self.class_of[tokens]
        own = np.where(self.follows[tokens], -1, np.arange(len(tokens)))
        last = np.maximum.accumulate(own)
        return np.where(last < 0, self.classes.index("other"), found[last])


class Split:
    """The items of one split. A window begins where a bar does; short items follow one another in a window.

    Attention then crosses from one short item into the next. That wastes nothing, and on stage a set of songs is one
    stream too.
    """

    def __init__(self, folder: Path, name: str, meta: Meta, length: int):
        self.meta, self.length = meta, length
        self.tokens = np.fromfile(folder / f"{name}.bin", "<u2")
        self.weight = np.fromfile(folder / f"{name}.weight", np.uint8)
        self.offsets = np.fromfile(folder / f"{name}.idx", "<u8").astype(np.int64)
        self.set_of = np.fromfile(folder / f"{name}.set", np.uint8)
        self.check(name)
        bars = np.flatnonzero(np.isin(self.tokens, meta.opens_bar))
        self.starts = np.union1d(bars, self.offsets[:-1])
        self.first = np.searchsorted(self.starts, self.offsets[:-1])
        reach = np.maximum(self.offsets[1:] - length, self.offsets[:-1])
        end = np.searchsorted(self.starts, self.offsets[1:])
        self.last = np.minimum(np.searchsorted(self.starts, reach), end - 1)
        self.items = [np.flatnonzero(self.set_of == i) for i in range(len(meta.sets))]
        self.chances = [self.chance_of_items(items) for items in self.items]

    def flatten(self) -> None:
        """Every predicted token counts 1, whoever played it."""
        self.weight[self.weight > 0] = 100

    def check(self, name: str) -> None:
        """Files of different runs, or of another format, shall not train a model quietly."""
        whole = len(self.tokens) == len(self.weight) == self.offsets[-1] and len(self.set_of) == len(self.offsets) - 1
        if not whole or np.any(np.diff(self.offsets) <= 0) or self.tokens.max() >= self.meta.vocabulary:
            raise SystemExit(f"the {name} shards do not fit together: write them again")

    def chance_of_items(self, items: np.ndarray) -> np.ndarray:
        """Each token of a set shall be as likely as any other: a short item is taken whole, a long one in part."""
        reach = np.maximum(self.offsets[items + 1] - self.offsets[items], self.length)
        return np.cumsum(reach) / max(reach.sum(), 1)

    def chance_of_sets(self, shares: np.ndarray) -> np.ndarray:
        """Shares count predicted tokens, and sets differ in how much of a window is predicted."""
        of_token = np.repeat(self.set_of, np.diff(self.offsets))
        total = np.bincount(of_token, minlength=len(shares))
        predicted = np.bincount(of_token[self.weight > 0], minlength=len(shares))
        chance = np.where(predicted > 0, shares * total / np.maximum(predicted, 1), 0.0)
        if chance.sum() <= 0:
            raise SystemExit("no set of the shards has both a share and a predicted token")
        return chance / chance.sum()

    def window(self, rng: np.random.Generator, which: int) -> Window:
        """`length` tokens of the set `which`."""
        pieces, room = [], self.length
        while room > 0:
            item = self.items[which][np.searchsorted(self.chances[which], rng.random(), side="right")]
            start = self.starts[rng.integers(self.first[item], self.last[item] + 1)]
            end = min(start + room, self.offsets[item + 1])
            pieces.append(slice(start, end))
            room -= end - start
        return np.concatenate([self.tokens[p] for p in pieces]), np.concatenate([self.weight[p] for p in pieces])

    def batch(self, rng: np.random.Generator, chance: np.ndarray, size: int) -> Window:
        """`size` windows, `[size, length]`, each of a set drawn by `chance`."""
        windows = [self.window(rng, which) for which in rng.choice(len(chance), size, p=chance)]
        return np.stack([w[0] for w in windows]), np.stack([w[1] for w in windows])
