"""Which augmentations there are, off by default because the paper has none; free of torch.

No vertical flip (sound enters from the top: shadows and enhancement point down) and no change of hue or
saturation (colour is flow direction in Doppler, stiffness in elastography). Gain moves all channels alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from ml.data.samples import DataError

UNSAFE = {
    "vertical_flip": "shadows and enhancement always point away from the probe",
    "hue": "colour is flow direction or stiffness, not appearance",
    "saturation": "colour is flow direction or stiffness, not appearance",
}


@dataclass(frozen=True)
class Augmentation:
    """Largest change of each kind; 0 or false is off."""

    horizontal_flip: bool = False
    rotate_degrees: float = 0.0
    shift: float = 0.0  # share of the side
    zoom: float = 0.0  # share of the size, both ways
    gain: float = 0.0  # share of the brightness, both ways, equal for all channels
    speckle: float = 0.0  # standard deviation of multiplicative noise, equal for all channels

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """From a TOML table; unsafe choices are refused with the reason."""
        for name, reason in UNSAFE.items():
            if values.get(name):
                raise DataError(f"The augmentation '{name}' is not offered for ultrasound: {reason}.")
        try:
            return cls(**{name: value for name, value in values.items() if name not in UNSAFE})
        except TypeError as error:
            raise DataError(f"Unknown augmentation: {error}.") from error

    @property
    def active(self) -> bool:
        """Whether anything is changed at all."""
        return self != Augmentation()
