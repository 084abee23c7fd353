"""OpenVINO on the CPU: a converted model, one image at a time, so that no batch can change an answer."""

from __future__ import annotations

import ctypes
import mmap
from pathlib import Path

import torch
from torch import Tensor

from ml.engines.base import Mode, Used
from ml.engines.runtime import core

MODEL, WEIGHTS = "model.xml", "model.bin"


class OpenVinoEngine:
    """Features by the model in `folder`, computed by as many threads as torch has in this process."""

    def __init__(self, folder: Path, mode: Mode) -> None:
        self._mode = mode
        compiled = core().compile_model(str(folder / MODEL), "CPU", _properties(torch.get_num_threads()))
        self._request = compiled.create_infer_request()
        self.features(torch.zeros(*compiled.input(0).shape))  # the first one arranges the weights
        _forget_pages(folder / WEIGHTS)

    @property
    def used(self) -> Used:
        return Used("openvino", self._mode)

    def features(self, batch: Tensor) -> Tensor:
        return torch.cat([self._one(batch[row : row + 1]) for row in range(len(batch))])

    def _one(self, image: Tensor) -> Tensor:
        answer = self._request.infer({0: image.contiguous().numpy()}, share_inputs=True)[0]
        return torch.from_numpy(answer.copy())  # the request writes its next answer to the same place


def open_engine(folder: Path, *, fast: bool = False) -> OpenVinoEngine:
    """The model in a folder of the store."""
    return OpenVinoEngine(folder, Mode.FAST if fast else Mode.EXACT)


def _properties(threads: int) -> dict[str, object]:
    return {
        "INFERENCE_PRECISION_HINT": "f32",  # where a CPU has bf16, OpenVINO would take it unasked
        "NUM_STREAMS": 1,
        "INFERENCE_NUM_THREADS": threads,
        "ENABLE_CPU_PINNING": False,  # two workers would pin the same cores
    }


def _forget_pages(path: Path) -> None:
    """Give back the memory of a mapped weight file. The compiled model has its own copy, but holds the file
    mapped for as long as it lives; a page that is wanted after all is read again."""
    advise = getattr(ctypes.CDLL(None), "madvise", None)
    maps = Path("/proc/self/maps")
    if advise is None or not maps.exists():
        return
    for line in maps.read_text().splitlines():
        if line.endswith(f" {path.resolve()}"):
            start, end = (int(part, 16) for part in line.split(" ", 1)[0].split("-"))
            advise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), mmap.MADV_DONTNEED)
