"""SYNTHETIC stand-ins for all six sets of the paper, in their published layouts: for dry runs of the grid."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from PIL.Image import Image

from ml.phantoms.files import PhantomSet, png_info, write_set
from ml.phantoms.render import Phantom, render_case
from ml.reproduce.config import TASKS, Phantoms
from ml.taxonomy import CLASS_NAMES

DONE = "SYNTHETIC.txt"
NOTE = "SYNTHETIC: every image below this folder is a computer-made phantom.\n"
_ORGANS = ("bladder", "bowel", "gallbladder", "kidney", "liver", "spleen")


def write_phantom_sets(root: Path, wanted: Phantoms) -> dict[str, Path]:
    """All six sets below `root`, once; gives name -> folder."""
    folders = {name: root / name for name in ("lymph-nodes", *TASKS)}
    if (root / DONE).is_file():
        return folders
    root.mkdir(parents=True, exist_ok=True)
    size = (wanted.size[0], wanted.size[1])
    target = PhantomSet(cases=wanted.cases, seed=wanted.seed, size=size, stamp=True)
    for _ in write_set(folders["lymph-nodes"], target):
        pass
    cases = _cases(wanted, size)
    _write_folders(folders["auli"], next(cases), "{n}.png", ("benign", "malignant", "normal"))
    _write_folders(folders["busi"], next(cases), "{name} ({n}).png", ("benign", "malignant", "normal"))
    _write_ocau(folders["ocau"], next(cases))
    _write_ddti(folders["ddti"], next(cases))
    _write_edcu(folders["edcu"], next(cases))
    (root / DONE).write_text(NOTE, encoding="utf-8")
    return folders


Cases = list[list[dict[str, Phantom]]]  # class -> case -> modality -> phantom


def _cases(wanted: Phantoms, size: tuple[int, int]) -> Iterator[Cases]:
    """Fresh cases for each set, far from the seeds of the target set."""
    seed = wanted.seed + 1_000_000
    while True:
        cases: Cases = []
        for name in CLASS_NAMES:
            seeds = range(seed, seed + wanted.per_class)
            cases.append([dict(render_case(s, name, size=size)) for s in seeds])
            seed += wanted.per_class
        yield cases


def _write_folders(root: Path, cases: Cases, pattern: str, names: tuple[str, ...]) -> None:
    for name, phantoms in zip(names, cases, strict=True):
        for n, case in enumerate(phantoms, start=1):
            _save(case["2d"], root / name / pattern.format(name=name, n=n))


def _write_ocau(root: Path, cases: Cases) -> None:
    """Six organs: three classes in two modalities each."""
    looks = [(label, modality) for label in range(3) for modality in ("2d", "elastography")]
    for organ, (label, modality) in zip(_ORGANS, looks, strict=True):
        for n, case in enumerate(cases[label], start=1):
            _save(case[modality], root / organ / f"{organ}-{n:04d}.png")


def _write_ddti(root: Path, cases: Cases) -> None:
    rows = []
    for name, tirads, phantoms in (("benign", "2", cases[0]), ("malignant", "5", cases[2])):
        for n, case in enumerate(phantoms, start=1):
            number = n + (1000 if name == "malignant" else 0)
            _save(case["2d"], root / name / f"{number}_1.png")
            rows.append([f"{name}/{number}_1.png", str(number), tirads, name])
    _write_rows(root / "labels.csv", ["file", "case", "tirads", "class"], rows)


def _write_edcu(root: Path, cases: Cases) -> None:
    """One two-frame video a case; the tracing is a rectangle, larger in end-diastole."""
    listed, traced = [], []
    for n, (closed, opened) in enumerate(zip(cases[2], cases[0], strict=True)):
        name = f"SYNTHETIC{n:04d}"
        _write_video(root / "Videos" / f"{name}.avi", [closed["2d"].image, opened["2d"].image])
        listed.append([name, "55"])
        for frame, width in ((0, 10), (1, 30)):
            traced.append([f"{name}.avi", 0, 0, 0, 40, frame])  # the long axis comes first
            traced += [[f"{name}.avi", 0, y, width, y, frame] for y in (5, 20, 35)]
    _write_rows(root / "FileList.csv", ["FileName", "EF"], listed)
    _write_rows(root / "VolumeTracings.csv", ["FileName", "X1", "Y1", "X2", "Y2", "Frame"], traced)


def _write_video(path: Path, frames: list[Image]) -> None:
    import cv2  # noqa: PLC0415  only here

    path.parent.mkdir(parents=True, exist_ok=True)
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 30, frames[0].size)
    for frame in frames:
        writer.write(np.asarray(frame.convert("RGB"))[:, :, ::-1])
    writer.release()


def _save(phantom: Phantom, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    phantom.image.save(path, pnginfo=png_info(phantom))


def _write_rows(path: Path, header: list[str], rows: Sequence[Sequence[object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(header)
        writer.writerows(rows)
