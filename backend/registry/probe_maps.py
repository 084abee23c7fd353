"""The part of the probe that looks at Grad-CAM: does a map follow the class asked for, and the weights?"""

from collections.abc import Iterator, Mapping
from itertools import combinations

import numpy as np

from backend.registry.findings import Finding
from ml.audit.randomise import shuffle_weights
from ml.audit.record import PARTS, QUESTIONS, Verdict, read_audit
from ml.checkpoint import LoadedModel
from ml.golden import MAP_TOLERANCE, FloatMap, Golden
from ml.manifest import Manifest
from ml.predict import Result, predict_batch

LEAST_DIFFERENCE = 0.01  # of maps in 0..1, as a mean over a map


def audit_finding(manifest: Manifest) -> Finding:
    """`map_audit`: what the file says about its maps; never a reason to refuse it."""
    audit = read_audit(manifest)
    if audit is None:
        detail = (
            "Whether the maps show what the model uses was never measured: `python -m ml audit --write` does."
        )
        return Finding("map_audit", False, detail, blocking=False, measured={"reason": "missing"})
    answers = {name: audit.answer(name) for name in PARTS}
    words = " ".join(f"{QUESTIONS[name]} {answer.capitalize()}." for name, answer in answers.items())
    passed = audit.outcome is Verdict.PASSED
    return Finding("map_audit", passed, words, blocking=False, measured={"images": audit.images, **answers})


def map_findings(loaded: LoadedModel, golden: Golden, results: list[Result]) -> Iterator[Finding]:
    """`map_follows_class`, then `map_needs_weights`, for which the weights are shuffled in place."""
    yield map_follows_class(golden, [result.maps.grids for result in results])
    before = _stacked(results)
    shuffle_weights(loaded.model.parameters())
    after = _stacked(predict_batch([item.image for item in golden.images], loaded))
    yield map_needs_weights(float(np.abs(before - after).mean()))


def map_follows_class(golden: Golden, maps: list[Mapping[str, FloatMap]]) -> Finding:
    """Another class has another map, and each class has the map that was stored for it."""
    apart = max(
        float(np.abs(grids[first] - grids[second]).mean())
        for grids in maps
        for first, second in combinations(grids, 2)
    )
    off = max(
        _difference(grids[name], stored)
        for item, grids in zip(golden.images, maps, strict=True)
        for name, stored in item.maps.items()
    )
    follows, stored_ones = apart >= LEAST_DIFFERENCE, off <= MAP_TOLERANCE
    if follows and stored_ones:
        detail = f"Each class has its own map (they differ by {apart:.2f} of 1), and it is the stored one."
    elif follows:
        detail = f"The maps are not those stored for their classes: they are off by {off:.2f} of 1."
    else:
        detail = "The map is the same whichever class is asked for."
    return Finding(
        "map_follows_class",
        follows and stored_ones,
        detail,
        measured={"between_classes": apart, "from_stored": off, "allowed": MAP_TOLERANCE},
    )


def map_needs_weights(change: float) -> Finding:
    """A map that stays when the weights are shuffled shows the image, not what the model looks at."""
    needs = change >= LEAST_DIFFERENCE
    detail = (
        f"With shuffled weights the maps change (by {change:.2f} of 1 on average)."
        if needs
        else "The maps stay the same with shuffled weights: they do not show what the model looks at."
    )
    return Finding("map_needs_weights", needs, detail, measured={"change": change, "least": LEAST_DIFFERENCE})


def _difference(grid: FloatMap, stored: FloatMap | None) -> float:
    """Largest difference; 1 where only one of the two is empty, or the grids are not of one size."""
    if stored is None:
        return 1.0 if grid.any() else 0.0
    return float(np.abs(grid - stored).max()) if grid.shape == stored.shape and grid.any() else 1.0


def _stacked(results: list[Result]) -> FloatMap:
    maps = np.stack([np.stack(list(result.maps.grids.values())) for result in results])
    return np.nan_to_num(maps)
