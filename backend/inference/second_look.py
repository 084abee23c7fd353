"""After the answer: what is burned in, where the attention lies, and the answer without the print.

Brings torch: for workers only. The prediction stays as it ended; one guarded update adds what was found."""

import logging
import uuid
from collections.abc import Mapping
from typing import Any

import numpy as np
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from PIL import Image

from backend.core.moments import from_now
from backend.core.queue import hint_send
from backend.inference import engine
from backend.inference.choices import FlagCode, TextCheckState
from backend.inference.media import picture_read
from backend.inference.models import Prediction
from backend.inference.regions import region_crop
from backend.inference.tasks import look_again
from backend.inference.text_checks import ASK_AGAIN
from backend.inference.trust import flag
from ml.overlays.attention import attention_shares
from ml.overlays.boxes import Box
from ml.overlays.find import Overlays, find_overlays
from ml.overlays.mask import masked
from ml.overlays.reliance import RELIES_FROM, reliance

logger = logging.getLogger(__name__)
DIGITS = 4


def check_columns(prediction: Prediction) -> dict[str, Any]:
    """Columns of a prediction that is being answered; empty where the site, or the image, does without."""
    if not _is_wanted(prediction):
        return {}
    return {"text_check": {"state": TextCheckState.PENDING.value}, "text_check_due": from_now(ASK_AGAIN)}


def ask_on_commit(prediction: Prediction) -> None:
    """Behind the images that wait now, so that nobody's answer waits for it. No check is worth an answer."""
    if _is_wanted(prediction):
        pk = str(prediction.pk)
        transaction.on_commit(lambda: hint_send(look_again, pk), robust=True)


def _is_wanted(prediction: Prediction) -> bool:
    """An image that is deleted once it is answered can't be looked at again."""
    return settings.TEXT_CHECK and prediction.image.kept


def look(prediction_id: uuid.UUID) -> bool:
    """Do the check that this prediction waits for; whether there was one."""
    row = _waiting(prediction_id).select_related("image", "model_version", "analysis").first()
    if row is None:
        return False
    found, flags = _checked(row)
    return bool(_waiting(prediction_id).update(text_check=found, text_check_due=None, flags=flags))


def _waiting(prediction_id: uuid.UUID) -> QuerySet[Prediction]:
    return Prediction.objects.filter(pk=prediction_id, text_check_due__isnull=False)


def _checked(row: Prediction) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """`text_check` and all flags of the row."""
    try:
        image = picture_read(row.image.key).convert("RGB")
        found = find_overlays(image)
        moved = _moved(row, image, found)
        shares = _attention(row, image, found)
    except (OSError, engine.ModelUnavailable):
        logger.warning("the print in the image of prediction %s was not looked for", row.pk, exc_info=True)
        return {"state": TextCheckState.FAILED.value}, row.flags
    check = {
        "state": TextCheckState.DONE.value,
        "boxes": {kind: [list(box) for box in boxes] for kind, boxes in found._asdict().items()},
        "reliance": moved,
        "attention": shares,
    }
    return check, [*row.flags, *text_flags(moved)]


def _moved(row: Prediction, image: Image.Image, found: Overlays) -> float | None:
    """The meter; None where nothing is burned in, so that there is nothing to leave out."""
    if not found.boxes or row.model_version is None or row.probabilities is None:
        return None
    without = region_crop(masked(image, found.boxes), row.image.region)
    answer = engine.answers(row.model_version, [without])[0]
    return round(reliance(row.probabilities, answer.probabilities), DIGITS)


def _attention(row: Prediction, image: Image.Image, found: Overlays) -> dict[str, float | None] | None:
    """Shares of the first class's map; None where nothing speaks for it."""
    chances: Mapping[str, float] = row.probabilities or {}
    key = (row.maps or {}).get(max(chances, key=lambda name: chances[name], default=""))
    if key is None:
        return None
    region = None if row.image.region is None else Box(*row.image.region)
    shares = attention_shares(np.asarray(picture_read(key)), np.asarray(image), found.text, region)
    if shares is None:
        return None
    return {name: None if part is None else round(part, DIGITS) for name, part in shares._asdict().items()}


def text_flags(moved: float | None) -> list[dict[str, Any]]:
    """A flag where the answer rests on what is burned in."""
    if moved is None or moved < RELIES_FROM:
        return []
    detail = (
        f"With the text in the image painted over, {100 * moved:.0f} % of the probability moves to other "
        "classes: the answer rests on print, not on tissue alone."
    )
    return [flag(FlagCode.TEXT_RELIANCE, detail, reliance=moved)]
