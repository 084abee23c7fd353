"""EDCU heart set: end-systolic and end-diastolic frames of EchoNet-Dynamic."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from ml.data.class_folders import need_folder
from ml.data.samples import DataError, Sample, SampleSet, check_classes, sample_set

CLASSES = ("closed", "open")
# The paper names the classes "closed" and "open" and defines neither: a guess, and it can be changed.
PHASES: Mapping[str, str] = {"end_systole": "closed", "end_diastole": "open"}
NOTE = "closed = end-systole, open = end-diastole is a guess: the paper defines neither word"


def read_edcu(root: Path, phases: Mapping[str, str] = PHASES, limit: int | None = None) -> SampleSet:
    """Two traced frames of each video; `limit` keeps the first videos by name (the paper used 218 frames)."""
    need_folder(root)
    for name in ("FileList.csv", "VolumeTracings.csv"):
        if not (root / name).is_file():
            raise DataError(f"'{root}' lacks {name}; EchoNet-Dynamic ships it beside the folder Videos.")
    areas = _traced_areas(root / "VolumeTracings.csv")
    samples: list[Sample] = []
    for video in sorted(_listed_videos(root / "FileList.csv") & set(areas))[:limit]:
        frames = areas[video]
        if len(frames) >= 2:
            samples += _video_samples(root, video, frames, phases)
    found = sample_set("edcu", CLASSES, samples, organ="heart", notes=[NOTE])
    check_classes(found)
    return found


def _listed_videos(path: Path) -> set[str]:
    with path.open(newline="", encoding="utf-8") as handle:
        return {_stem(row["FileName"]) for row in csv.DictReader(handle)}


def _traced_areas(path: Path) -> dict[str, dict[int, float]]:
    """video -> {frame: traced left-ventricle area in square pixels}."""
    points: dict[tuple[str, int], list[tuple[float, ...]]] = defaultdict(list)
    with path.open(newline="", encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            line = tuple(float(row[column]) for column in ("X1", "Y1", "X2", "Y2"))
            points[_stem(row["FileName"]), int(row["Frame"])].append(line)
    areas: dict[str, dict[int, float]] = defaultdict(dict)
    for (video, frame), lines in points.items():
        areas[video][frame] = polygon_area(lines)
    return areas


def polygon_area(lines: list[tuple[float, ...]]) -> float:
    """Area inside the chords of a tracing (shoelace formula); the first line is the long axis, no chord."""
    chords = np.array(lines[1:], dtype=float).reshape(-1, 4)
    outline = np.concatenate([chords[:, :2], chords[::-1, 2:]])
    x, y = outline[:, 0], outline[:, 1]
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)


def _video_samples(
    root: Path, video: str, frames: Mapping[int, float], phases: Mapping[str, str]
) -> list[Sample]:
    """The smallest traced ventricle is end-systole, the largest end-diastole."""
    path = root / "Videos" / f"{video}.avi"
    if not path.is_file():
        raise DataError(f"FileList.csv names '{video}', but '{path}' does not exist.")
    chosen = {
        "end_systole": min(frames, key=frames.__getitem__),
        "end_diastole": max(frames, key=frames.__getitem__),
    }
    return [
        Sample(f"Videos/{video}.avi#{frame}", path, CLASSES.index(phases[phase]), patient=video, frame=frame)
        for phase, frame in chosen.items()
        if phase in phases
    ]


def _stem(name: str) -> str:
    return name.removesuffix(".avi")
