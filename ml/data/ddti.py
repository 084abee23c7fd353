"""DDTI thyroid set, in its published layout (XML beside the frames) and as nodule crops with labels.csv."""

from __future__ import annotations

import csv
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from pathlib import Path

from ml.data.class_folders import image_files, need_folder
from ml.data.samples import DataError, Sample, SampleSet, check_classes, relative_id, sample_set

CLASSES = ("benign", "malignant")
# TI-RADS is a suspicion score: "malignant" means suspicious, not biopsy-proven. The paper states no mapping.
TIRADS_CLASSES: Mapping[str, str] = {
    "2": "benign",
    "3": "benign",
    "4a": "malignant",
    "4b": "malignant",
    "4c": "malignant",
    "5": "malignant",
}
NOTE = "class from TI-RADS (2, 3 benign; 4a-c, 5 malignant): suspicion, not biopsy; not the paper's words"
MAX_XML_BYTES = 1 << 20
_FRAME_NAME = re.compile(r"^(?P<case>\d+)_(?P<image>\d+)")


def read_ddti(root: Path, tirads_classes: Mapping[str, str] = TIRADS_CLASSES) -> SampleSet:
    """DDTI by patient: crops where a labels.csv lies in the folder, else the published XML layout."""
    need_folder(root)
    crops = (root / "labels.csv").is_file()
    samples = list(_read_crops(root, tirads_classes) if crops else _read_xml(root, tirads_classes))
    layout = "nodule crops with labels.csv" if crops else "whole frames with XML"
    found = sample_set("ddti", CLASSES, samples, organ="thyroid", notes=[NOTE, layout])
    check_classes(found)
    return found


def _read_crops(root: Path, mapping: Mapping[str, str]) -> Iterator[Sample]:
    with (root / "labels.csv").open(newline="", encoding="utf-8") as handle:
        reader = csv.DictReader(handle)
        missing = {"file", "case", "tirads"} - set(reader.fieldnames or ())
        if missing:
            raise DataError(f"'{root / 'labels.csv'}' lacks the column(s) {', '.join(sorted(missing))}.")
        for row in reader:
            name = mapping.get(row["tirads"].strip().lower())
            if name is not None:
                path = root / row["file"]
                if not path.is_file():
                    raise DataError(f"'labels.csv' names '{row['file']}', which is not in '{root}'.")
                yield Sample(relative_id(path, root), path, CLASSES.index(name), patient=row["case"].strip())


def _read_xml(root: Path, mapping: Mapping[str, str]) -> Iterator[Sample]:
    scores = {path.stem: tirads_of(path) for path in root.rglob("*.xml")}
    if not scores:
        raise DataError(f"'{root}' holds neither labels.csv nor the XML files of DDTI.")
    for path in image_files(root):
        match = _FRAME_NAME.match(path.stem)
        name = mapping.get(scores.get(match["case"], "")) if match else None
        if match and name is not None:
            yield Sample(relative_id(path, root), path, CLASSES.index(name), patient=match["case"])


def tirads_of(path: Path) -> str:
    """The TI-RADS score of a case file ("4a"), or "" where it has none."""
    if path.stat().st_size > MAX_XML_BYTES:
        raise DataError(f"'{path}' is larger than a DDTI case file can be.")
    text = path.read_text(encoding="utf-8", errors="replace")
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise DataError(f"'{path}' declares XML entities, which DDTI case files do not have.")
    try:
        return (ET.fromstring(text).findtext("tirads") or "").strip().lower()  # noqa: S314
    except ET.ParseError as error:
        raise DataError(f"'{path}' is not readable XML ({error}).") from error
