"""What the first layers of a trained network see in a picture: means of their channels. No torch.

The network is the detector of text that `ml.overlays.text` loads: PP-OCRv6's, as RapidOCR packs it. Its first
layers answer to edges, blobs and grain of many kinds, like those of any network trained on photographs. Only
the layers down to an eighth of the picture's size are run.
"""

from __future__ import annotations

import hashlib
import threading
from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.engines.runtime import core, openvino
from ml.overlays.text import MEAN, STD, detector_file

LAYERS = {
    "Relu.4": 48,
    "Add.32": 48,
    "Add.64": 96,
}  # channels: at 1/4, 1/4 and 1/8 of the size
MIDDLE_PX, INMOST_PX = 224, 160
NETWORK_NUMBERS = 2 * sum(LAYERS.values())
_one_at_a_time = threading.Lock()  # a request keeps its input and output in one place

Levels = NDArray[np.uint8]


def network_numbers(pixels: Levels, inmost: Levels) -> list[float]:
    """NETWORK_NUMBERS of a picture, H×W×3 in 0..255: of its middle square in colour, brought to MIDDLE_PX,
    and of its inmost part in grey, at most INMOST_PX wide and high. Loads the network on the first call."""
    views = (_middle(pixels), cv2.cvtColor(_filled(inmost), cv2.COLOR_GRAY2RGB))
    return np.concatenate([_seen(np.asarray(view, np.uint8)) for view in views]).tolist()


def network_sha256() -> str:
    """Of the weights: the stored numbers of the classifier belong to these alone."""
    with detector_file().open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _middle(pixels: Levels) -> Levels:
    height, width = pixels.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = np.ascontiguousarray(pixels[top : top + side, left : left + side])
    how = cv2.INTER_AREA if side > MIDDLE_PX else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(square, (MIDDLE_PX, MIDDLE_PX), interpolation=how), np.uint8)


def _filled(inmost: Levels) -> Levels:
    """Mirrored outwards to INMOST_PX where it is smaller: resizing would change its grain."""
    down, across = (INMOST_PX - side for side in inmost.shape)
    top, left = down // 2, across // 2
    filled = cv2.copyMakeBorder(inmost, top, down - top, left, across - left, cv2.BORDER_REFLECT)
    return np.asarray(filled, np.uint8)


def _seen(view: Levels) -> NDArray[np.float32]:
    scaled = (view.astype(np.float32) / 255 - np.array(MEAN, np.float32)) / np.array(STD, np.float32)
    batch = np.ascontiguousarray(scaled.transpose(2, 0, 1)[None])
    with _one_at_a_time:
        return np.array(_request(len(view)).infer({0: batch})[0][0], np.float32)


@cache
def _request(side: int) -> Any:
    """The first layers for a picture of one size, and the mean of each of their channels. One thread: a
    picture takes milliseconds."""
    operations = openvino().opset13
    model = core().read_model(str(detector_file()))
    model.reshape([1, 3, side, side])
    named = {each.get_friendly_name(): each for each in model.get_ordered_ops()}
    means = [
        operations.reduce_mean(named[layer].output(0), np.array([2, 3]), keep_dims=False) for layer in LAYERS
    ]
    cut = openvino().Model([operations.concat(means, axis=1)], model.get_parameters(), "first layers")
    settings = {"INFERENCE_PRECISION_HINT": "f32", "NUM_STREAMS": 1, "INFERENCE_NUM_THREADS": 1}
    return core().compile_model(cut, "CPU", settings | {"ENABLE_CPU_PINNING": False}).create_infer_request()
