"""Does fast mode keep on this machine what was measured when the checkpoint was exported?"""

from __future__ import annotations

from typing import Any

import numpy as np

from ml.checkpoint import LoadedModel
from ml.engines.base import Engines, FeatureEngine
from ml.fast.measure import Answers, compare, difference_errors
from ml.fast.record import (
    LEAST_CLASS_AGREEMENT,
    LEAST_MEDIAN_CORRELATION,
    LEAST_P5_CORRELATION,
    FastRecord,
)
from ml.golden import KEY as GOLDEN_KEY
from ml.golden import read_golden
from ml.gradcam import class_maps
from ml.predict import as_batch

LEAST_WITHIN = 0.9  # of the pictures; at export it was 0.975 of many more


def check(
    loaded: LoadedModel, record: FastRecord, exact: FeatureEngine, fast: FeatureEngine
) -> dict[str, Any]:
    """Facts about the golden and the calibration pictures: `usable`, and what was found.

    The pictures are few, so the share of close calls is left out: it says nothing below some hundred.
    """
    plain, quick = _answers(loaded, record, Engines(exact)), _answers(loaded, record, Engines(fast))
    cascade = _answers(loaded, record, Engines(exact, fast, record.margin))
    found = compare(plain, cascade)
    within = float((difference_errors(plain.logits, quick.logits) <= record.margin).mean())
    usable = (
        found["class_agreement"] >= LEAST_CLASS_AGREEMENT
        and found["map_correlation_median"] >= LEAST_MEDIAN_CORRELATION
        and found["map_correlation_p5"] >= LEAST_P5_CORRELATION
        and within >= LEAST_WITHIN
    )
    return {
        "usable": usable,
        "reason": "" if usable else "not what was measured at export",
        "pictures": len(plain.logits),
        "errors_within_margin": round(within, 4),
        **found,
    }


def _answers(loaded: LoadedModel, record: FastRecord, engines: Engines) -> Answers:
    golden = read_golden(loaded.manifest).images if GOLDEN_KEY in loaded.manifest.extras else ()
    logits, maps = [], []
    for picture in (*(item.image for item in golden), *record.pictures):
        answered = engines.answer(as_batch([picture], loaded), loaded.model.tail)
        logits.append(answered.logits.numpy())
        maps.append(class_maps(loaded.model, answered.features))
    return Answers(np.concatenate(logits), np.concatenate(maps))
