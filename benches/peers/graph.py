"""The decode step of a weight file as an ONNX graph, in the operators with which ONNX Runtime decodes fastest.

One token in, logits out. Keys and values lie in buffers of the whole context, `[1, kv_heads, context, head]`, which
`GroupQueryAttention` writes in place where the input and the output of a layer are bound to the same memory.
"""

from dataclasses import dataclass, field

import numpy as np
import onnx
from net import Config
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor

MICROSOFT = "com.microsoft"
KINDS = {np.dtype("float32"): TensorProto.FLOAT, np.dtype("int64"): TensorProto.INT64}


@dataclass
class Graph:
    """Nodes and constants as they are added."""

    nodes: list = field(default_factory=list)
    constants: list = field(default_factory=list)

    def constant(self, name: str, value: np.ndarray) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(self, kind: str, inputs: list[str], out: str, more: tuple = (), domain: str = "", **attributes) -> str:
        """A node; returns its first output."""
        self.nodes.append(helper.make_node(kind, inputs, [out, *more], out, domain=domain, **attributes))
        return out

    def product(self, x: str, name: str, weight: Tensor, out: str) -> str:
        """`x` times a weight `[out, in]`."""
        return self.add("MatMul", [x, self.constant(name, weight.numpy().T)], out)


def caches(config: Config) -> list[str]:
    """The names of keys and values, layer by layer."""
    return [f"{part}.{i}" for i in range(config.layers) for part in ("keys", "values")]


def decode_step(config: Config, weights: dict[str, Tensor]) -> onnx.ModelProto:
    """Inputs: `token [1, 1]`, `before [1]` (tokens in the cache), `total` (with this one), the caches."""
    graph = Graph()
    turns(graph, config)
    x = graph.add("Gather", [graph.constant("embed", weights["embed.weight"].numpy()), "token"], "x")
    for i in range(config.layers):
        own = {k.removeprefix(f"layers.{i}."): v for k, v in weights.items() if k.startswith(f"layers.{i}.")}
        x = layer(graph, config, own, i, x)
    x = norm(graph, config, weights["norm.weight"], "norm", x)
    graph.product(x, "logits.weight", weights["embed.weight"], "logits")
    return model(graph, config)


def turns(graph: Graph, config: Config) -> None:
    """Cosines and sines of the rotary angles."""
    rates = config.rope_theta ** -(np.arange(0, config.head, 2) / config.head)
    angles = np.outer(np.arange(config.context), rates)
    graph.constant("cos", np.cos(angles).astype(np.float32))
    graph.constant("sin", np.sin(angles).astype(np.float32))


def layer(graph: Graph, config: Config, weights: dict[str, Tensor], i: int, x: str) -> str:
    """Attention and the gated feed-forward, each added to the stream."""
    normed = norm(graph, config, weights["attn_norm.weight"], f"attn_norm.{i}", x)
    qkv = graph.product(normed, f"qkv.weight.{i}", weights["qkv.weight"], f"qkv.{i}")
    memory = [f"keys.{i}", f"values.{i}"]
    heard = graph.add(
        "GroupQueryAttention",
        [qkv, "", "", *memory, "before", "total", "cos", "sin"],
        f"heard.{i}",
        tuple(f"new.{name}" for name in memory),
        MICROSOFT,
        num_heads=config.heads,
        kv_num_heads=config.kv_heads,
        do_rotary=1,
    )
    out = graph.product(heard, f"out.weight.{i}", weights["out.weight"], f"out.{i}")
    x = graph.add("Add", [x, out], f"attended.{i}")
    normed = norm(graph, config, weights["mlp_norm.weight"], f"mlp_norm.{i}", x)
    gate, up = weights["gate_up.weight"].chunk(2)
    gate = graph.product(normed, f"gate.weight.{i}", gate, f"gate.{i}")
    up = graph.product(normed, f"up.weight.{i}", up, f"up.{i}")
    gate = graph.add("QuickGelu", [gate], f"silu.{i}", domain=MICROSOFT, alpha=1.0)
    wide = graph.add("Mul", [gate, up], f"wide.{i}")
    down = graph.product(wide, f"down.weight.{i}", weights["down.weight"], f"down.{i}")
    return graph.add("Add", [x, down], f"layer.{i}")


def norm(graph: Graph, config: Config, weight: Tensor, name: str, x: str) -> str:
    scale = graph.constant(f"{name}.weight", weight.numpy())
    return graph.add("SimplifiedLayerNormalization", [x, scale], name, axis=-1, epsilon=config.norm_eps)


def model(graph: Graph, config: Config) -> onnx.ModelProto:
    def value(name: str, kind: int, shape: list[int]) -> onnx.ValueInfoProto:
        return helper.make_tensor_value_info(name, kind, shape)

    memory = [1, config.kv_heads, config.context, config.head]
    inputs = [
        value("token", TensorProto.INT64, [1, 1]),
        value("before", TensorProto.INT32, [1]),
        value("total", TensorProto.INT32, [1]),
        *(value(name, TensorProto.FLOAT, memory) for name in caches(config)),
    ]
    outputs = [
        value("logits", TensorProto.FLOAT, [1, 1, config.vocabulary]),
        *(value(f"new.{name}", TensorProto.FLOAT, memory) for name in caches(config)),
    ]
    made = helper.make_graph(graph.nodes, "decode", inputs, outputs, graph.constants)
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(MICROSOFT, 1)]
    return helper.make_model(made, opset_imports=opsets, ir_version=10)
