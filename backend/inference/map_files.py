"""Where maps lie: one folder a prediction, one inside it for each attempt. 8-bit grey, the image's size."""

import io
import uuid
from collections.abc import Mapping

import numpy as np
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from numpy.typing import NDArray
from PIL import Image

from backend.core.stored import left_behind, store_whole, stored_delete

PNG_COMPRESS_LEVEL = 1
Map = NDArray[np.uint8]


def map_store(prediction_id: uuid.UUID, attempt: int, class_name: str, values: Map) -> str:
    """The storage key of a map written as PNG; where it can't be written, no half of it stays."""
    buffer = io.BytesIO()
    Image.fromarray(values).save(buffer, "PNG", compress_level=PNG_COMPRESS_LEVEL)
    key = f"maps/{prediction_id}/{attempt}/{class_name}.png"
    return store_whole(key, ContentFile(buffer.getvalue()))


def maps_forget(keys: Mapping[str, str | None]) -> None:
    """Delete the maps of a result that was not wanted any more."""
    for key in keys.values():
        if key is not None:
            stored_delete(key)


def maps_delete(prediction_id: uuid.UUID) -> None:
    """Delete everything that any attempt of this prediction has written; what can't be, as soon as it can."""
    try:
        _attempts_delete(prediction_id, keep="")
    except OSError:
        left_behind(f"maps/{prediction_id}")
    else:
        stored_delete(f"maps/{prediction_id}")


def former_maps_delete(prediction_id: uuid.UUID, attempt: int) -> None:
    """Delete what attempts before this one have left behind when their worker died."""
    if attempt > 1:
        _attempts_delete(prediction_id, keep=str(attempt))


def _attempts_delete(prediction_id: uuid.UUID, *, keep: str) -> None:
    folder = f"maps/{prediction_id}"
    try:
        attempts = default_storage.listdir(folder)[0]
    except FileNotFoundError:  # nothing was ever written
        return
    for attempt in attempts:
        if attempt != keep:
            for name in default_storage.listdir(f"{folder}/{attempt}")[1]:
                stored_delete(f"{folder}/{attempt}/{name}")
            stored_delete(f"{folder}/{attempt}")
