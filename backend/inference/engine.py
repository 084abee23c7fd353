"""The only file that runs models. One process, one device; versions stay loaded until others push them out.

Import it in a worker's child process only: it brings torch, and CUDA does not survive a fork."""

import logging
import math
import os
import threading
import uuid
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache

import numpy as np
import torch
from django.conf import settings
from numpy.typing import NDArray
from PIL import Image

from backend.core.local_files import local_path
from backend.inference.memory import memory_return
from backend.registry.models import ModelVersion
from ml.checkpoint import LoadedModel
from ml.colormap import map_to_uint8
from ml.device import choose_device
from ml.engines.choose import Wishes, open_model
from ml.engines.preparer import Preparer
from ml.gradcam import upscale
from ml.manifest import ManifestError
from ml.predict import Result, predict_batch

logger = logging.getLogger(__name__)
EXACT_PIXELS = 4_000_000
_loaded: "OrderedDict[uuid.UUID, LoadedModel]" = OrderedDict()
_one_at_a_time = threading.Lock()
_beside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="network")  # starts its thread at first use
_seconds: list[float] = []  # of the last answer


class ModelUnavailable(Exception):  # noqa: N818
    """The version's checkpoint is not there, or is not what it was when it was imported."""


@cache
def device() -> torch.device:
    """The device of this process (DEVICE). Without OMP_NUM_THREADS, worker processes share the cores."""
    if "OMP_NUM_THREADS" not in os.environ:
        torch.set_num_threads(max(1, (os.cpu_count() or 1) // settings.WORKER_PROCESSES))
    return choose_device("cpu" if settings.ENGINE == "openvino" else settings.DEVICE)


@cache
def wishes() -> Wishes:
    """ENGINE and INFERENCE_MODE; converted models are shared by the workers of a DATA_DIR."""
    return Wishes(
        store=settings.DATA_DIR / "engines",
        engine=settings.ENGINE,
        mode=settings.INFERENCE_MODE,
        compiled=settings.ENGINE_COMPILE,
    )


@cache
def preparer() -> Preparer:
    """What this process still waits for."""
    return Preparer(wishes())


def answers(version: ModelVersion, images: Sequence[Image.Image]) -> list[Result]:
    """One result an image, all computed in one batch."""
    with _one_at_a_time:
        results = predict_batch(images, loaded(version))
    _seconds[:] = [results[-1].timings_ms["total"] / 1000] if results else []
    return results


def answers_soon(version: ModelVersion, images: Sequence[Image.Image]) -> Future[list[Result]]:
    """The same from a thread, while the caller does something else; nothing here asks the database."""
    return _beside.submit(answers, version, images)


def wait_until_free() -> None:
    """Returns once nothing is being computed."""
    with _one_at_a_time:
        return


def seconds_an_image() -> float | None:
    """What the last answer of this process took; None before the first."""
    return _seconds[0] if _seconds else None


def map_levels(result: Result, class_name: str, size: tuple[int, int]) -> NDArray[np.uint8] | None:
    """A class's map as 0..255 in (width, height); None where nothing speaks for the class.

    Above EXACT_PIXELS the map, which is smooth, is made smaller and enlarged as bytes: within two levels of
    the exact one, in a tenth of its memory."""
    if not result.maps.grids[class_name].any():
        return None
    shrink = max(1.0, math.sqrt(size[0] * size[1] / EXACT_PIXELS))
    drawn = max(1, round(size[0] / shrink)), max(1, round(size[1] / shrink))
    levels = map_to_uint8(upscale(result.maps.grids[class_name], drawn))
    if drawn == size:
        return levels
    return np.asarray(Image.fromarray(levels).resize(size, Image.Resampling.BILINEAR))


def loaded(version: ModelVersion) -> LoadedModel:
    """The version, ready to answer; loading it may send away the version that was used longest ago. A version
    that answers by torch until its model is converted is loaded anew then."""
    if version.pk in _loaded and preparer().has_news(version.pk):
        _release([version.pk])
    model = _loaded.get(version.pk)
    if model is None:
        model = _load(version)
        _loaded[version.pk] = model
        _release(list(_loaded)[: -settings.ENGINE_VERSIONS])
    _loaded.move_to_end(version.pk)
    return model


def superseded_release(version: ModelVersion) -> None:
    """Let go of other versions of its modality: `version` answers now. Call it before loading, so that two
    versions need not fit into the memory at once."""
    _release([pk for pk, model in _loaded.items() if _answers_no_more(pk, model, version)])


def _answers_no_more(pk: uuid.UUID, model: LoadedModel, version: ModelVersion) -> bool:
    return pk != version.pk and model.manifest.modality == version.modality


def _release(versions: Sequence[uuid.UUID]) -> None:
    for pk in versions:
        del _loaded[pk]
    if versions:
        memory_return()
        if device().type == "cuda":
            torch.cuda.empty_cache()


def _load(version: ModelVersion) -> LoadedModel:
    try:
        path = local_path(version.file.name or "")
        model = open_model(path, device(), wishes())
    except (ManifestError, OSError) as error:
        logger.exception("model version %s can't be loaded", version.pk)
        raise ModelUnavailable from error
    if model.manifest.tensor_sha256 != version.tensor_sha256:
        logger.error("the file of model version %s holds other weights than were imported", version.pk)
        raise ModelUnavailable
    preparer().opened(version.pk, path, device())
    logger.info("model version %s is loaded on %s: %s", version.pk, model.device, model.with_engines().words)
    return model
