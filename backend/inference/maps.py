"""A result's maps, put back into the whole image and stored. Brings torch: for workers only."""

import uuid

from PIL import Image

from backend.inference import engine
from backend.inference.map_files import map_store
from backend.inference.regions import map_uncrop
from backend.studies.models import UltrasoundImage


def maps_store(
    row_id: uuid.UUID,
    attempt: int,
    image: UltrasoundImage,
    seen: Image.Image,
    result: engine.Result,
    *,
    keys: dict[str, str | None],
) -> None:
    """Fills `keys` class by class (a map of a large image is large); closes the pixels that the model saw."""
    size = seen.size
    seen.close()
    for name in result.maps:
        levels = engine.map_levels(result, name, size)
        if levels is None:
            keys[name] = None
        else:
            pixels = map_uncrop(levels, image.region, (image.width, image.height))
            keys[name] = map_store(row_id, attempt, name, pixels)
