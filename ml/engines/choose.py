"""A checkpoint opened with the engines that fit the device, what is converted, and the wishes of the site."""

from __future__ import annotations

import logging
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from ml.checkpoint import LoadedModel, load_checkpoint, load_tail
from ml.engines.base import Engines
from ml.engines.convert import read_facts
from ml.engines.keys import exact_key, fast_key, installed
from ml.engines.openvino_engine import open_engine
from ml.engines.prepare import allowed_record
from ml.engines.runtime import EngineUnavailable
from ml.engines.store import EngineStore
from ml.engines.torch_engine import TorchEngine
from ml.fast.check import check
from ml.fast.record import FastRecord
from ml.manifest import Manifest, read_manifest, verify_tensors

logger = logging.getLogger(__name__)
REPOSITORY = Path(__file__).resolve().parents[2]
CPU = torch.device("cpu")


@dataclass(frozen=True)
class Wishes:
    """What a site sets. `engine`: auto, torch, openvino. `mode`: auto (fast where the checkpoint proved it),
    exact, or fast (as auto, with a warning where it is not). `compiled`: torch.compile on a GPU."""

    store: Path
    engine: str = "auto"
    mode: str = "auto"
    compiled: bool = False

    @property
    def may_convert(self) -> bool:
        return self.engine != "torch" and bool(installed("openvino"))


def open_model(path: Path, device: torch.device, wishes: Wishes) -> LoadedModel:
    """The checkpoint with its engines: what is converted already, torch for the rest. Never waits for a
    conversion (`lacking` says what one would bring). ManifestError and OSError as `load_checkpoint`."""
    manifest = read_manifest(path)
    record = _record(manifest, wishes)
    if device.type == "cpu":
        return _on_openvino(path, manifest, record, wishes) or load_checkpoint(path)
    loaded = load_checkpoint(path, device)
    return replace(loaded, engines=_on_gpu(loaded, record, compiled=wishes.compiled))


def lacking(path: Path, device: torch.device, wishes: Wishes) -> frozenset[str]:
    """The converted models that this checkpoint could have here and that nobody has made yet."""
    if device.type != "cpu" or not wishes.may_convert:
        return frozenset()
    manifest = read_manifest(path)
    wanted = {exact_key(manifest)}
    if (record := _record(manifest, wishes)) is not None:
        wanted.add(fast_key(manifest, record))
    store = EngineStore(wishes.store)
    return frozenset(key for key in wanted if not store.has(key))


def start_preparing(path: Path, wishes: Wishes) -> subprocess.Popen[bytes]:
    """A process of the lowest priority that makes what is lacking; it ends with this one."""
    command = [sys.executable, "-m", "ml.engines.prepare", str(path.resolve()), str(wishes.store.resolve())]
    if wishes.mode != "exact":
        command.append("--fast")
    return subprocess.Popen(  # noqa: S603 (our own program, no shell)
        command, cwd=REPOSITORY, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )


def _record(manifest: Manifest, wishes: Wishes) -> FastRecord | None:
    return None if wishes.mode == "exact" else allowed_record(manifest)


def _on_openvino(
    path: Path, manifest: Manifest, record: FastRecord | None, wishes: Wishes
) -> LoadedModel | None:
    """The checkpoint on converted models; None where torch has to answer."""
    store = EngineStore(wishes.store)
    folder = _usable(store, exact_key(manifest)) if wishes.may_convert else None
    if folder is None:
        return None
    verify_tensors(path)
    try:
        engines = Engines(open_engine(folder))
        if record is not None and (small := _usable(store, fast_key(manifest, record))) is not None:
            engines = Engines(engines.exact, open_engine(small, fast=True), record.margin)
    except (RuntimeError, EngineUnavailable):
        logger.exception("the converted model in %s can't be used, torch answers", folder)
        return None
    if wishes.mode == "fast" and engines.fast is None:
        logger.warning("%r answers exactly: fast mode is not proven, or not converted yet", manifest.name)
    return LoadedModel(load_tail(path), manifest, CPU, engines)


def _usable(store: EngineStore, key: str) -> Path | None:
    folder = store.use(key)
    if folder is None:
        return None
    facts = read_facts(folder)
    if not facts["usable"]:
        logger.warning("the converted model %s is not used: %s", key, facts["reason"])
        return None
    return folder


def _on_gpu(loaded: LoadedModel, record: FastRecord | None, *, compiled: bool) -> Engines:
    """fp32, and bf16 in front of it where that is as good here as int8 was where it was measured."""
    module, device = loaded.model.features, loaded.device
    exact = TorchEngine(module, device, compiled=compiled)
    if record is None:
        return Engines(exact)
    fast = TorchEngine(module, device, fast=True, compiled=compiled)
    facts = check(loaded, record, exact, fast)
    if not facts["usable"]:
        logger.warning("bf16 is not used on %s: %s", device, facts)
        return Engines(exact)
    return Engines(exact, fast, record.margin)
