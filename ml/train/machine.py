"""Where a run trains: a CPU, a GPU, or many processes under torchrun, through Hugging Face accelerate."""

from __future__ import annotations

from typing import Any

import torch
from accelerate import Accelerator
from accelerate.state import AcceleratorState
from accelerate.utils import DistributedDataParallelKwargs
from torch import Tensor, nn

from ml.data.samples import DataError


class Machine:
    """The processes and the device of this run; the same calls whether there is one or many."""

    def __init__(self, device: str = "auto", precision: str = "auto") -> None:
        if device not in ("auto", "cpu") and not torch.cuda.is_available():
            raise DataError(f"The device '{device}' was asked for, but torch finds no GPU. Use --device cpu.")
        on_cpu = device == "cpu" or not torch.cuda.is_available()
        wanted = ("no" if on_cpu else "bf16") if precision == "auto" else precision.replace("fp32", "no")
        AcceleratorState._reset_state(reset_partial_state=False)  # several runs in one process may differ
        self._ddp = DistributedDataParallelKwargs(find_unused_parameters=True)
        self._accelerator = Accelerator(cpu=on_cpu, mixed_precision=wanted, kwargs_handlers=[self._ddp])
        self.precision = "fp32" if wanted == "no" else wanted

    @property
    def device(self) -> torch.device:
        return self._accelerator.device

    @property
    def rank(self) -> int:
        return self._accelerator.process_index

    @property
    def world(self) -> int:
        return self._accelerator.num_processes

    @property
    def is_main(self) -> bool:
        return self._accelerator.is_main_process

    def prepare(
        self, model: nn.Module, optimizer: torch.optim.Optimizer, *, tasks: int
    ) -> tuple[nn.Module, Any]:
        """Model and optimiser on the device, wrapped for several processes; channels-last in memory."""
        self._ddp.find_unused_parameters = tasks > 1  # a step uses one head, the others have no gradient
        model.to(memory_format=torch.channels_last)
        if self.world > 1 and self.device.type == "cuda":
            model = nn.SyncBatchNorm.convert_sync_batchnorm(model)
        return self._accelerator.prepare(model, optimizer)

    def backward(self, loss: Tensor) -> None:
        """Gradients of `loss`, averaged over the processes."""
        self._accelerator.backward(loss)

    def interleave(self, own: Tensor) -> Tensor:
        """Rows rank, rank + world, … of every process put back in order; equal counts everywhere."""
        if self.world == 1:
            return own
        everyone = self._accelerator.gather(own)
        return everyone.unflatten(0, (self.world, len(own))).transpose(0, 1).flatten(0, 1)

    def wait(self) -> None:
        """Until every process is here."""
        self._accelerator.wait_for_everyone()

    def describe(self) -> dict[str, Any]:
        """Device, precision and processes, for run.json."""
        name = torch.cuda.get_device_name(self.device) if self.device.type == "cuda" else "cpu"
        return {"device": name, "precision": self.precision, "processes": self.world}
