"""Weights and memory as `models/src/net` holds them, so that what this costs can be measured."""

import net as network
import torch.nn.functional as F
from net import Net
from torch import Tensor

PRECISIONS = ("f32", "bf16", "w8")


def hold(net: Net, precision: str) -> None:
    """Rounds the matrices of a network for good. Keys and values are bf16 in this process from then on.

    As in `packed.rs`, the norms and the rows that are looked up stay exact: the embedding is rounded as the last
    matrix only. The arithmetic is f32.
    """
    if precision == "f32":
        return
    exact, attention = net.embed.weight.detach().clone(), network.attention
    net.embed.register_forward_hook(lambda _, tokens, __: F.embedding(tokens[0], exact))
    for parameter in net.parameters():
        if parameter.dim() == 2:
            parameter.data = bytes_of(parameter.data) if precision == "w8" else bf16(parameter.data)
    network.attention = lambda q, k, v: attention(q, bf16(k), bf16(v))


def bf16(x: Tensor) -> Tensor:
    return x.bfloat16().float()


def bytes_of(matrix: Tensor) -> Tensor:
    """Each weight as a whole number of 127ths of the greatest of its output."""
    factor = matrix.abs().amax(1, keepdim=True) / 127
    factor[factor == 0] = 1
    return (matrix / factor).round() * factor
