"""Validation loss per token class and set, and whether the model listens to the performer."""

from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F
from shards import Meta, Split
from torch import Tensor

PARTS = ("bass", "comp", "pads", "drums")  # the classes that are the band's own notes
PERFORMER = "performer"

Logits = Callable[[Tensor], Tensor]


def pair(tokens: np.ndarray, weight: np.ndarray, device: torch.device) -> tuple[Tensor, Tensor, Tensor]:
    """Windows as input, target and loss weight, each one token shorter."""
    tokens_t = torch.from_numpy(tokens.astype(np.int64)).to(device)
    weight_t = torch.from_numpy(weight[:, 1:].astype(np.float32) / 100).to(device)
    return tokens_t[:, :-1], tokens_t[:, 1:], weight_t


def losses(logits: Tensor, target: Tensor) -> Tensor:
    """Cross-entropy of each token in nats, `[B, T]`."""
    return F.cross_entropy(logits.float().flatten(0, 1), target.flatten(), reduction="none").view_as(target)


class Judge:
    """Fixed validation windows, the same number of each set, so that small sets are measured as well as large ones."""

    def __init__(self, split: Split, per_set: int, batch: int, device: torch.device):
        self.meta, self.batch, self.device = split.meta, batch, device
        rng = np.random.default_rng(0)
        self.sets = np.repeat([i for i, items in enumerate(split.items) if len(items)], per_set)
        windows = [split.window(rng, which) for which in self.sets]
        self.tokens, self.weight = (np.stack(part) for part in zip(*windows))

    def loss(self, logits: Logits) -> dict:
        """The figures on the windows as they are."""
        return self.figures(self.table(logits, self.tokens, self.weight))

    def listening(self, logits: Logits, heard: dict) -> dict:
        """By how much the loss of each part rises, as a share, when what the performer did is moved to other beats.

        `heard` are the figures of `loss`. The parts come with the sets mixed, and by set.
        """
        rng = np.random.default_rng(1)
        moved = [self.shuffled(t, w, rng) for t, w in zip(self.tokens, self.weight)]
        deaf = self.figures(self.table(logits, *(np.stack(part) for part in zip(*moved))))
        cells = {name: rises(deaf["cells"][name], cell) for name, cell in heard["cells"].items()}
        return rises(deaf["classes"], heard["classes"]) | {"sets": cells}

    @torch.no_grad()
    def table(self, logits: Logits, tokens: np.ndarray, weight: np.ndarray) -> np.ndarray:
        """Sums of weighted loss and of weight, `[2, sets, classes]`."""
        classes = len(self.meta.classes)
        table = np.zeros((2, len(self.meta.sets) * classes))
        for at in range(0, len(tokens), self.batch):
            part = slice(at, at + self.batch)
            source, target, w = pair(tokens[part], weight[part], self.device)
            loss = losses(logits(source), target) * w
            kind = np.stack([self.meta.classify(row)[1:] for row in tokens[part]])
            cell = (self.sets[part, None] * classes + kind).ravel()
            for row, value in zip(table, (loss, w)):
                row += np.bincount(cell, value.cpu().double().numpy().ravel(), table.shape[1])
        return table.reshape(2, -1, classes)

    def figures(self, table: np.ndarray) -> dict:
        """Losses by class (sets mixed by their shares), by set, and by both; `parts` is the mean of the band's."""
        meta = self.meta
        loss, weight = table
        mixed = meta.shares / np.maximum(weight.sum(1), 1e-9) @ table
        classes = ratios(meta.classes, *mixed)
        cells = {name: ratios(meta.classes, *row) for name, *row in zip(meta.sets, loss, weight)}
        parts = [classes[part] for part in PARTS if part in classes]
        total = ratios(meta.sets, loss.sum(1), weight.sum(1))
        mean = float(np.mean(parts)) if parts else float(mixed[0].sum() / mixed[1].sum())
        return {"parts": mean, "classes": classes, "sets": total, "cells": {k: v for k, v in cells.items() if v}}

    def shuffled(self, tokens: np.ndarray, weight: np.ndarray, rng: np.random.Generator) -> tuple:
        """One window with its runs of performer tokens, one a beat, permuted over the beats that have one.

        Beats that were not heard stay so, and the grammar holds.
        """
        kind = self.meta.classify(tokens)
        heard = (kind == self.meta.classes.index(PERFORMER)) & (tokens != self.meta.unheard)
        edge = np.flatnonzero(np.diff(heard)) + 1
        runs = np.split(np.arange(len(tokens)), edge)
        slots = [i for i, run in enumerate(runs) if len(run) and heard[run[0]]]
        order = list(runs)
        for slot, other in zip(slots, rng.permutation(slots)):
            order[slot] = runs[other]
        places = np.concatenate(order)
        return tokens[places], weight[places]


def rises(deaf: dict[str, float], heard: dict[str, float]) -> dict[str, float]:
    """By how much the losses of the band's parts are higher."""
    return {part: deaf[part] / heard[part] - 1 for part in PARTS if part in heard}


def ratios(names: list[str], loss: np.ndarray, weight: np.ndarray) -> dict[str, float]:
    """Mean losses of the names that were predicted at all."""
    return {name: float(a / b) for name, a, b in zip(names, loss, weight) if b > 0}
