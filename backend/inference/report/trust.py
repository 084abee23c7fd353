"""What speaks for and against an answer, in the words of the report's language."""

from collections.abc import Mapping
from typing import Any

from backend.inference.answer import PRODUCT_OF_EXPERTS, most_probable
from backend.inference.choices import FlagCode
from backend.inference.report.words import Words
from ml.taxonomy import CLASS_NAMES, member_count


def set_sentence(answer: Mapping[str, Any], words: Words) -> str | None:
    """Which classes can't be ruled out, the more probable first; None where nothing is calibrated."""
    names, level = answer["prediction_set"], answer["set_level"]
    if names is None:
        return None
    if not names:
        return words.set_none.format(level)
    if len(names) == len(CLASS_NAMES):
        return words.set_all.format(level)
    ordered = sorted(names, key=lambda name: -answer["probabilities"][name])
    return words.set_named.format(level, words.set_or.join(words.classes[name] for name in ordered))


def trust_sentences(prediction: Mapping[str, Any], words: Words) -> list[str]:
    """An image's set of classes, and how far its members disagree; nothing where there is no answer."""
    if not prediction["probabilities"]:
        return []
    found = (set_sentence(prediction, words), _spread_sentence(prediction, words))
    return [sentence for sentence in found if sentence]


def _spread_sentence(prediction: Mapping[str, Any], words: Words) -> str | None:
    """How far the members disagree about the class that they name together; None of one model alone."""
    spread, version = prediction["spread"], prediction["model_version"]
    if spread is None or version is None:
        return None
    named = most_probable(prediction["probabilities"])
    return words.spread.format(
        members=member_count(version["architecture"]),
        class_name=words.classes[named],
        low=100 * spread[named]["low"],
        high=100 * spread[named]["high"],
    )


def method_sentence(answer: Mapping[str, Any], answered: int, words: Words) -> str:
    """How the case answer comes from its images."""
    if answered == 1:
        return words.method_single
    if answer["fusion_version"]:
        return words.method_fusion.format(answered, answer["fusion_version"]["name"])
    return (words.method_product if answer["method"] == PRODUCT_OF_EXPERTS else words.method_mean).format(
        answered
    )


def flag_sentence(flag: Mapping[str, Any], prediction: Mapping[str, Any], words: Words) -> str:
    """A flag that the report has no words for stays in the server's."""
    code = flag["code"]
    version = prediction["model_version"]
    if code == FlagCode.UNLIKE_TRAINING and version and version["synthetic"]:
        code = "unlike_phantoms"
    return words.flags.get(code, flag["detail"]).format(
        looks_like=words.modalities.get(flag["looks_like"] or "", ""),
        modality=words.modalities[prediction["modality"]],
        class_name=words.classes.get(flag["class_name"] or "", ""),
        reliance="" if flag["reliance"] is None else f"{100 * flag['reliance']:.0f}",
        recall="" if flag["recall"] is None else f"{100 * flag['recall']:.0f}",
    )
