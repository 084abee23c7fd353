"""Checkpoints with one thing wrong with them, made from a good one."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor

from ml.checkpoint import load_checkpoint, save_checkpoint, tensor_sha256
from ml.golden_make import with_golden
from ml.manifest import MANIFEST_KEY

LOGITS = "tail.head.logits"
Tensors = dict[str, Tensor]
Values = dict[str, Any]


def spoiled(
    good: Path,
    out: Path,
    tensors: Callable[[Tensors], object] = lambda _: None,
    manifest: Callable[[Values], object] = lambda _: None,
) -> Path:
    """`good` with changes; the hash of the weights fits again, so that only the change itself is wrong."""
    weights = {name: tensor.clone() for name, tensor in load_file(good).items()}
    with safe_open(good, "pt") as file:
        values = json.loads(file.metadata()[MANIFEST_KEY])
    tensors(weights)
    values["tensor_sha256"] = tensor_sha256(weights)
    manifest(values)
    save_file(weights, out, metadata={MANIFEST_KEY: json.dumps(values)})
    return out


def with_wrong_shapes(good: Path, out: Path) -> Path:
    """Another number of hidden units than the architecture has."""
    return spoiled(good, out, lambda t: t.update({f"{LOGITS}.weight": torch.zeros(3, 100)}))


def with_wrong_tensors(good: Path, out: Path) -> Path:
    """A layer is missing, and there is one that nobody knows."""

    def rename(weights: Tensors) -> None:
        weights["head"] = weights.pop(f"{LOGITS}.bias")

    return spoiled(good, out, rename)


def with_nan(good: Path, out: Path) -> Path:
    """One weight is not a number."""

    def spoil(weights: Tensors) -> None:
        weights[f"{LOGITS}.weight"][1, 2] = float("nan")

    return spoiled(good, out, spoil)


def with_swapped_classes(good: Path, out: Path) -> Path:
    """The weights of lymphoma and metastatic change places; the manifest says nothing of it."""

    def swap(weights: Tensors) -> None:
        for part in ("weight", "bias"):
            weights[f"{LOGITS}.{part}"] = weights[f"{LOGITS}.{part}"][[0, 2, 1]].contiguous()

    return spoiled(good, out, swap)


def without_golden(good: Path, out: Path) -> Path:
    """A file of format version 1."""

    def strip(values: Values) -> None:
        values["extras"].pop("golden")
        values["format_version"] = 1

    return spoiled(good, out, manifest=strip)


def with_one_map(good: Path, out: Path) -> Path:
    """The map is the same whichever class is asked for; the golden images agree with that."""
    loaded = load_checkpoint(good)
    head = loaded.model.tail.get_submodule("head.logits")
    head.weight.data = head.weight.data[[0]].expand(3, -1).clone()
    save_checkpoint(out, loaded.model, with_golden(loaded.manifest, loaded.model, "float32"))
    return out
