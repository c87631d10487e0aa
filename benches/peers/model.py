"""The network in other runtimes, one thread each: tokens a second at full context, with the weights that we play.

  model.py export WEIGHTS FOLDER     writes the decode step for ONNX Runtime, in f32 and in each of its 8-bit forms
  model.py measure WEIGHTS FOLDER    a line for each runtime: its name, tokens a second, its greatest logit
  model.py verdict < LINES           medians of such lines, with ours, and whether the targets are met

`model.sh` does all of it, in turn with our own bench.
"""

import os

os.environ |= {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}  # before anything makes a pool

import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from statistics import median

sys.path.append(str(Path(__file__).parents[2] / "models/train"))

import numpy as np
import onnx
import onnxruntime as ort
import torch
import torch.nn.functional as F
from graph import caches, decode_step
from net import Block, Config, Net, load, rotate
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer
from torch import Tensor, nn

SECONDS = 1.0  # that a runtime is measured for in a round
BLOCKS = (32, 64, 128)  # weights that share a factor in ONNX Runtime's weight-only form
NEAR = {"f32": 0.001, "bf16": 0.05, "w8": 0.2, "int8": 0.5}  # by how much the greatest logit may differ

# What the densest rig needs: at 200 bpm the whole lookahead of four beats is written again at every beat.
BEATS_A_SECOND, LOOKAHEAD, TOKENS_OF_A_BEAT, TOKENS_OF_A_LONG_BEAT = 200 / 60, 4, 21.5, 42
CUE_MS = 50.0
PEERS = {"ort f32": 1.5, "torch f32": 1.5, "ort int8": 1.0}  # how much faster than the fastest of them we are to be


def stream(config: Config) -> list[int]:
    """The tokens that fill the context, the same for everybody."""
    return [(i * i * 31 + 7 * i) % config.vocabulary for i in range(config.context)]


def export(weights: Path, folder: Path) -> None:
    """Writes the graph, then quantises it in each way that ONNX Runtime has for a CPU."""
    whole = folder / "ort f32.onnx"
    onnx.save(decode_step(*load(weights)), whole)
    for size in BLOCKS:
        nbits = MatMulNBitsQuantizer(
            onnx.load(whole), bits=8, block_size=size, is_symmetric=True, accuracy_level=4
        )
        nbits.process()
        nbits.model.save_model_to_file(str(folder / f"ort int8 nbits-{size}.onnx"))
    for per_channel in (False, True):
        name = "ort int8 dynamic" + "-per-channel" * per_channel
        options = {"DefaultTensorType": onnx.TensorProto.FLOAT}  # shapes are not known behind ONNX Runtime's own nodes
        kinds = {"weight_type": QuantType.QInt8, "op_types_to_quantize": ["MatMul"]}
        quantize_dynamic(whole, folder / f"{name}.onnx", per_channel=per_channel, extra_options=options, **kinds)


class Session:
    """A graph in ONNX Runtime. Everything is bound to memory once, and the caches are written in place."""

    def __init__(self, config: Config, path: Path):
        options = ort.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self.session = ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        self.binding = self.session.io_binding()
        numbers = (("token", (1, 1), np.int64), ("before", (1,), np.int32), ("total", (1,), np.int32))
        self.inputs = [self.bind(*number) for number in numbers]
        for name in caches(config):
            memory = self.bind(name, (1, config.kv_heads, config.context, config.head), np.float32)
            self.binding.bind_ortvalue_output(f"new.{name}", memory)
        self.logits = ort.OrtValue.ortvalue_from_numpy(np.zeros((1, 1, config.vocabulary), np.float32))
        self.binding.bind_ortvalue_output("logits", self.logits)

    def bind(self, name: str, shape: tuple, kind: type) -> ort.OrtValue:
        value = ort.OrtValue.ortvalue_from_numpy(np.zeros(shape, kind))
        self.binding.bind_ortvalue_input(name, value)
        return value

    def read(self, token: int, at: int) -> float:
        """Reads a token at its place; returns the greatest logit."""
        for value, number in zip(self.inputs, (token, at, at + 1)):
            value.update_inplace(np.full(value.shape(), number, value.numpy().dtype))
        self.again()
        return float(self.logits.numpy().max())

    def again(self) -> None:
        """The same step once more."""
        self.session.run_with_iobinding(self.binding)


class Step(nn.Module):
    """One token with PyTorch, keys and values in buffers of the whole context."""

    def __init__(self, net: Net):
        super().__init__()
        self.net = net
        c = net.config
        self.memory = [torch.zeros(2, 1, c.kv_heads, c.context, c.head) for _ in net.layers]

    def attend(self, block: Block, memory: Tensor, x: Tensor, at: int) -> Tensor:
        c = self.net.config
        heads = block.qkv(x).view(1, 1, -1, c.head).transpose(1, 2)
        q, k, v = heads.split((c.heads, c.kv_heads, c.kv_heads), dim=1)
        cos, sin = self.net.cos[at], self.net.sin[at]
        memory[0, :, :, at : at + 1], memory[1, :, :, at : at + 1] = rotate(k, cos, sin), v
        keys, values = memory[:, :, :, : at + 1]
        heard = F.scaled_dot_product_attention(rotate(q, cos, sin), keys, values, enable_gqa=True)
        return block.out(heard.transpose(1, 2).reshape(1, 1, -1))

    def forward(self, token: Tensor, at: int) -> Tensor:
        x = self.net.embed(token)
        for block, memory in zip(self.net.layers, self.memory):
            x = x + self.attend(block, memory, block.attn_norm(x), at)
            gate, up = block.gate_up(block.mlp_norm(x)).chunk(2, dim=-1)
            x = x + block.down(F.silu(gate) * up)
        return F.linear(self.net.norm(x), self.net.embed.weight)


