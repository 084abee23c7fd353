"""One safetensors file = weights + manifest. Atomic when written, checked when read, never unpickled."""

import hashlib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from ml.audit.record import read_audit
from ml.engines.base import Engines
from ml.engines.torch_engine import TorchEngine
from ml.manifest import (
    MANIFEST_KEY,
    MAX_HEADER_BYTES,
    STORAGE_DTYPES,
    Manifest,
    ManifestError,
    read_manifest,
    verify_tensors,
)
from ml.model import SplitClassifier, build_model
from ml.taxonomy import CLASS_NAMES
from ml.trust.record import Trust, read_trust

TAIL = "tail."


@dataclass(frozen=True)
class LoadedModel:
    """A checkpoint ready to answer: evaluation mode, weights frozen, float32, on `device`."""

    model: SplitClassifier
    manifest: Manifest
    device: torch.device
    engines: Engines | None = None  # None: the model's own features, exact
    trust: Trust = field(init=False)  # as the manifest says

    def __post_init__(self) -> None:
        trust = read_trust(self.manifest)
        fitted = self.model.feature_dim if trust.likeness is None else len(trust.likeness.features.mean)
        if fitted != self.model.feature_dim:
            raise ManifestError(
                "trust_invalid",
                f"The likeness is one of {fitted} features; the model has {self.model.feature_dim}.",
            )
        object.__setattr__(self, "trust", trust)

    def with_engines(self) -> Engines:
        """Who computes the features."""
        return self.engines or Engines(TorchEngine(self.model.features, self.device))


def save_checkpoint(
    path: Path | str, model: SplitClassifier, manifest: Manifest, dtype: str = "float32"
) -> Manifest:
    """Write `model` and `manifest` in one atomic step; gives the manifest as stored, tensor sha256 filled."""
    if dtype not in STORAGE_DTYPES:
        raise ValueError(f"dtype must be one of {', '.join(STORAGE_DTYPES)}, not {dtype!r}.")
    _check_matches(model, manifest)
    tensors = _storable(model.state_dict(), getattr(torch, dtype))
    _check_finite(tensors)
    stored = replace(manifest, storage_dtype=dtype, tensor_sha256=tensor_sha256(tensors))
    _write_atomically(Path(path), tensors, {MANIFEST_KEY: _bounded_text(stored)})
    return stored


def load_checkpoint(
    path: Path | str,
    device: str | torch.device = "cpu",
    *,
    classes: tuple[str, ...] | None = CLASS_NAMES,
) -> LoadedModel:
    """The checkpoint at `path` after every check; float32 weights on the CPU stay memory-mapped.

    `classes` are the class names demanded, in order (None: any, for models of other organs).
    Raises ManifestError with a code and a reason.
    """
    manifest = read_manifest(path, classes)
    _ = manifest.image_modality  # a fusion has no network to load
    read_audit(manifest)
    verify_tensors(path)
    tensors = load_file(path)
    _check_finite(tensors)
    model = _build_around(manifest, tensors)
    model.eval().requires_grad_(requires_grad=False)
    target = torch.device(device)
    return LoadedModel(model.to(target), manifest, target)


def load_tail(path: Path | str) -> SplitClassifier:
    """The classifier at `path` with weights in its tail alone, on the CPU: for an engine that has the
    features elsewhere. Only names and shapes are checked; the rest is for whoever made that engine."""
    manifest = read_manifest(path, classes=None)
    with safe_open(path, framework="pt") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys() if name.startswith(TAIL)}  # noqa: SIM118
    with torch.device("meta"):
        model = build_model(manifest.architecture, len(manifest.class_names), manifest.input_size)
    wanted = {name: tensor for name, tensor in model.state_dict().items() if name.startswith(TAIL)}
    _check_tensors(wanted, tensors, getattr(torch, manifest.storage_dtype))
    if _has_unsaved_buffers(model.tail):
        model.tail = build_model(manifest.architecture, len(manifest.class_names), manifest.input_size).tail
    model.load_state_dict(_as_float32(tensors), strict=False, assign=True)
    return model.eval().requires_grad_(requires_grad=False)


def rewrite_manifest(path: Path | str, manifest: Manifest) -> None:
    """Put `manifest` in the place of the one at `path`, in one atomic step; the weights stay as they are."""
    if manifest.tensor_sha256 != read_manifest(path, classes=None).tensor_sha256:
        raise ValueError("The manifest is that of other weights.")
    _write_atomically(Path(path), load_file(path), {MANIFEST_KEY: _bounded_text(manifest)})


