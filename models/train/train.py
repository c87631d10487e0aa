"""Trains the band: `train.py train SHARDS OUT --size 4m --minutes 120`, then `train.py evaluate SHARDS FILE`.

OUT gets `sideman-<size>.safetensors` with its `.json` (the weights that were best on validation), `latest.pt` (to go on
from, with `--resume`) and `log.jsonl`.
"""

import argparse
import json
import math
import os
import time
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # spinning threads slow a shared machine down by 2 to 4 times

import numpy as np
import torch
from judge import Judge, losses, pair
from net import SIZES, Config, Net, load, save
from precision import PRECISIONS, hold
from shards import Meta, Split
from torch import Tensor

WARM_UP, FLOOR = 0.02, 0.05  # as shares of the budget and of the peak rate


class Trainer:
    """A run: the network, its optimiser, and how far it has come."""

    def __init__(self, args: argparse.Namespace):
        self.args, self.device = args, torch.device(args.device)
        torch.manual_seed(args.seed)
        self.meta = Meta(args.shards)
        self.split = Split(args.shards, "train", self.meta, args.context + 1)
        if args.flat:
            self.split.flatten()
        self.chance = self.split.chance_of_sets(wanted_shares(self.meta, args.share))
        valid = Split(args.shards, "valid", self.meta, args.context + 1)
        self.judge = Judge(valid, args.valid_windows, args.batch, self.device)
        config = Config(f"sideman-{args.size}", self.meta.vocabulary, tokens=self.meta.tokens, **SIZES[args.size])
        self.net = Net(config, args.dropout).to(self.device)
        self.optimiser = Optimiser(self.net)
        self.loss = torch.compile(self.forward_loss) if args.compile else self.forward_loss
        self.step = self.tokens = self.stale = 0
        self.seconds, self.best = 0.0, math.inf

    def forward_loss(self, source: Tensor, target: Tensor, weight: Tensor) -> Tensor:
        """The mean loss of a batch, by weight."""
        return (losses(self.net(source), target) * weight).sum() / weight.sum().clamp(min=1)

    def autocast(self) -> torch.autocast:
        return torch.autocast(self.device.type, torch.bfloat16, enabled=not self.args.f32)

    def logits(self, source: Tensor) -> Tensor:
        with self.autocast():
            return self.net(source)

    def progress(self) -> float:
        """How much of the budget is used, 0 to 1."""
        used = self.tokens / self.args.tokens if self.args.tokens else self.seconds / 60 / self.args.minutes
        return min(used, 1.0)

    def rate(self) -> float:
        """A linear warm-up, then a cosine down to the floor where the budget ends."""
        done = self.progress()
        peak = self.args.rate
        if done < WARM_UP:
            return peak * max(done / WARM_UP, 0.01)
        swing = 0.5 + 0.5 * math.cos(math.pi * (done - WARM_UP) / (1 - WARM_UP))
        return peak * (FLOOR + (1 - FLOOR) * swing)

    def learn(self) -> Tensor:
        """One step. Everything random comes from the seed and the step, so a resumed run draws what it would have."""
        rng = np.random.default_rng((self.args.seed, self.step))
        torch.manual_seed(self.args.seed + self.step)
        batch = pair(*self.split.batch(rng, self.chance, self.args.batch), self.device)
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate()
        with self.autocast():
            loss = self.loss(*batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        self.optimiser.step()
        self.optimiser.zero_grad()
        self.step += 1
        self.tokens += batch[1].numel()
        return loss.detach()

    def run(self) -> None:
        """Learns until the budget is used, or until validation has not become better for `patience` times."""
        looked = math.floor(self.progress() * self.args.validations)
        saved, began, recent = time.monotonic(), time.monotonic() - self.seconds, []
        while self.progress() < 1 and self.stale < self.args.patience:
            recent.append(self.learn())
            self.seconds = time.monotonic() - began
            if math.floor(self.progress() * self.args.validations) > looked:
                looked = math.floor(self.progress() * self.args.validations)
                self.validate(float(torch.stack(recent).mean()))
                recent = []
            if time.monotonic() - saved > 60 * self.args.save_minutes:
                self.keep()
                saved = time.monotonic()
        self.keep()

    def validate(self, train_loss: float) -> None:
        """Logs where the run is, and keeps the weights if they are the best so far."""
        self.net.eval()
        valid = self.judge.loss(self.logits)
        entry = {"step": self.step, "tokens": self.tokens, "seconds": round(self.seconds), "rate": self.rate()}
        entry |= {"train": train_loss, "valid": valid}
        if self.args.shuffle_performer:
            entry["listening"] = self.judge.listening(self.logits, valid)
        self.net.train()
        self.stale = 0 if valid["parts"] < self.best else self.stale + 1
        if valid["parts"] < self.best:
            self.best = valid["parts"]
            self.export(entry)
        with open(self.args.out / "log.jsonl", "a") as log:
            log.write(json.dumps(rounded(entry)) + "\n")
        summary = " ".join(f"{name} {value:.3f}" for name, value in valid["classes"].items())
        print(f"{self.step} {self.tokens / 1e6:.1f}M {self.seconds:.0f}s: {train_loss:.3f} | {summary}", flush=True)

    def export(self, entry: dict) -> None:
        """The weights as inference reads them."""
        dtype = torch.float32 if self.args.export_f32 else torch.bfloat16
        given = {key: value for key, value in vars(self.args).items() if key != "call"}
        options = {key: value.name if isinstance(value, Path) else value for key, value in given.items()}
        figures = {"training": rounded(entry) | {"options": options}}
        save(self.net, self.args.out / f"{self.net.config.name}.safetensors", dtype, figures)

    def keep(self) -> None:
        """A checkpoint, renamed into place so that a crash leaves the older one whole."""
        state = {key: getattr(self, key) for key in ("step", "tokens", "seconds", "stale", "best")}
        state |= {"net": self.net.state_dict(), "optimiser": self.optimiser.state_dict()}
        torch.save(state, self.args.out / "latest.tmp")
        os.replace(self.args.out / "latest.tmp", self.args.out / "latest.pt")

    def resume(self) -> None:
        state = torch.load(self.args.out / "latest.pt", map_location=self.device)
        self.net.load_state_dict(state.pop("net"))
        self.optimiser.load_state_dict(state.pop("optimiser"))
        for key, value in state.items():
            setattr(self, key, value)


class Optimiser:
    """Muon for the matrices inside the network, AdamW for the embedding and the gains of norms.

    At 1.5 M tokens the drums' validation loss is 1.87 so and 2.33 with AdamW alone; a step takes 5 % longer.
    """

    def __init__(self, net: Net):
        inside = [p for p in net.layers.parameters() if p.dim() > 1]
        gains = [p for p in net.parameters() if p.dim() == 1]
        outside = [{"params": [net.embed.weight], "weight_decay": 0.1}, {"params": gains, "weight_decay": 0.0}]
        # An update as large as AdamW's, so that one rate does for both.
        muon = torch.optim.Muon(inside, weight_decay=0.1, adjust_lr_fn="match_rms_adamw")
        self.both = (muon, torch.optim.AdamW(outside, betas=(0.9, 0.95), fused=True))
        self.param_groups = [group for one in self.both for group in one.param_groups]

    def step(self) -> None:
        for one in self.both:
            one.step()

    def zero_grad(self) -> None:
        for one in self.both:
            one.zero_grad()

    def state_dict(self) -> list[dict]:
        return [one.state_dict() for one in self.both]

    def load_state_dict(self, states: list[dict]) -> None:
        for one, state in zip(self.both, states):
            one.load_state_dict(state)
        self.param_groups = [group for one in self.both for group in one.param_groups]


def wanted_shares(meta: Meta, given: list[str]) -> np.ndarray:
    """The mix of the shards, or the one given as `set=share`; a set that is not named is then left out."""
    if not given:
        return meta.shares
    wanted = {name: float(share) for name, share in (word.split("=") for word in given)}
    if unknown := wanted.keys() - set(meta.sets):
        raise SystemExit(f"no such set: {', '.join(sorted(unknown))} (there are {', '.join(meta.sets)})")
    return np.array([wanted.get(name, 0.0) for name in meta.sets])


def rounded(value):
    """Numbers short enough to read."""
    if isinstance(value, dict):
        return {key: rounded(inner) for key, inner in value.items()}
    return float(f"{value:.5g}") if isinstance(value, float) else value


def train(args: argparse.Namespace) -> None:
    args.out.mkdir(parents=True, exist_ok=True)
    trainer = Trainer(args)
    if args.init:
        trainer.net.load_state_dict(load(args.init)[1])
    if args.resume and (args.out / "latest.pt").exists():
        trainer.resume()
    trainer.run()


def evaluate(args: argparse.Namespace) -> None:
    """Prints the figures of a weight file, with f32 arithmetic; `--precision` holds it as it is held on stage."""
    config, weights = load(args.file)
    device = torch.device(args.device)
    net = Net(replace(config, context=max(config.context, args.context))).to(device).eval()
    net.load_state_dict(weights)
    hold(net, args.precision)
    meta = Meta(args.shards)
    if meta.tokens != config.tokens:
        raise SystemExit(f"{args.file} speaks another vocabulary than the shards ({config.tokens}, not {meta.tokens})")
    valid = Split(args.shards, "valid", meta, args.context + 1)
    if args.flat:
        valid.flatten()
    judge = Judge(valid, args.valid_windows, args.batch, device)
    figures = {"file": args.file.name, "precision": args.precision} | judge.loss(net)
    if args.shuffle_performer:
        figures["listening"] = judge.listening(net, figures)
    print(json.dumps(rounded(figures), indent=1))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    both = argparse.ArgumentParser(add_help=False)
    both.add_argument("shards", type=Path)
    both.add_argument("--context", type=int, default=1024, help="tokens of a window")
    both.add_argument("--batch", type=int, default=8, help="windows of a step")
    both.add_argument("--valid-windows", type=int, default=16, help="validation windows of each set")
    both.add_argument("--shuffle-performer", action="store_true", help="does it listen: the loss when it hears wrongly")
    both.add_argument("--flat", action="store_true", help="every predicted token counts 1: to train by, or to judge by")
    both.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    both.add_argument("--threads", type=int, default=0, help="CPU threads; 0 takes them all")
    commands = parser.add_subparsers(dest="command", required=True)
    judged = commands.add_parser("evaluate", parents=[both], help="figures of a weight file")
    judged.add_argument("file", type=Path)
    judged.add_argument("--precision", choices=PRECISIONS, default="f32", help="how weights and memory are held")
    judged.set_defaults(call=evaluate)
    run_arguments(commands.add_parser("train", parents=[both], help="train a model"))
    return parser.parse_args()


def run_arguments(run: argparse.ArgumentParser) -> None:
    run.add_argument("out", type=Path)
    run.add_argument("--size", choices=SIZES, default="4m")
    budget = run.add_mutually_exclusive_group(required=True)
    budget.add_argument("--minutes", type=float, help="budget in time; not repeatable to the bit")
    budget.add_argument("--tokens", type=float, help="budget in training tokens")
    run.add_argument("--rate", type=float, default=2e-3, help="peak learning rate")
    run.add_argument("--dropout", type=float, default=0.0)
    run.add_argument("--seed", type=int, default=1)
    run.add_argument("--share", nargs="*", default=[], metavar="SET=SHARE", help="another mix than the shards' own")
    run.add_argument("--validations", type=int, default=20, help="how often in a budget")
    run.add_argument("--patience", type=int, default=6, help="validations without progress before it stops")
    run.add_argument("--save-minutes", type=float, default=5.0)
    run.add_argument("--resume", action="store_true", help="goes on from OUT/latest.pt where there is one")
    run.add_argument("--init", type=Path, help="starts from the weights of another file")
    run.add_argument("--compile", action=argparse.BooleanOptionalAction, default=True)
    run.add_argument("--f32", action="store_true", help="no bf16 in training")
    run.add_argument("--export-f32", action="store_true", help="writes f32 weights instead of bf16")
    run.set_defaults(call=train)


if __name__ == "__main__":
    given = arguments()
    if given.threads:
        torch.set_num_threads(given.threads)
    given.call(given)
