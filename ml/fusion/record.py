"""A fusion version's file: a manifest like any other, and the stackers as tensors. No torch.

`extras["fusion"]` names the versions that it joins and the figures; tensors "<modalities>.weight" and
"<modalities>.bias" (float32) are the stackers, the modalities joined by "+".
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file, save_file

from ml.atomic import write_atomically
from ml.fusion.figures import fusion_figures
from ml.fusion.stack import SUBSETS, Answer, Fusion, Stacker, Subset, joined
from ml.manifest import MANIFEST_KEY, Manifest, ManifestError, read_manifest, verify_tensors
from ml.taxonomy import CLASS_NAMES, FUSION_ARCHITECTURE, Joining, Modality

KEY = "fusion"  # of the manifest's extras
FORMAT = 1
TOLERANCE = 1e-5  # of a golden answer: float32 weights, double precision beside them
MOST_GOLDEN = 50


@dataclass(frozen=True)
class Example:
    """Made-up answers of the modalities and what the fusion makes of them."""

    answers: Mapping[Modality, Answer]
    joined: Answer


def write_fusion(path: Path, manifest: Manifest, fusion: Fusion) -> Manifest:
    """Write the file in one step; gives the manifest as stored, with its sha256 and golden answers."""
    stored_fusion = _as_stored(fusion)
    tensors = _tensors(stored_fusion)
    extras = {**manifest.extras, KEY: {**manifest.extras.get(KEY, {}), **_as_json(stored_fusion)}}
    stored = replace(manifest, extras=extras, storage_dtype="float32", tensor_sha256=_sha256(tensors))
    text = stored.to_json()
    write_atomically(path, lambda part: save_file(tensors, part, {MANIFEST_KEY: text}))
    return stored


def read_fusion(path: Path) -> Fusion:
    """The fusion in the file at `path`, after every check; ManifestError with a code and a reason."""
    manifest = read_manifest(path)
    if manifest.modality is not Joining.FUSION or manifest.architecture != FUSION_ARCHITECTURE:
        raise ManifestError("fusion_invalid", "This is a version of one modality, not a fusion of several.")
    verify_tensors(path)
    fusion_figures(manifest)
    return fusion_of(manifest.extras, load_file(path))


def fusion_of(extras: Mapping[str, Any], tensors: Mapping[str, Any]) -> Fusion:
    """What the manifest's extras and the tensors (arrays or lists of numbers) say together."""
    try:
        stored = _object(extras[KEY])
        subsets = [_subset(item["modalities"]) for item in stored["subsets"]]
        cases = [_count(item["cases"]) for item in stored["subsets"]]
        fusion = Fusion(
            inputs={Modality(name): _digest(one["tensor_sha256"]) for name, one in stored["inputs"].items()},
            stackers={
                subset: _stacker(subset, tensors, count) for subset, count in zip(subsets, cases, strict=True)
            },
            conflict_below=_share(stored["conflict_below"]),
        )
    except KeyError as error:
        raise _unfit(f"{error} is missing") from None
    except (AttributeError, TypeError, ValueError) as error:
        raise _unfit(f"{error}") from None
    _check_whole(fusion, tensors)
    return fusion


def golden_examples(extras: Mapping[str, Any]) -> list[Example]:
    """The made-up answers in the manifest; ManifestError where they can't be read."""
    try:
        listed = _object(extras[KEY])["golden"]
        if not isinstance(listed, list) or not 1 <= len(listed) <= MOST_GOLDEN:
            raise ValueError(f"golden is no list of 1 to {MOST_GOLDEN} answers")
        return [
            Example(
                {Modality(name): _answer(said) for name, said in item["answers"].items()},
                _answer(item["joined"]),
            )
            for item in listed
        ]
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise _unfit(f"its golden answers: {error}") from None


def largest_difference(fusion: Fusion, examples: list[Example]) -> float:
    """Between what the file says it answers and what it does answer; KeyError for an unknown subset."""
    return max(
        abs(joined(fusion, example.answers)[name] - example.joined[name])
        for example in examples
        for name in CLASS_NAMES
    )


def subset_name(subset: Subset) -> str:
    """As in the names of the tensors."""
    return "+".join(subset)


def _unfit(reason: str) -> ManifestError:
    return ManifestError("fusion_invalid", f"What the file says about joining modalities is unfit: {reason}.")


