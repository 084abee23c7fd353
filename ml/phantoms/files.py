"""Phantoms on disk in the published layout: <modality folder>/<class index>/<patient>-<n>.png."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from ml.phantoms.render import DEFAULT_SIZE, Phantom, render_case
from ml.taxonomy import CLASS_NAMES, MODALITIES, PUBLISHED_FOLDERS

LABEL_FILE = "labels.csv"
MASK_FOLDER = "masks"
COLUMNS = ("path", "label", "patient", "modality", "mask", "synthetic")
_FOLDER_OF = {str(modality): folder for folder, modality in PUBLISHED_FOLDERS.items()}


@dataclass(frozen=True)
class PhantomSet:
    """What to write: `cases` patients, the classes in turn, `views` images of each modality a patient."""

    cases: int
    seed: int
    size: tuple[int, int] = DEFAULT_SIZE
    modalities: Sequence[str] = MODALITIES
    views: int = 1
    masks: bool = False
    shortcut: float | None = None
    stamp: bool | None = None


def png_info(phantom: Phantom) -> PngInfo:
    """The texts that say in the file itself that the picture is synthetic."""
    info = PngInfo()
    for key, value in phantom.meta.items():
        info.add_text(key, value)
    return info


def write_set(out: Path, wanted: PhantomSet) -> Iterator[int]:
    """Write the set and yield the number of patients done after each; the label table comes last."""
    rows = []
    for patient in range(1, wanted.cases + 1):
        class_name = CLASS_NAMES[(patient - 1) % len(CLASS_NAMES)]
        for view in range(wanted.views):
            phantoms = render_case(
                wanted.seed + patient - 1,
                class_name,
                view=view,
                size=wanted.size,
                modalities=wanted.modalities,
                shortcut=wanted.shortcut,
                stamp=wanted.stamp,
            )
            rows += [
                _write_one(out, phantom, f"{patient}-{view + 1}", wanted.masks)
                for phantom in phantoms.values()
            ]
        yield patient
    _write_table(out / LABEL_FILE, rows)


def _write_one(out: Path, phantom: Phantom, name: str, with_mask: bool) -> dict[str, str]:
    """Save one image (and its mask, 0 or 255) and give its row of the label table."""
    folder = Path(_FOLDER_OF[phantom.modality]) / str(CLASS_NAMES.index(phantom.label))
    path = folder / f"{name}.png"
    (out / folder).mkdir(parents=True, exist_ok=True)
    phantom.image.save(out / path, pnginfo=png_info(phantom), optimize=True)
    mask = Path(MASK_FOLDER) / path if with_mask else None
    if mask:
        (out / mask).parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(phantom.mask.astype(np.uint8) * np.uint8(255)).save(
            out / mask, pnginfo=png_info(phantom)
        )
    return {
        "path": path.as_posix(),
        "label": phantom.label,
        "patient": name.partition("-")[0],
        "modality": phantom.modality,
        "mask": mask.as_posix() if mask else "",
        "synthetic": "yes",
    }


def _write_table(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
