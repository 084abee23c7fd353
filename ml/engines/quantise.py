"""The fp32 model of OpenVINO to int8: NNCF's post-training quantisation with a checkpoint's own pictures."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from ml.checkpoint import LoadedModel
from ml.engines.convert import write_model
from ml.engines.openvino_engine import MODEL
from ml.engines.runtime import core, nncf
from ml.predict import as_batch


def quantise(exact: Path, loaded: LoadedModel, pictures: Sequence[Image.Image], out: Path) -> None:
    """The int8 model in `out`, calibrated with `pictures`; NNCF computes the same from the same.

    Weights are kept within 7 bits: processors without VNNI add two products in 16 bits, which 8-bit weights
    would overflow, and a figure measured on one machine has to hold on another. The first convolution stays
    fp32: rounding the picture itself costs more than all other layers together, and it is one of 155.
    """
    model = core().read_model(str(exact / MODEL))
    tool = nncf()
    inputs = [as_batch([picture], loaded).contiguous().numpy() for picture in pictures]
    with contextlib.redirect_stdout(io.StringIO()):  # its progress bars
        small = tool.quantize(
            model,
            tool.Dataset(inputs),
            preset=tool.QuantizationPreset.MIXED,
            subset_size=len(inputs),
            ignored_scope=tool.IgnoredScope(names=[_first_convolution(model)]),
            advanced_parameters=tool.AdvancedQuantizationParameters(overflow_fix=tool.OverflowFix.ENABLE),
        )
    write_model(small, out)


def _first_convolution(model: Any) -> str:
    operations = model.get_ordered_ops()
    return next(str(op.get_friendly_name()) for op in operations if op.get_type_name() == "Convolution")
