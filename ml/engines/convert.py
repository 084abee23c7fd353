"""torch features to a model that OpenVINO reads, and whether both say the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ml.checkpoint import LoadedModel
from ml.engines.agreement import Agreement, agreement
from ml.engines.openvino_engine import MODEL, open_engine
from ml.engines.runtime import openvino
from ml.transforms import normalise

FACTS = "facts.json"
PROBABILITY_TOLERANCE = 1e-4
LEAST_CORRELATION = 0.999
PROBES = 3


def convert(loaded: LoadedModel, out: Path) -> None:
    """The fp32 model for one image in `out`, with what became of the comparison; a network that OpenVINO
    does not take, or not exactly, leaves the facts alone: torch answers then."""
    try:
        write_model(_converted(loaded), out)
        found = _compared(loaded, out)
    except (RuntimeError, ValueError, TypeError, AssertionError) as error:  # what converters raise
        write_facts(out, {"usable": False, "reason": f"{type(error).__name__}: {error}"[:500]})
        return
    usable = (
        found.probability_difference <= PROBABILITY_TOLERANCE and found.least_correlation >= LEAST_CORRELATION
    )
    write_facts(out, {"usable": usable, "reason": "" if usable else "not exact", **found.as_json()})


def write_model(model: Any, out: Path) -> None:
    openvino().save_model(model, str(out / MODEL), compress_to_fp16=False)


def write_facts(folder: Path, facts: dict[str, Any]) -> None:
    (folder / FACTS).write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")


def read_facts(folder: Path) -> dict[str, Any]:
    """What was written beside a model; not usable where it can't be read."""
    try:
        facts: dict[str, Any] = json.loads((folder / FACTS).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        return {"usable": False, "reason": f"{error}"}
    return facts


def _converted(loaded: LoadedModel) -> Any:
    size = loaded.manifest.input_size
    example = torch.zeros(1, 3, size, size)
    with torch.no_grad():
        program = torch.export.export(loaded.model.features, (example,))
    model = openvino().convert_model(program)
    model.reshape([1, 3, size, size])  # sizes that are known are planned ahead, and computed faster
    return model


def _compared(loaded: LoadedModel, folder: Path) -> Agreement:
    batch = _probes(loaded)
    with torch.inference_mode():
        expected = torch.cat([loaded.model.features(batch[row : row + 1]) for row in range(len(batch))])
    return agreement(loaded.model, expected, open_engine(folder).features(batch))


def _probes(loaded: LoadedModel) -> Tensor:
    """Smooth random pictures: any will do, the question is about arithmetic."""
    size = loaded.manifest.input_size
    coarse = torch.from_numpy(np.random.default_rng(0).random((PROBES, 3, 9, 9), dtype=np.float32))
    smooth = torch.nn.functional.interpolate(coarse, (size, size), mode="bicubic").clamp(0, 1) * 255
    pixels = smooth.to(torch.uint8).permute(0, 2, 3, 1).contiguous()
    return normalise(pixels, loaded.manifest.mean, loaded.manifest.std)
