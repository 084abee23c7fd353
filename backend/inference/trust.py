"""What speaks for and against an answer: its set of classes, and flags in words that somebody can act on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PIL import Image

from backend.inference.choices import FlagCode
from backend.registry.card import known_weak_classes
from backend.registry.choices import MODALITY_CHOICES
from ml.taxonomy import CLASS_NAMES, Modality
from ml.trust.p_values import prediction_set
from ml.trust.slot import SlotReading, slot_reading
from ml.trust.ultrasound import UltrasoundReading, ultrasound_reading

UNLIKE_ABOVE = 1.0  # distance over the version's own threshold
IN_PLAY_FROM = 0.1  # of a probability, where no set says what can't be ruled out
P_VALUE_DIGITS = 6


@dataclass(frozen=True)
class Looks:
    """What an image looks like, whatever a model says of it."""

    slot: SlotReading
    ultrasound: UltrasoundReading


def looks_of(image: Image.Image) -> Looks:
    """Of the whole picture, not of its region: both were learned from whole pictures."""
    return Looks(slot_reading(image), ultrasound_reading(image))


def looks_load() -> None:
    """So that the first image does not wait for the classifiers."""
    looks_of(Image.new("RGB", (64, 64)))


@dataclass(frozen=True)
class Evidence:
    """What the model said of an image, what the image looks like, and the manifest of the version."""

    probabilities: Mapping[str, float]
    p_values: Mapping[str, float] | None
    unlikeness: float | None
    modality: Modality
    looks: Looks
    manifest: Mapping[str, Any]
    synthetic: bool


def trust_columns(evidence: Evidence, *, level: int) -> dict[str, Any]:
    """Columns of the prediction; `level` (percent) is the site's of this moment; it stays with the answer."""
    found = evidence.p_values
    answer_set = None if found is None else list(prediction_set(found, level / 100))
    return {
        "p_values": found and {name: round(value, P_VALUE_DIGITS) for name, value in found.items()},
        "prediction_set": answer_set,
        "set_level": None if found is None else level,
        "unlikeness": evidence.unlikeness,
        "flags": [
            *_ultrasound_flags(evidence),
            *_slot_flags(evidence),
            *_likeness_flags(evidence),
            *_weakness_flags(evidence, answer_set),
        ],
    }


def _ultrasound_flags(evidence: Evidence) -> list[dict[str, Any]]:
    if not evidence.looks.ultrasound.is_doubted:
        return []
    detail = (
        "This does not look like an ultrasound image: its answer means nothing. Check that the right file "
        "was sent."
    )
    return [flag(FlagCode.NOT_ULTRASOUND, detail)]


def _slot_flags(evidence: Evidence) -> list[dict[str, Any]]:
    seen, slot = evidence.looks.slot.modality, evidence.modality
    if not evidence.looks.slot.is_wrong_in(slot):
        return []
    words = dict(MODALITY_CHOICES)
    detail = (
        f"This looks like {words[seen]}, but it was sent as {words[slot]}: check it, and send it again in "
        "the right field."
    )
    return [flag(FlagCode.WRONG_SLOT, detail, looks_like=seen.value)]


def _likeness_flags(evidence: Evidence) -> list[dict[str, Any]]:
    if evidence.unlikeness is None or evidence.unlikeness <= UNLIKE_ABOVE:
        return []
    detail = (
        "The model version has seen computer-made phantoms only, and this image is unlike them: its answer "
        "means nothing."
        if evidence.synthetic
        else "This image is unlike those that the model version learned from: do not rely on its answer."
    )
    return [flag(FlagCode.UNLIKE_TRAINING, detail)]


def _weakness_flags(evidence: Evidence, answer_set: list[str] | None) -> list[dict[str, Any]]:
    """A class that the version often misses, where the answer leaves it open."""
    open_classes = (
        [name for name in CLASS_NAMES if evidence.probabilities[name] >= IN_PLAY_FROM]
        if answer_set is None
        else answer_set
    )
    weak = known_weak_classes(evidence.manifest.get("metrics") or {})
    return [
        flag(
            FlagCode.KNOWN_WEAKNESS,
            f"In its validation this version found {100 * weak[name]:.0f} % of the {name} nodes and missed "
            "the others.",
            class_name=name,
            recall=weak[name],
        )
        for name in open_classes
        if name in weak
    ]


def flag(code: FlagCode, detail: str, **data: Any) -> dict[str, Any]:
    """As the prediction keeps it; `data` for translations."""
    return {"code": code.value, "detail": detail, **data}
