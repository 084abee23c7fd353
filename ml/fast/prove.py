"""The proof of fast mode: quantise, answer every image twice, fit the margin, write it in the checkpoint."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from ml.checkpoint import LoadedModel, load_checkpoint, rewrite_manifest
from ml.engines.base import Engines, FeatureEngine
from ml.engines.convert import convert, read_facts
from ml.engines.keys import installed, processor_kind
from ml.engines.openvino_engine import open_engine
from ml.engines.quantise import quantise
from ml.fast.images import LabelledImages, Tick, calibration_files
from ml.fast.measure import Answers, measure
from ml.fast.record import KEY, record_as_json
from ml.gradcam import class_maps
from ml.manifest import Manifest
from ml.predict import as_batch
from ml.taxonomy import Modality

Pictures = Callable[[Modality, int], list[bytes]]


class NotProvable(ValueError):  # noqa: N818
    """Why fast mode can't even be measured, in one sentence."""


def add_proof(
    path: Path, images: LabelledImages, *, tick: Tick = int, pictures: Pictures = calibration_files
) -> dict[str, Any]:
    """Measure fast mode and store what was found in the checkpoint; gives it back. Whether the goals were met
    is in it: a version that misses them answers exactly, and its manifest says by how much."""
    loaded = load_checkpoint(path, classes=None)
    record = proof(loaded, images, tick=tick, pictures=pictures)
    rewrite_manifest(path, with_record(loaded.manifest, record))
    return record


def with_record(manifest: Manifest, record: dict[str, Any]) -> Manifest:
    return replace(manifest, extras={**manifest.extras, KEY: record})


def proof(
    loaded: LoadedModel, images: LabelledImages, *, tick: Tick = int, pictures: Pictures = calibration_files
) -> dict[str, Any]:
    """The record for the manifest. One `tick` an image and engine."""
    with tempfile.TemporaryDirectory(prefix="fast-") as folder:
        exact, fast, files = both_engines(Path(folder), loaded, pictures)
        return measured(loaded, (exact, fast), images, files, tick)


def measured(
    loaded: LoadedModel,
    engines: tuple[FeatureEngine, FeatureEngine],
    images: LabelledImages,
    files: Sequence[bytes],
    tick: Tick,
) -> dict[str, Any]:
    """The record of an exact and a fast engine; `files` calibrated the fast one."""
    exact, fast = (answers_of(engine, loaded, images, tick) for engine in engines)
    margin, figures = measure(exact, fast, images.labels)
    measured_on = {
        "processor": processor_kind(),
        "openvino": installed("openvino"),
        "nncf": installed("nncf"),
    }
    return record_as_json(figures, margin, images.source, files, measured_on)


def both_engines(
    folder: Path, loaded: LoadedModel, pictures: Pictures = calibration_files
) -> tuple[FeatureEngine, FeatureEngine, list[bytes]]:
    """The exact and the fast engine, converted below `folder`, and the files that calibrated the fast one."""
    files = pictures(loaded.manifest.image_modality, loaded.manifest.input_size)
    exact, small = folder / "exact", folder / "fast"
    for part in (exact, small):
        part.mkdir()
    convert(loaded, exact)
    facts = read_facts(exact)
    if not facts["usable"]:
        raise NotProvable(f"OpenVINO does not compute this network exactly ({facts['reason']}).")
    quantise(exact, loaded, [Image.open(io.BytesIO(data)) for data in files], small)
    return open_engine(exact), open_engine(small, fast=True), files


def answers_of(engine: FeatureEngine, loaded: LoadedModel, images: LabelledImages, tick: Tick) -> Answers:
    """What the engine alone says to each image."""
    logits, maps = [], []
    for pixels in images.pixels:
        batch = as_batch([Image.fromarray(pixels)], loaded)
        answered = Engines(engine).answer(batch, loaded.model.tail)
        logits.append(answered.logits.numpy())
        maps.append(class_maps(loaded.model, answered.features))
        tick()
    return Answers(np.concatenate(logits), np.concatenate(maps))
