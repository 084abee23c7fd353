"""Pure inference: images and a loaded checkpoint in, probabilities, maps and timings out."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from ml.checkpoint import LoadedModel
from ml.engines.base import Used
from ml.gradcam import FloatMap, class_maps, upscale
from ml.transforms import normalise, resize_uint8


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

    probabilities: dict[str, float]
    logits: tuple[float, ...]
    maps: ClassMaps
    engine: Used
    timings_ms: dict[str, float]  # preprocess, features, cam, total; in a batch, an equal share of its time


def predict(image: Image.Image, loaded: LoadedModel) -> Result:
    """Probabilities, one map a class and timings for one decoded image."""
    return predict_batch([image], loaded)[0]


def predict_batch(images: Sequence[Image.Image], loaded: LoadedModel) -> list[Result]:
    """One result an image, in order; the same answers as one by one (float32 rounding apart)."""
    if not images:
        return []
    clock = _Clock(loaded.device)
    with _one_thread():
        batch = as_batch(images, loaded)
    clock.stop("preprocess")
    answered = loaded.with_engines().answer(batch, loaded.model.tail)
    clock.stop("features")
    with _one_thread():
        grids = class_maps(loaded.model, answered.features)
    clock.stop("cam")
    timings = clock.shares(len(images))
    answers = zip(answered.logits, grids, answered.used, strict=True)
    return [
        _result(loaded, image.size, answer, timings) for image, answer in zip(images, answers, strict=True)
    ]


def as_batch(images: Sequence[Image.Image], loaded: LoadedModel) -> Tensor:
    """The images as the checkpoint's engines want them, on its device."""
    manifest = loaded.manifest
    pixels = np.stack([resize_uint8(image, manifest.input_size) for image in images])
    return normalise(torch.from_numpy(pixels).to(loaded.device), manifest.mean, manifest.std)


def _result(
    loaded: LoadedModel,
    size: tuple[int, int],
    answer: tuple[Tensor, FloatMap, Used],
    timings: dict[str, float],
) -> Result:
    names = loaded.manifest.class_names
    logits, grids, used = answer
    return Result(
        probabilities=dict(zip(names, torch.softmax(logits, dim=0).tolist(), strict=True)),
        logits=tuple(logits.tolist()),
        maps=ClassMaps(names, grids, size),
        engine=used,
        timings_ms=dict(timings),
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
