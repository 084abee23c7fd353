"""Pure inference: images and a loaded checkpoint in, probabilities, maps and timings out."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from ml.checkpoint import LoadedModel
from ml.engines.base import Used
from ml.gradcam import FloatMap, class_maps, upscale
from ml.model import SplitClassifier
from ml.spread import Range, member_logits, spread_of
from ml.transforms import normalise, resize_uint8
from ml.trust.likeness import appearance, unlikeness
from ml.trust.p_values import calibrated, p_values


class ClassMaps(Mapping[str, FloatMap | None]):
    """Class name → map in 0..1, height × width of the input image; None where nothing speaks for the class.

    Kept on the feature grid and enlarged on each access: a batch of large images stays small in memory.
    """

    def __init__(self, names: Sequence[str], grids: FloatMap, size: tuple[int, int]) -> None:
        self.grids = dict(zip(names, grids, strict=True))
        self._size = size  # width, height

    def __getitem__(self, name: str) -> FloatMap | None:
        grid = self.grids[name]
        return upscale(grid, self._size) if grid.any() else None

    def __iter__(self) -> Iterator[str]:
        return iter(self.grids)

    def __len__(self) -> int:
        return len(self.grids)


@dataclass(frozen=True)
class Result:
    """The answer for one image; classes in the manifest's order."""

    probabilities: dict[str, float]  # calibrated, where the version is
    logits: tuple[float, ...]  # as the model gives them
    maps: ClassMaps
    engine: Used
    timings_ms: dict[str, float]  # preprocess, features, cam, total; in a batch, an equal share of its time
    calibrated: bool = False
    p_values: dict[str, float] | None = None  # for ml.trust.p_values.prediction_set; None: not calibrated
    unlikeness: float | None = None  # above 1: unlike the images that the model learned from
    spread: Mapping[str, Range] | None = None  # of an ensemble's members, by class; None: one model alone

    @property
    def raw_probabilities(self) -> dict[str, float]:
        """Softmax of the logits: what golden images keep, whatever was calibrated since."""
        return dict(zip(self.probabilities, calibrated(self.logits, None).tolist(), strict=True))


def predict(image: Image.Image, loaded: LoadedModel) -> Result:
    """Probabilities, one map a class and timings for one decoded image."""
    return predict_batch([image], loaded)[0]


def predict_batch(images: Sequence[Image.Image], loaded: LoadedModel) -> list[Result]:
    """One result an image, in order; the same answers as one by one (float32 rounding apart)."""
    if not images:
        return []
    clock = _Clock(loaded.device)
    with _one_thread():
        pixels = as_pixels(images, loaded.manifest.input_size)
        batch = _as_batch(pixels, loaded)
    clock.stop("preprocess")
    answered = loaded.with_engines().answer(batch, loaded.model.tail)
    clock.stop("features")
    with _one_thread():
        unlike = _unlikeness(loaded, answered.features, pixels)
        spreads = _spreads(loaded, answered.features)
        grids = class_maps(loaded.model, answered.features)
    clock.stop("cam")
    timings = clock.shares(len(images))
    answers = zip(answered.logits, grids, answered.used, unlike, spreads, strict=True)
    return [
        _result(loaded, image.size, answer, timings) for image, answer in zip(images, answers, strict=True)
    ]


def as_batch(images: Sequence[Image.Image], loaded: LoadedModel) -> Tensor:
    """The images as the checkpoint's engines want them, on its device."""
    return _as_batch(as_pixels(images, loaded.manifest.input_size), loaded)


def as_pixels(images: Sequence[Image.Image], side: int) -> NDArray[np.uint8]:
    """The images in the network's size: N×S×S×3."""
    return np.stack([resize_uint8(image, side) for image in images])


def _as_batch(pixels: NDArray[np.uint8], loaded: LoadedModel) -> Tensor:
    manifest = loaded.manifest
    return normalise(torch.from_numpy(pixels).to(loaded.device), manifest.mean, manifest.std)


def pooled(model: SplitClassifier, features: Tensor) -> FloatMap:
    """What the Grad-CAM layer gives, averaged over the image: N×C, on the CPU."""
    maps = features if model.reshape is None else model.reshape(features)
    return np.asarray(maps.mean(dim=(2, 3)).float().cpu().numpy())


def _unlikeness(loaded: LoadedModel, features: Tensor, pixels: NDArray[np.uint8]) -> list[float] | list[None]:
    likeness = loaded.trust.likeness
    if likeness is None:
        return [None] * len(features)
    return unlikeness(pooled(loaded.model, features), appearance(pixels), likeness)


def _spreads(loaded: LoadedModel, features: Tensor) -> Sequence[Mapping[str, Range] | None]:
    members = member_logits(loaded.model, features)
    if members is None:
        return [None] * len(features)
    return [spread_of(one, loaded.manifest.class_names, loaded.trust.calibration) for one in members]


def _result(
    loaded: LoadedModel,
    size: tuple[int, int],
    answer: tuple[Tensor, FloatMap, Used, float | None, Mapping[str, Range] | None],
    timings: dict[str, float],
) -> Result:
    names, calibration = loaded.manifest.class_names, loaded.trust.calibration
    logits, grids, used, unlike, spread = answer
    probabilities = dict(zip(names, calibrated(logits.tolist(), calibration).tolist(), strict=True))
    return Result(
        probabilities=probabilities,
        logits=tuple(logits.tolist()),
        maps=ClassMaps(names, grids, size),
        engine=used,
        timings_ms=dict(timings),
        calibrated=calibration is not None,
        p_values=None if calibration is None else p_values(probabilities, calibration),
        unlikeness=unlike,
        spread=spread,
    )


@contextmanager
def _one_thread() -> Iterator[None]:
    """These steps take a millisecond: where others use the cores too, meeting a second thread takes seven."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


class _Clock:
    """Milliseconds of each step; waits for the device before it reads the time."""

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._spent: dict[str, float] = {}
        self._last = self._now()

    def stop(self, step: str) -> None:
        now = self._now()
        self._spent[step] = (now - self._last) * 1000
        self._last = now

    def shares(self, count: int) -> dict[str, float]:
        return {step: spent / count for step, spent in self._spent.items()} | {
            "total": sum(self._spent.values()) / count
        }

    def _now(self) -> float:
        if self._device.type == "cuda":
            torch.cuda.synchronize(self._device)
        return perf_counter()