def tensor_sha256(tensors: Mapping[str, Tensor]) -> str:
    """sha256 over the tensor bytes in name order, as `ml.manifest.verify_tensors` computes it."""
    digest = hashlib.sha256()
    for name in sorted(tensors):
        digest.update(tensors[name].flatten().view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()


def _bounded_text(manifest: Manifest) -> str:
    text = manifest.to_json()
    if len(text.encode()) > MAX_HEADER_BYTES // 2:
        raise ManifestError("header_too_large", "The manifest is larger than 2 MiB: store less in it.")
    return text


def _storable(state: Mapping[str, Tensor], dtype: torch.dtype) -> dict[str, Tensor]:
    """Own contiguous CPU copies where needed; floating point as `dtype`, counters as they are."""
    return {
        name: tensor.detach()
        .to("cpu", dtype if tensor.is_floating_point() else tensor.dtype)
        .contiguous(memory_format=torch.contiguous_format)
        for name, tensor in state.items()
    }


def _check_matches(model: SplitClassifier, manifest: Manifest) -> None:
    if (model.architecture, model.num_classes) != (manifest.architecture, len(manifest.class_names)):
        raise ManifestError(
            "wrong_shapes",
            f"The model is a {model.architecture} with {model.num_classes} classes; the manifest says "
            f"{manifest.architecture} with {len(manifest.class_names)}.",
        )


def _check_finite(tensors: Mapping[str, Tensor]) -> None:
    for name, tensor in tensors.items():
        if not bool(torch.isfinite(tensor).all()):
            raise ManifestError("not_finite", f"The weights contain NaN or infinity (in {name}).")


def _write_atomically(path: Path, tensors: dict[str, Tensor], metadata: dict[str, str]) -> None:
    """A reader sees the old file or the new one, never half of one; nothing stays behind on failure."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    os.close(handle)
    part = Path(name)
    try:
        save_file(tensors, part, metadata=metadata)
        _flush_to_disk(part)
        part.chmod(0o644)
        part.replace(path)
        _flush_to_disk(path.parent)
    finally:
        part.unlink(missing_ok=True)


def _flush_to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _build_around(manifest: Manifest, tensors: dict[str, Tensor]) -> SplitClassifier:
    """The model with `tensors` as its weights, without a random set made first and thrown away."""
    try:
        with torch.device("meta"):
            model = build_model(manifest.architecture, len(manifest.class_names), manifest.input_size)
    except (KeyError, ValueError, ImportError) as error:
        raise ManifestError("unknown_architecture", f"{error.args[0]}") from None
    _check_tensors(model.state_dict(), tensors, getattr(torch, manifest.storage_dtype))
    if _has_unsaved_buffers(model):
        model = build_model(manifest.architecture, len(manifest.class_names), manifest.input_size)
    model.load_state_dict(_as_float32(tensors), strict=True, assign=True)
    return model


def _as_float32(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {
        name: tensor.float() if tensor.is_floating_point() else tensor for name, tensor in tensors.items()
    }


def _has_unsaved_buffers(model: nn.Module) -> bool:
    return bool({name for name, _ in model.named_buffers()} - model.state_dict().keys())


def _check_tensors(wanted: Mapping[str, Tensor], found: Mapping[str, Tensor], dtype: torch.dtype) -> None:
    """Same names, same shapes, the storage type that the manifest names."""
    missing, unknown = sorted(wanted.keys() - found.keys()), sorted(found.keys() - wanted.keys())
    if missing or unknown:
        raise ManifestError(
            "wrong_tensors",
            f"The weights do not fit the architecture: {len(missing)} missing ({', '.join(missing[:3])}), "
            f"{len(unknown)} unknown ({', '.join(unknown[:3])}).",
        )
    for name, tensor in wanted.items():
        kind = dtype if tensor.is_floating_point() else tensor.dtype
        if found[name].shape != tensor.shape or found[name].dtype != kind:
            raise ManifestError(
                "wrong_shapes",
                f"{name} is {tuple(found[name].shape)} {found[name].dtype}; "
                f"it must be {tuple(tensor.shape)} {kind}.",
            )
