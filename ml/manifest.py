"""What a checkpoint says about itself: read and checked with the standard library alone, no torch."""

import hashlib
import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from ml.safetensors_header import HASH_CHUNK_BYTES, MAX_HEADER_BYTES, ManifestError, read_header
from ml.taxonomy import CLASS_NAMES, Joining, Modality

__all__ = [
    "FORMAT_VERSION",
    "MANIFEST_KEY",
    "MAX_HEADER_BYTES",
    "PREPROCESSING_VERSION",
    "Manifest",
    "ManifestError",
    "read_manifest",
    "verify_tensors",
]

# 2: with golden images (ml.golden); 3: with calibration and likeness (ml.trust); 4: with an audit (ml.audit);
# 5: a version may join several modalities (ml.fusion)
FORMAT_VERSION = 5
READABLE_VERSIONS = (1, 2, 3, 4, 5)
PREPROCESSING_VERSION = "rgb-bilinear-1"  # ml.transforms.resize_uint8, then mean and std
MANIFEST_KEY = "cv4lymphnode"  # key of the one JSON text in the safetensors metadata
STORAGE_DTYPES = ("float32", "float16")
INPUT_SIZES = range(32, 1025)


@dataclass(frozen=True)
class Manifest:
    """One checkpoint's description; `extras` holds what later layers fit (calibration, golden tensors …)."""

    name: str
    architecture: str
    modality: Modality | Joining
    input_size: int  # pixels, height = width
    seed: int
    config: dict[str, Any]
    dataset_fingerprint: str
    split_protocol: str
    metrics: dict[str, Any]
    training_commit: str
    licence: str
    intended_use: str
    limits: list[str]
    synthetic: bool
    created_at: str  # ISO 8601
    class_names: tuple[str, ...] = CLASS_NAMES
    mean: tuple[float, float, float] = (0.485, 0.456, 0.406)  # ImageNet, of RGB in 0..1 (paper §2.2)
    std: tuple[float, float, float] = (0.229, 0.224, 0.225)
    format_version: int = FORMAT_VERSION
    preprocessing_version: str = PREPROCESSING_VERSION
    storage_dtype: str = "float32"
    tensor_sha256: str = ""  # filled when saved
    extras: dict[str, Any] = field(default_factory=dict)

    @property
    def image_modality(self) -> Modality:
        """The modality of the images that it answers; ManifestError for a version that sees none."""
        if isinstance(self.modality, Joining):
            raise ManifestError(
                "sees_no_image", f"'{self.name}' joins the answers of several modalities and sees no image."
            )
        return self.modality

    def to_json(self) -> str:
        """The manifest as JSON text; raises ManifestError when a field is not what it should be."""
        try:
            text = json.dumps(asdict(self), allow_nan=False, ensure_ascii=False, sort_keys=True)
        except (TypeError, ValueError) as error:
            raise ManifestError(
                "manifest_invalid", f"The manifest cannot be written as JSON: {error}."
            ) from None
        Manifest.from_json(text, classes=None)
        return text

    @classmethod
    def from_json(cls, text: str, classes: tuple[str, ...] | None = CLASS_NAMES) -> "Manifest":
        """The manifest in `text`, every field checked; `classes` are the names demanded (None: any)."""
        values = _parse_object(text)
        _check_format_version(values)
        _check_complete(values)
        for name, (test, wanted) in _CHECKS.items():
            if not test(values[name]):
                raise ManifestError("manifest_invalid", f"The manifest's field {name} must be {wanted}.")
        _check_vocabulary(values, classes)
        return cls(**_as_fields(values))


def read_manifest(path: Path | str, classes: tuple[str, ...] | None = CLASS_NAMES) -> Manifest:
    """The checked manifest of the checkpoint at `path`; reads the header only, never the weights."""
    text = read_header(Path(path)).metadata.get(MANIFEST_KEY)
    if text is None:
        raise ManifestError(
            "manifest_missing",
            "The file holds weights but no CV4LymphNode manifest: write it with `python -m ml export`.",
        )
    return Manifest.from_json(text, classes)


def verify_tensors(path: Path | str) -> str:
    """sha256 over the tensor bytes in name order, equal to the manifest's; constant memory."""
    header = read_header(Path(path))
    expected = read_manifest(path, classes=None).tensor_sha256
    digest = hashlib.sha256()
    with Path(path).open("rb") as file:
        for name in sorted(header.tensors):
            start, end = header.tensors[name].span
            file.seek(start)
            for position in range(start, end, HASH_CHUNK_BYTES):
                digest.update(file.read(min(HASH_CHUNK_BYTES, end - position)))
    if digest.hexdigest() != expected:
        raise ManifestError(
            "wrong_hash",
            "The weights are not those the manifest was written for (sha256 differs): copy the file again.",
        )
    return expected


