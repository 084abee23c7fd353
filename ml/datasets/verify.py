"""Is what lies here the set, whole and unchanged, and is it what the paper's Table 1 describes?"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from ml.atomic import write_text
from ml.data.readers import read
from ml.data.samples import DataError, Sample, SampleSet
from ml.datasets.catalogue import Dataset, DatasetError
from ml.datasets.fetch import digest
from ml.taxonomy import PUBLISHED_FOLDERS

MANIFEST = "dataset.json"


@dataclass(frozen=True)
class Verification:
    """The facts of a folder, and every way in which it differs from the manifest and from the paper."""

    dataset: Dataset
    folder: Path
    facts: dict[str, Any]
    broken: list[str]  # files that no longer open, or changed, or vanished, since the manifest was written
    differences: list[str]  # from Table 1
    manifest_existed: bool

    @property
    def intact(self) -> bool:
        return not self.broken


def verify(dataset: Dataset, folder: Path, manifest: Path | None = None) -> Verification:
    """Reads the set, hashes its files, and compares with the manifest (if there is one) and with Table 1."""
    samples = _read(dataset, folder)
    facts = facts_of(dataset, samples, folder)
    path = manifest or folder / MANIFEST
    before = _load(path)
    broken = [f"{name} cannot be opened as an image" for name in facts.pop("unreadable")]
    if before is not None:
        broken += changes(before["files"], facts["files"])
    return Verification(dataset, folder, facts, broken, differences(dataset, facts), before is not None)


def write_manifest(found: Verification, manifest: Path | None = None) -> Path:
    """What lies here now, for the next verification: sha256, licence, source, counts."""
    path = manifest or found.folder / MANIFEST
    return write_text(path, json.dumps(found.facts, indent=1, ensure_ascii=False) + "\n")


def locate(dataset: Dataset, folder: Path) -> Path:
    """Where the reader should look: archives often wrap the set in one more folder."""
    markers = {"edcu": ("FileList.csv",), "lymph-nodes": tuple(PUBLISHED_FOLDERS)}.get(dataset.name)
    if markers is None:
        return folder
    places = [folder, *sorted(path for path in folder.rglob("*") if path.is_dir())]
    return next((place for place in places if any((place / name).exists() for name in markers)), folder)


def facts_of(dataset: Dataset, samples: SampleSet, folder: Path) -> dict[str, Any]:
    """Counts, sizes, patients and the hash of every file."""
    sizes = {sample.image_id: _size(sample) for sample in samples.samples}
    known = np.array([size for size in sizes.values() if size is not None], dtype=np.float64).reshape(-1, 2)
    patients = {sample.patient for sample in samples.samples if sample.patient is not None}
    paths = sorted({sample.path for sample in samples.samples})
    return {
        "format": 1,
        "dataset": dataset.name,
        "title": dataset.title,
        "licence": dataset.licence,
        "citation": dataset.citation,
        "page": dataset.page,
        "images": len(samples),
        "class_counts": samples.class_counts(),
        "modalities": {
            m: samples.only(m).class_counts() for m in sorted({s.modality for s in samples.samples})
        },
        "patients": len(patients) if samples.has_patients else None,
        "patients_per_class": _patients_per_class(samples) if samples.has_patients else None,
        "size": _size_summary(known),
        "notes": list(samples.notes),
        "unreadable": [name for name, size in sizes.items() if size is None],
        "files": {path.relative_to(folder).as_posix(): digest(path) for path in paths},
    }


def changes(before: dict[str, str], now: dict[str, str]) -> list[str]:
    """Files that vanished, changed or are new since the manifest was written."""
    gone = [f"{name} is missing" for name in sorted(set(before) - set(now))]
    new = [f"{name} is not in the manifest" for name in sorted(set(now) - set(before))]
    changed = [f"{name} has changed" for name in sorted(set(before) & set(now)) if before[name] != now[name]]
    return gone + changed + new


def differences(dataset: Dataset, facts: dict[str, Any]) -> list[str]:
    """Where the counts and sizes are not the paper's."""
    lines = []
    row = dataset.paper
    if row is not None:
        counts = facts["class_counts"]
        for name in dict.fromkeys([*row.counts, *counts]):
            lines += _difference(f"{name} images", counts.get(name), row.counts.get(name), "Table 1")
        lines += _difference("images in all", facts["images"], row.total, "Table 1")
        lines += _size_difference(facts["size"], row.width, row.height)
    wanted = dataset.paper_patients
    if wanted is not None and facts["patients_per_class"] is not None:
        for name, count in wanted.items():
            lines += _difference(f"{name} patients", facts["patients_per_class"].get(name, 0), count, "§3.1")
    return lines


def _difference(what: str, here: int | None, paper: int | None, where: str) -> list[str]:
    if here == paper:
        return []
    words = ["none" if count is None else str(count) for count in (here, paper)]
    return [f"{what}: {words[0]} here, {words[1]} in the paper ({where})"]


def _size_difference(
    size: dict[str, list[float]] | None, width: tuple[float, float], height: tuple[float, float]
) -> list[str]:
    if size is None:
        return []
    lines = []
    for name, paper in (("width", width), ("height", height)):
        mean, sd = size[name]
        if abs(mean - paper[0]) > max(1.0, 0.01 * paper[0]):
            here, there = f"{mean:.1f} ± {sd:.1f}", f"{paper[0]:.1f} ± {paper[1]:.1f}"
            lines.append(f"{name}: {here} pixels here, {there} in the paper (Table 1)")
    return lines


def _read(dataset: Dataset, folder: Path) -> SampleSet:
    try:
        return read(dataset.reader, locate(dataset, folder))
    except DataError as error:
        hint = "download" if dataset.access == "open" else "list"
        raise DatasetError(f"{error} See `python -m ml datasets {hint} {dataset.name}`.") from error


def _size(sample: Sample) -> tuple[int, int] | None:
    """Width and height; None where the file cannot be decoded; frames of videos count as unknown size."""
    if sample.frame is not None:
        return 0, 0
    try:
        with Image.open(sample.path) as image:
            image.load()  # to the last byte: a header alone opens truncated files too
            return image.size
    except (OSError, ValueError, Image.DecompressionBombError):
        return None


def _size_summary(sizes: Any) -> dict[str, list[float]] | None:
    known = sizes[sizes[:, 0] > 0]
    if not len(known):
        return None
    width, height = known.T
    return {name: [float(v.mean()), float(v.std())] for name, v in (("width", width), ("height", height))}


def _patients_per_class(samples: SampleSet) -> dict[str, int]:
    pairs = {(sample.patient, sample.label) for sample in samples.samples}
    return {name: sum(label == index for _, label in pairs) for index, name in enumerate(samples.class_names)}


def _load(path: Path) -> dict[str, Any] | None:
    if not path.is_file():
        return None
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
        return loaded if isinstance(loaded["files"], dict) else None
    except (ValueError, KeyError, TypeError) as error:
        raise DatasetError(
            f"The manifest '{path}' cannot be read ({error}). Delete it to write a new one."
        ) from error
