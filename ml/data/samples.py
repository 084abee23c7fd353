"""What a reader returns: image files with their class, patient and modality. Nothing is decoded here."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from PIL import Image

IMAGE_SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff")


class DataError(ValueError):
    """Something is wrong with the input; the message is a sentence a researcher can act on."""


@dataclass(frozen=True)
class Sample:
    """One image: a file, or one frame of a video."""

    image_id: str  # path below the set's root with "/", plus "#frame" for videos: stable across machines
    path: Path
    label: int  # index into SampleSet.class_names
    patient: str | None = None  # None: the set publishes no patient identifiers
    modality: str = "2d"
    frame: int | None = None


@dataclass(frozen=True)
class SampleSet:
    """A named set of samples in a fixed order, with its class names in the order of the logits."""

    name: str
    class_names: tuple[str, ...]
    samples: tuple[Sample, ...]
    organ: str = ""
    notes: tuple[str, ...] = field(default=())  # mappings that are stated, guesses that are labelled

    def __len__(self) -> int:
        return len(self.samples)

    @property
    def labels(self) -> list[int]:
        return [sample.label for sample in self.samples]

    @property
    def has_patients(self) -> bool:
        return all(sample.patient is not None for sample in self.samples)

    def class_counts(self) -> dict[str, int]:
        """Images per class, in class order; zero where a class is empty."""
        counts = Counter(self.labels)
        return {name: counts[index] for index, name in enumerate(self.class_names)}

    def only(self, modality: str) -> SampleSet:
        """The samples of one modality, e.g. "cdfi"."""
        return replace(self, samples=tuple(s for s in self.samples if s.modality == modality))


def sample_set(
    name: str,
    class_names: Sequence[str],
    samples: Iterable[Sample],
    *,
    organ: str = "",
    notes: Sequence[str] = (),
) -> SampleSet:
    """A set in canonical order (by image id): folds and batches never depend on a directory listing."""
    ordered = tuple(sorted(samples, key=lambda sample: sample.image_id))
    return SampleSet(name, tuple(class_names), ordered, organ, tuple(notes))


def check_classes(samples: SampleSet, *, minimum: int = 1) -> None:
    """Refuse a set with no images or with a class of fewer than `minimum` images."""
    if not len(samples):
        raise DataError(f"No images were found for the set '{samples.name}'.")
    short = {name: count for name, count in samples.class_counts().items() if count < minimum}
    if short:
        listed = ", ".join(f"'{name}' has {count}" for name, count in short.items())
        raise DataError(
            f"The set '{samples.name}' needs at least {minimum} image(s) in every class, but {listed}. "
            "Add images to that class or remove it."
        )


def relative_id(path: Path, root: Path) -> str:
    """Path below the root with forward slashes."""
    return path.relative_to(root).as_posix()


def content_hash(path: Path) -> str:
    """sha256 of a file's bytes, read in pieces."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def content_hashes(samples: SampleSet) -> list[str]:
    """sha256 of each sample's file, in sample order; a file used by several samples is read once."""
    seen: dict[Path, str] = {}
    for sample in samples.samples:
        if sample.path not in seen:
            seen[sample.path] = content_hash(sample.path)
    return [seen[sample.path] for sample in samples.samples]


def fingerprint(samples: SampleSet, hashes: Sequence[str]) -> str:
    """sha256 over ids, contents, labels, patients and class names: equal only for the same data."""
    rows = [
        [s.image_id, digest, s.label, s.patient, s.modality, s.frame]
        for s, digest in zip(samples.samples, hashes, strict=True)
    ]
    text = json.dumps([list(samples.class_names), rows], separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def says_synthetic(samples: SampleSet) -> bool:
    """Whether any PNG of the set says in its own text that it is SYNTHETIC; headers only are read."""
    for path in {sample.path for sample in samples.samples if sample.path.suffix.lower() == ".png"}:
        try:
            with Image.open(path) as image:
                if "SYNTHETIC" in image.info:
                    return True
        except (OSError, SyntaxError, ValueError):
            continue  # a broken image is reported where it is decoded
    return False
