"""Which processor does the work: `auto`, `cpu`, `cuda` or `cuda:N`."""

import torch


class UnknownDeviceError(ValueError):
    """Why a device cannot be used, in one sentence."""


def choose_device(wish: str = "auto") -> torch.device:
    """The device asked for, checked to exist; `auto` is the first CUDA device, else the CPU."""
    if wish == "auto":
        return torch.device("cuda:0" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(wish)
    except RuntimeError:
        raise UnknownDeviceError(f"Unknown device {wish!r}: use auto, cpu, cuda or cuda:N.") from None
    if device.type not in ("cpu", "cuda"):
        raise UnknownDeviceError(f"Device {wish!r} is not supported: use auto, cpu, cuda or cuda:N.")
    if device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count():
        raise UnknownDeviceError(
            f"Device {wish!r} is not here: torch sees {torch.cuda.device_count()} CUDA devices."
        )
    return device