def rate(step: Callable[[], object]) -> float:
    """Steps a second, by the median step."""
    took, end = [], time.perf_counter() + SECONDS
    while (start := time.perf_counter()) < end:
        step()
        took.append(time.perf_counter() - start)
    return 1 / median(took)


@torch.inference_mode()
def measure(weights: Path, folder: Path) -> None:
    """Fills each runtime's context, then reads the last token again and again."""
    torch.set_num_threads(1)
    config, tensors = load(weights)
    tokens, last = stream(config), config.context - 1
    for path in sorted(folder.glob("*.onnx")):
        session = Session(config, path)
        top = [session.read(token, at) for at, token in enumerate(tokens)][-1]
        tell(path.stem, rate(session.again), top)
    net = Net(config).eval()
    net.load_state_dict(tensors)
    token = torch.tensor([[tokens[-1]]])
    step = Step(net)
    fill(step, torch.tensor(tokens))
    for name, run in (("torch f32", step), ("torch f32 compiled", torch.compile(step))):
        top = float(run(token, last).max())
        tell(name, rate(lambda: run(token, last)), top)


def fill(step: Step, tokens: Tensor) -> None:
    """One token after the other."""
    for at, token in enumerate(tokens):
        step(token[None, None], at)


def tell(name: str, tokens_a_second: float, top: float) -> None:
    print(f"{name}\t{tokens_a_second:.0f}\t{top:.4f}", flush=True)


def verdict() -> None:
    """Prints the medians of all rounds, and each target with what was found; exits 1 if one is missed."""
    found: dict[str, list[tuple[float, ...]]] = defaultdict(list)
    for line in sys.stdin:
        name, *numbers = line.rstrip("\n").split("\t")
        found[name].append(tuple(map(float, numbers)))
    middle = {name: [median(column) for column in zip(*rows)] for name, rows in found.items()}
    speed = {name: row[0] for name, row in middle.items() if not name.startswith("cue")}
    for name in sorted(speed, key=speed.get, reverse=True):
        low, high = min(row[0] for row in found[name]), max(row[0] for row in found[name])
        print(f"{name:<30} {speed[name]:7.0f} tokens/s  ({low:.0f}-{high:.0f})")
    check_weights({name: middle[name][1] for name in speed})
    results = targets(speed, {name: row for name, row in middle.items() if name.startswith("cue")})
    sys.exit(0 if all(results) else 1)


def check_weights(tops: dict[str, float]) -> None:
    """Everybody has the same network: the greatest logit is PyTorch's, as near as the precision allows."""
    for name, top in tops.items():
        if abs(top - tops["torch f32"]) > NEAR[name.split()[1]]:
            sys.exit(f"{name} computes another network: {top}, not {tops['torch f32']}")


def targets(speed: dict[str, float], cues: dict[str, list[float]]) -> list[bool]:
    """Prints each target; returns which are met."""
    need = BEATS_A_SECOND * LOOKAHEAD * TOKENS_OF_A_BEAT
    long = BEATS_A_SECOND * LOOKAHEAD * TOKENS_OF_A_LONG_BEAT
    print(f"needed at 200 bpm, four beats rewritten at every beat: {need:.0f} tokens/s (long beats: {long:.0f})")
    results = [at_least(f"{name} to what is needed", speed[name] / need, 2) for name in ("sideman bf16", "sideman w8")]
    fastest = {kind: max((name for name in speed if name.startswith(kind)), key=speed.get) for kind in PEERS}
    for ours in ("sideman bf16", "sideman w8"):
        for kind, least in PEERS.items():
            results.append(at_least(f"{ours} to {fastest[kind]}", speed[ours] / speed[fastest[kind]], least))
    for name, (half, most, whole) in cues.items():
        print(f"{name}: p50 {half:.1f}, p99 {most:.1f} ms for the first beat; all four: p99 {whole:.1f} ms")
        results.append(at_least(f"{CUE_MS:.0f} ms to the p99 of a beat, {name}", CUE_MS / most, 1))
    return results


def at_least(what: str, ratio: float, least: float) -> bool:
    print(f"{'met   ' if ratio >= least else 'MISSED'} {what}: {ratio:.2f} (target {least:.1f})")
    return ratio >= least


if __name__ == "__main__":
    command, *paths = sys.argv[1:]
    {"export": export, "measure": measure, "verdict": verdict}[command](*map(Path, paths))