def _parse_object(text: str) -> dict[str, Any]:
    try:
        values = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise ManifestError("manifest_invalid", "The manifest is not valid JSON.") from None
    if not isinstance(values, dict):
        raise ManifestError("manifest_invalid", "The manifest is not a JSON object.")
    return values


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _check_format_version(values: Mapping[str, Any]) -> None:
    version = values.get("format_version")
    if not _is_whole(version) or version not in READABLE_VERSIONS:
        raise ManifestError(
            "format_version",
            f"The checkpoint has format version {str(version)[:20]!r}; this release reads versions "
            f"{', '.join(map(str, READABLE_VERSIONS))}. "
            "Export it again with `python -m ml export`.",
        )


def _check_complete(values: Mapping[str, Any]) -> None:
    names = [item.name for item in fields(Manifest)]
    missing = [name for name in names if name not in values]
    if missing:
        raise ManifestError("manifest_incomplete", f"The manifest lacks: {', '.join(missing)}.")
    unknown = sorted(set(values) - set(names))
    if unknown:
        raise ManifestError(
            "manifest_invalid", f"The manifest has unknown fields: {', '.join(unknown)[:200]}."
        )


def _check_vocabulary(values: Mapping[str, Any], classes: tuple[str, ...] | None) -> None:
    if values["modality"] not in {*Modality, *Joining}:
        raise ManifestError(
            "unknown_modality",
            f"The modality {values['modality']!r} is not one of {', '.join((*Modality, *Joining))}.",
        )
    if values["preprocessing_version"] != PREPROCESSING_VERSION:
        raise ManifestError(
            "preprocessing_version",
            f"The checkpoint was trained with preprocessing {values['preprocessing_version']!r}; "
            f"this release prepares images with {PREPROCESSING_VERSION!r}.",
        )
    if classes is not None and tuple(values["class_names"]) != classes:
        raise ManifestError(
            "wrong_classes",
            f"The classes are {', '.join(values['class_names'])}; "
            f"they must be {', '.join(classes)}, in this order.",
        )


def _as_fields(values: dict[str, Any]) -> dict[str, Any]:
    return values | {
        "modality": _subject(values["modality"]),
        "class_names": tuple(values["class_names"]),
        "mean": tuple(float(value) for value in values["mean"]),
        "std": tuple(float(value) for value in values["std"]),
    }


def _subject(name: str) -> Modality | Joining:
    return Joining(name) if name in set(Joining) else Modality(name)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_object(value: object) -> bool:
    return isinstance(value, dict)


def _is_triple(value: object) -> bool:
    return isinstance(value, list) and len(value) == 3 and all(_is_number(item) for item in value)


def _is_class_list(value: object) -> bool:
    if not isinstance(value, list) or not all(_is_text(item) for item in value):
        return False
    return len(value) >= 2 and len(set(value)) == len(value)


def _is_time(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(datetime.fromisoformat(value))
    except ValueError:
        return False


def _is_sha256(value: object) -> bool:
    return isinstance(value, str) and bool(re.fullmatch(r"([0-9a-f]{64})?", value))


_TEXT = (_is_text, "a text that is not empty")
_OBJECT = (_is_object, "a JSON object")
_CHECKS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "name": _TEXT,
    "architecture": _TEXT,
    "modality": _TEXT,
    "class_names": (_is_class_list, "a list of at least two different names"),
    "input_size": (
        lambda value: _is_whole(value) and value in INPUT_SIZES,
        f"a whole number of pixels from {INPUT_SIZES.start} to {INPUT_SIZES.stop - 1}",
    ),
    "mean": (_is_triple, "three numbers (red, green, blue)"),
    "std": (lambda value: _is_triple(value) and min(value) > 0, "three numbers above zero"),
    "preprocessing_version": _TEXT,
    "seed": (_is_whole, "a whole number"),
    "config": _OBJECT,
    "dataset_fingerprint": _TEXT,
    "split_protocol": _TEXT,
    "metrics": _OBJECT,
    "training_commit": _TEXT,
    "licence": _TEXT,
    "intended_use": _TEXT,
    "limits": (lambda value: isinstance(value, list) and all(map(_is_text, value)), "a list of texts"),
    "synthetic": (lambda value: isinstance(value, bool), "true or false"),
    "created_at": (_is_time, "a time in ISO 8601"),
    "storage_dtype": (lambda value: value in STORAGE_DTYPES, f"one of {', '.join(STORAGE_DTYPES)}"),
    "tensor_sha256": (_is_sha256, "a sha256 in 64 hexadecimal digits"),
    "extras": _OBJECT,
}
