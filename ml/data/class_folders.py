"""Readers of sets with one folder a class: AULI, OCAU, BUSI, the lymph-node set, and one's own folder."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from ml.data.samples import (
    IMAGE_SUFFIXES,
    DataError,
    Sample,
    SampleSet,
    check_classes,
    relative_id,
    sample_set,
)
from ml.taxonomy import CLASS_CODES, CLASS_NAMES, PUBLISHED_FOLDERS, Modality

AULI_CLASSES = ("benign", "malignant", "normal")
BUSI_CLASSES = ("benign", "malignant", "normal")
OCAU_CLASSES = ("bladder", "bowel", "gallbladder", "kidney", "liver", "spleen")

_MASK_FOLDERS = {"segmentation", "segmentations", "mask", "masks", "outline", "outlines"}
_BUSI_MASK = re.compile(r"_mask(_\d+)?$")
_PATIENT_NAME = re.compile(r"^(?P<patient>.+)-(?P<number>\d+)$")


def need_folder(root: Path) -> Path:
    """The folder, or a sentence saying that it is missing."""
    if not root.is_dir():
        raise DataError(f"The folder '{root}' does not exist. Check the path, or fetch the set first.")
    return root


def image_files(root: Path) -> Iterator[Path]:
    """Image files below the folder, without hidden files and without folders of masks."""
    for path in root.rglob("*"):
        below = path.relative_to(root).parts
        hidden = any(part.startswith((".", "__MACOSX")) for part in below)
        masks = any(part.lower() in _MASK_FOLDERS for part in below[:-1])
        if path.suffix.lower() in IMAGE_SUFFIXES and not hidden and not masks and path.is_file():
            yield path


def patient_of(path: Path) -> str | None:
    """Patient id of "<patient>-<n>.jpg"; None where the name does not follow that pattern."""
    match = _PATIENT_NAME.match(path.stem)
    return match["patient"] if match else None


def class_of_folder(path: Path, root: Path, class_names: tuple[str, ...]) -> int | None:
    """Class index from the nearest folder named like a class, in any case; None where there is none."""
    for part in reversed(path.relative_to(root).parts[:-1]):
        if part.lower() in class_names:
            return class_names.index(part.lower())
    return None


def read_auli(root: Path) -> SampleSet:
    """AULI liver set (Zenodo 7272660): Benign / Malignant / Normal, outlines skipped."""
    return _by_class_folder(root, "auli", AULI_CLASSES, "liver")


def read_busi(root: Path) -> SampleSet:
    """BUSI breast set: benign / malignant / normal, "… _mask.png" files skipped."""
    return _by_class_folder(
        root, "busi", BUSI_CLASSES, "breast", skip=lambda p: bool(_BUSI_MASK.search(p.stem))
    )


def _by_class_folder(
    root: Path,
    name: str,
    class_names: tuple[str, ...],
    organ: str,
    skip: Callable[[Path], bool] = lambda _: False,
) -> SampleSet:
    need_folder(root)
    samples = []
    for path in image_files(root):
        label = class_of_folder(path, root, class_names)
        if label is not None and not skip(path):
            samples.append(Sample(relative_id(path, root), path, label))
    found = sample_set(
        name, class_names, samples, organ=organ, notes=["the set publishes no patient identifiers"]
    )
    check_classes(found)
    return found


def read_ocau(root: Path) -> SampleSet:
    """OCAU / USAnotAI abdominal set: the organ is the start of the file name ("spleen-0051.png")."""
    need_folder(root)
    samples = []
    for path in image_files(root):
        organ = path.stem.split("-")[0].lower()
        if organ in OCAU_CLASSES:
            samples.append(Sample(relative_id(path, root), path, OCAU_CLASSES.index(organ)))
    notes = ["no patient identifiers: images are neighbouring frames of sweeps", "original split not used"]
    found = sample_set("ocau", OCAU_CLASSES, samples, organ="abdomen", notes=notes)
    check_classes(found)
    return found


def read_lymph_nodes(root: Path) -> SampleSet:
    """The published lymph-node set (Zenodo 12702916): {2d,cdfi,elastic}/{0,1,2}/<patient>-<n>.jpg."""
    need_folder(root)
    base = root / "dataset" if (root / "dataset").is_dir() else root
    samples = []
    for folder, modality in PUBLISHED_FOLDERS.items():
        for path in image_files(base / folder) if (base / folder).is_dir() else ():
            label = _lymph_class(path.parent.name)
            if label is None:
                raise DataError(
                    f"'{path}' lies in no class folder: expected 0, 1, 2 or {', '.join(CLASS_NAMES)}."
                )
            samples.append(Sample(relative_id(path, base), path, label, patient_of(path), str(modality)))
    if not samples:
        raise DataError(
            f"'{root}' holds none of the folders {', '.join(PUBLISHED_FOLDERS)} with images in them."
        )
    return sample_set("lymph-nodes", CLASS_NAMES, samples, organ="lymph node")


def _lymph_class(folder: str) -> int | None:
    """0/1/2, BLN/Lymphoma/MLN or benign/lymphoma/metastatic to the class index."""
    names = {str(index): index for index in range(len(CLASS_NAMES))}
    for index, name in enumerate(CLASS_NAMES):
        names |= {name: index, CLASS_CODES[name].lower(): index}
    return names.get(folder.lower())


def read_folder(root: Path) -> SampleSet:
    """One's own images: [<modality>/]<class>/<patient>-<n>.png. Lymph-node classes keep their fixed order."""
    need_folder(root)
    rows = [(path, *_own_folders(path, root)) for path in image_files(root)]
    if not rows:
        raise DataError(f"No images were found below '{root}'. Expected <class>/<patient>-<n>.png.")
    names = sorted({class_name for _, _, class_name in rows})
    lymph = all(_lymph_class(name) is not None for name in names)
    class_names = CLASS_NAMES if lymph else tuple(names)
    samples = []
    for path, modality, class_name in rows:
        label = _lymph_class(class_name) if lymph else class_names.index(class_name)
        assert label is not None  # noqa: S101  every name was looked up above
        samples.append(Sample(relative_id(path, root), path, label, patient_of(path), modality))
    notes = (
        []
        if all(s.patient for s in samples)
        else ["some names are not <patient>-<n>: their patient is unknown"]
    )
    return sample_set(root.resolve().name, class_names, samples, notes=notes)


def _own_folders(path: Path, root: Path) -> tuple[str, str]:
    """(modality, class) of a file in one's own folder; images without a modality folder are 2D."""
    parts = path.relative_to(root).parts[:-1]
    if not parts:
        raise DataError(f"'{path.name}' lies directly in '{root}'. Put images into one folder a class.")
    aliases = {folder: str(modality) for folder, modality in PUBLISHED_FOLDERS.items()}
    aliases |= {str(modality): str(modality) for modality in Modality}
    modality = aliases.get(parts[0].lower())
    if modality is not None and len(parts) == 1:
        raise DataError(f"'{path}' lies in a modality folder but in no class folder below it.")
    return (modality or str(Modality.B_MODE)), parts[-1]
