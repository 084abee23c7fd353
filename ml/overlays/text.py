"""Where burned-in text is: PP-OCRv6's detector as RapidOCR packs it, on OpenVINO. Its letters are not read.

The detector's weights lie in the wheel; nothing is fetched, and nothing about a picture leaves the process.
"""

from __future__ import annotations

import logging
import os
import threading
from functools import cache
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ml.engines.runtime import openvino
from ml.overlays.boxes import Box
from ml.overlays.ink import LUMA, lines_missed

DETECTOR = "PP-OCRv6_det_small.onnx"
SHORT_SIDE_PX = 736  # the picture is enlarged to it, so that print of 8 px can be found
LONGEST_SIDE_PX = 1280  # and made smaller to it first: a look takes the same time at every resolution
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # as the detector was trained
# Print is bright, and grey or of one pale colour; flow and stiffness are colourful and darker. From phantoms
# (`python -m ml overlays measure` says what is left): of 0..255, of 0..255, and a share of the box.
LEAST_INK, LEAST_INK_IN_COLOUR = 140, 187
CHROMA, COLOURFUL = 60, 0.25
TALL, TALL_COLOURFUL = 0.07, 0.19  # print higher than this share of the picture has to be grey
TALLEST = 0.12  # of the picture: where there is no print, the detector may take a whole sector for a letter
_one_at_a_time = threading.Lock()  # the detector keeps its input and output in one place


def text_boxes(image: Image.Image) -> list[Box]:
    """Boxes around lines of print, from top to bottom; loads the detector on the first call (seconds)."""
    shrink = max(1.0, max(image.size) / LONGEST_SIDE_PX)
    small = image.convert("RGB")
    if shrink > 1.0:
        small = small.resize(
            (round(image.width / shrink), round(image.height / shrink)), Image.Resampling.BOX
        )
    pixels = np.asarray(small)
    sure = [box for box in _detected(pixels) if _is_print(pixels, box)]
    found = sorted([*sure, *lines_missed(pixels, sure)], key=lambda box: (box.y, box.x))
    return [_enlarged(box, shrink).within(*image.size) for box in found]


def _detected(pixels: NDArray[np.uint8]) -> list[Box]:
    """What the detector takes for print, with area. It is shown the brightest channel alone: letters over
    colours, above all over those of stiffness, are lost on it otherwise, and pale inks are bright in one."""
    light = pixels.max(axis=2)
    with _one_at_a_time:
        found = _detector()(cv2.cvtColor(light, cv2.COLOR_GRAY2BGR)).boxes
    height, width = light.shape
    boxes = [_around(corners).within(width, height) for corners in ([] if found is None else found)]
    return [box for box in boxes if box.area]


def _around(corners: NDArray[np.int32]) -> Box:
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    return Box(int(left), int(top), int(right - left + 1), int(bottom - top + 1))


def _enlarged(box: Box, by: float) -> Box:
    left, top = int(box.x * by), int(box.y * by)
    return Box(left, top, round((box.x + box.width) * by) - left, round((box.y + box.height) * by) - top)


def _is_print(pixels: NDArray[np.uint8], box: Box) -> bool:
    """Whether the brightest pixels may be ink. The detector takes vessels in colour for letters."""
    inside = pixels[box.slices].astype(np.float32)
    ink = np.percentile(inside @ LUMA, 97)
    colourful = float((np.ptp(inside, axis=-1) > CHROMA).mean())
    least = LEAST_INK_IN_COLOUR if colourful > COLOURFUL else LEAST_INK
    too_tall = box.height > (TALL if colourful > TALL_COLOURFUL else TALLEST) * pixels.shape[0]
    return bool(ink >= least) and not too_tall


def detector_file() -> Path:
    """Where the detector's weights lie: in the wheel of RapidOCR. Nothing is fetched."""
    return Path(str(files("rapidocr") / "models" / DETECTOR))


@cache
def _detector() -> Any:
    """RapidOCR's detector alone, with the threads that this process may use."""
    openvino()  # before RapidOCR imports it: without telemetry
    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    typings = import_module("rapidocr.utils.typings")
    settings = {
        "engine_type": typings.EngineType.OPENVINO,
        "model_path": str(detector_file()),  # a path: it looks for nothing else
        "engine_cfg": {"inference_num_threads": _threads()},
        "limit_side_len": SHORT_SIDE_PX,
        "limit_type": "min",
        "mean": list(MEAN),
        "std": list(STD),
    }
    omegaconf, detection = import_module("omegaconf"), import_module("rapidocr.ch_ppocr_det.main")
    logging.getLogger("RapidOCR").setLevel(logging.ERROR)  # its import sets the level anew
    return detection.TextDetector(omegaconf.OmegaConf.create(settings))


def _threads() -> int:
    """OMP_NUM_THREADS where it is set, or the cores that this process may use."""
    told = os.environ.get("OMP_NUM_THREADS", "")
    return int(told) if told.isdigit() and int(told) > 0 else len(os.sched_getaffinity(0))
