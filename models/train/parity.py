"""Writes a tiny random network with its logits on three prompts: a test that inference computes what training does."""

import json
import sys
from dataclasses import asdict

import torch
from net import Config, Net
from safetensors.torch import save_file

TINY = Config("parity", vocabulary=256, width=128, layers=2, heads=4, kv_heads=2, hidden=128, context=256)
LENGTHS = (7, 64, 200)


def rough(net: Net) -> None:
    """Makes the weights so uneven that a wrong order of norms, heads or halves shows in the logits."""
    for parameter in net.parameters():
        if parameter.dim() == 1:
            torch.nn.init.uniform_(parameter, 0.5, 1.5)
        else:
            torch.nn.init.normal_(parameter, std=1.5 * parameter.shape[1] ** -0.5)


@torch.no_grad()
def write(path: str) -> None:
    """Tensors `weights.*`, `prompt.{i}` (I32) and `logits.{i}` (f32, `[T, vocabulary]`), the config as metadata."""
    torch.manual_seed(0)
    net = Net(TINY).eval()
    rough(net)
    tensors = {f"weights.{name}": tensor.contiguous() for name, tensor in net.state_dict().items()}
    for i, length in enumerate(LENGTHS):
        prompt = torch.randint(TINY.vocabulary, (length,))
        tensors[f"prompt.{i}"] = prompt.int()
        tensors[f"logits.{i}"] = net(prompt[None])[0]
    save_file(tensors, path, metadata={"config": json.dumps(asdict(TINY))})


if __name__ == "__main__":
    write(sys.argv[1])
