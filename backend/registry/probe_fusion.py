"""What the probe finds in a version that joins the modalities; no network is loaded."""

from collections.abc import Iterator
from pathlib import Path

from backend.registry.findings import Finding
from ml.fusion.figures import FusionFigures, fusion_figures
from ml.fusion.record import TOLERANCE, golden_examples, largest_difference, read_fusion, subset_name
from ml.fusion.stack import Fusion
from ml.manifest import Manifest, ManifestError, read_manifest
from ml.taxonomy import Joining

_REASON = {"reason": "golden_answers"}


def is_fusion(path: Path) -> bool:
    """By its manifest; False for a file that has none."""
    try:
        return read_manifest(path).modality is Joining.FUSION
    except (ManifestError, OSError):
        return False


def fusion_findings(path: Path) -> Iterator[Finding]:
    """In the order of the look; what makes the rest pointless ends it."""
    manifest = read_manifest(path)
    yield Finding(
        "manifest_complete", True, f"The manifest is complete (format version {manifest.format_version})."
    )
    try:
        fusion = read_fusion(path)
    except ManifestError as error:
        step = "weights_hash" if error.code == "wrong_hash" else "architecture_shapes"
        yield Finding(step, False, error.detail, measured={"reason": error.code})
        return
    yield Finding("weights_hash", True, "The weights are those that the manifest was written for (sha256).")
    sets = ", ".join(subset_name(subset) for subset in fusion.stackers)
    yield Finding("architecture_shapes", True, f"It joins {sets}; every weight is a finite number.")
    yield _golden(manifest, fusion)
    yield _gain(fusion_figures(manifest))


def _golden(manifest: Manifest, fusion: Fusion) -> Finding:
    """The made-up answers in the file are joined as the file says."""
    try:
        examples = golden_examples(manifest.extras)
        off = largest_difference(fusion, examples)
    except (ManifestError, KeyError) as error:
        return Finding(
            "golden_answers",
            False,
            f"The golden answers can't be used: {error}.",
            measured={"reason": "golden_answers"},
        )
    good = off <= TOLERANCE
    detail = (
        f"The {len(examples)} golden answers are joined as the file says"
        if good
        else "The golden answers are joined otherwise than the file says"
    )
    return Finding(
        "golden_answers",
        good,
        f"{detail} (largest difference {off:.1e}, allowed {TOLERANCE:.0e}).",
        measured={"probabilities": off, "allowed": TOLERANCE}
        | ({} if good else {"reason": "golden_answers"}),
    )


def _gain(figures: FusionFigures) -> Finding:
    """Never a reason to refuse: a fusion may be wanted for its flag of contradictions alone."""
    unshown = [" + ".join(gain.modalities) for gain in figures.gains if not gain.is_shown]
    detail = (
        f"Not shown to be better than the best modality alone: {'; '.join(unshown)}."
        if unshown
        else "Better than the best modality alone for every set of modalities (95 % intervals above zero)."
    )
    measured = {"+".join(gain.modalities): round(gain.difference.value, 4) for gain in figures.gains}
    return Finding("fusion_gain", not unshown, detail, blocking=False, measured=measured)
