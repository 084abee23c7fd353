"""A result's maps, put back into the whole image and stored. Brings torch: for workers only."""

import uuid
from collections.abc import Callable

from PIL import Image

from backend.inference import engine
from backend.inference.map_files import former_maps_delete, map_store, maps_forget
from backend.inference.regions import map_uncrop
from backend.studies.models import UltrasoundImage

Keys = dict[str, str | None]  # of the storage, by class; None: nothing speaks for it


def maps_kept(
    row_id: uuid.UUID,
    attempt: int,
    image: UltrasoundImage,
    *,
    seen: Image.Image,
    result: engine.Result,
    write: Callable[[Keys], bool],
) -> bool:
    """Store the maps, then the row that names them: `write` says whether it was still wanted. A result that
    is not written leaves no map behind. Closes the pixels that the model saw."""
    keys: Keys = {}
    try:
        _store(row_id, attempt, image, seen=seen, result=result, keys=keys)
        written = write(keys)
    except BaseException:
        maps_forget(keys)
        raise
    if written:
        former_maps_delete(row_id, attempt)
    else:
        maps_forget(keys)
    return written


def _store(
    row_id: uuid.UUID,
    attempt: int,
    image: UltrasoundImage,
    *,
    seen: Image.Image,
    result: engine.Result,
    keys: Keys,
) -> None:
    """Fills `keys` class by class: a map of a large image is large."""
    size = seen.size
    seen.close()
    for name in result.maps:
        levels = engine.map_levels(result, name, size)
        if levels is None:
            keys[name] = None
        else:
            pixels = map_uncrop(levels, image.region, (image.width, image.height))
            keys[name] = map_store(row_id, attempt, name, pixels)
