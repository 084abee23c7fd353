"""torch as an engine: the reference on a CPU; on a GPU fp32 as exact and bf16 as fast mode."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from ml.engines.base import Mode, Used

Forward = Callable[[Tensor], Tensor]


class TorchEngine:
    """Features by the module itself.

    On a GPU the batch goes in channels-last, without TF32; `fast` computes in bf16. `compiled` hands the
    module to torch.compile, which records CUDA graphs: one a batch size, worth its minutes only where a
    worker runs for long.
    """

    def __init__(
        self, module: nn.Module, device: torch.device, *, fast: bool = False, compiled: bool = False
    ) -> None:
        self._device = device
        self._fast = fast
        self._on_gpu = device.type == "cuda"
        if self._on_gpu:
            torch.backends.cudnn.allow_tf32 = False  # ten bits of mantissa are not exact
            module = module.to(memory_format=torch.channels_last)
        self._run: Forward = torch.compile(module, mode="reduce-overhead") if compiled else module

    @property
    def used(self) -> Used:
        return Used("torch", Mode.FAST if self._fast else Mode.EXACT)

    @torch.inference_mode()
    def features(self, batch: Tensor) -> Tensor:
        if self._on_gpu:
            batch = batch.contiguous(memory_format=torch.channels_last)
        with torch.autocast(self._device.type, torch.bfloat16, enabled=self._fast):
            # A recorded graph writes its next answer over this one: the answer needs a place of its own.
            return self._run(batch).to(torch.float32, copy=True, memory_format=torch.contiguous_format)