def _as_stored(fusion: Fusion) -> Fusion:
    """With the weights as float32 leaves them: golden answers are those of the file."""
    return replace(
        fusion,
        stackers={
            subset: replace(
                stacker,
                weight=stacker.weight.astype(np.float32).astype(np.float64),
                bias=stacker.bias.astype(np.float32).astype(np.float64),
            )
            for subset, stacker in fusion.stackers.items()
        },
    )


def _tensors(fusion: Fusion) -> dict[str, Any]:
    found = {}
    for subset, stacker in fusion.stackers.items():
        found[f"{subset_name(subset)}.weight"] = np.ascontiguousarray(stacker.weight, dtype=np.float32)
        found[f"{subset_name(subset)}.bias"] = np.ascontiguousarray(stacker.bias, dtype=np.float32)
    return found


def _sha256(tensors: Mapping[str, Any]) -> str:
    """As `ml.manifest.verify_tensors` computes it."""
    digest = hashlib.sha256()
    for name in sorted(tensors):
        digest.update(tensors[name].astype("<f4").tobytes())
    return digest.hexdigest()


def _as_json(fusion: Fusion) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "conflict_below": fusion.conflict_below,
        "subsets": [
            {"modalities": list(subset), "cases": stacker.cases}
            for subset, stacker in fusion.stackers.items()
        ],
        "golden": [
            {
                "answers": {name: dict(said) for name, said in example.answers.items()},
                "joined": example.joined,
            }
            for example in _examples(fusion)
        ],
    }


def _examples(fusion: Fusion) -> list[Example]:
    """Every modality in turn is sure of a class, the others lean to the next."""
    found = []
    for subset in fusion.stackers:
        for turn, name in enumerate(CLASS_NAMES):
            other = CLASS_NAMES[(turn + 1) % len(CLASS_NAMES)]
            sure, leaning = _leaning(name, 0.9), _leaning(other, 0.5)
            answers = {
                modality: sure if place == turn % len(subset) else leaning
                for place, modality in enumerate(subset)
            }
            found.append(Example(answers, joined(fusion, answers)))
    return found


def _leaning(class_name: str, share: float) -> dict[str, float]:
    rest = (1 - share) / (len(CLASS_NAMES) - 1)
    return {name: share if name == class_name else rest for name in CLASS_NAMES}


def _check_whole(fusion: Fusion, tensors: Mapping[str, Any]) -> None:
    """Every subset of the inputs that is joined has its stacker, and no tensor is left over."""
    if len(fusion.inputs) < 2 or not fusion.stackers:
        raise _unfit("it joins fewer than two modalities")
    strangers = {modality for subset in fusion.stackers for modality in subset} - set(fusion.inputs)
    if strangers:
        raise _unfit(f"no version is named for {', '.join(sorted(strangers))}")
    if set(tensors) != set(_tensors(fusion)):
        raise _unfit("its tensors are not those of its sets of modalities")


def _stacker(subset: Subset, tensors: Mapping[str, Any], cases: int) -> Stacker:
    classes = len(CLASS_NAMES)
    weight = _array(tensors[f"{subset_name(subset)}.weight"], (classes, classes * len(subset)))
    return Stacker(weight, _array(tensors[f"{subset_name(subset)}.bias"], (classes,)), cases)


def _array(values: Any, shape: tuple[int, ...]) -> Any:
    array = np.asarray(values, dtype=np.float64)
    if array.shape != shape or not np.isfinite(array).all():
        raise ValueError(f"a tensor is not {'×'.join(map(str, shape))} finite numbers")
    return array


def _subset(names: Any) -> Subset:
    subset = tuple(Modality(name) for name in names)
    if subset not in SUBSETS:
        raise ValueError(f"{', '.join(subset)} are not two or three modalities in their order")
    return subset


def _object(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise ValueError("it is of another format")
    return value


def _answer(value: Any) -> dict[str, float]:
    answer = {name: _share(value[name]) for name in CLASS_NAMES}
    if abs(sum(answer.values()) - 1) > TOLERANCE:
        raise ValueError("probabilities do not add up to 1")
    return answer


def _share(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("a share is no finite number")
    if not 0 <= value <= 1:
        raise ValueError("a share is not within 0 and 1")
    return float(value)


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError("a number of cases is no whole number from 1 up")
    return value


def _digest(value: Any) -> str:
    if not isinstance(value, str) or len(value) != 64:
        raise ValueError("an input is not named by a sha256")
    return value
