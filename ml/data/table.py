"""Reader of one's own CSV: columns path, label, patient, modality (the last two may be left out)."""

from __future__ import annotations

import csv
from pathlib import Path

from ml.data.samples import DataError, Sample, SampleSet, sample_set
from ml.taxonomy import CLASS_NAMES, Modality


def read_csv(path: Path) -> SampleSet:
    """Images named by a CSV; paths count from the CSV's folder. An empty patient cell means unknown."""
    if not path.is_file():
        raise DataError(f"The file '{path}' does not exist.")
    rows = _rows(path)
    names = sorted({row["label"] for row in rows})
    class_names = CLASS_NAMES if set(names) <= set(CLASS_NAMES) else tuple(names)
    samples = []
    for number, row in enumerate(rows, start=2):
        file = path.parent / row["path"]
        if not file.is_file():
            raise DataError(f"Line {number} of '{path}' names '{row['path']}', which does not exist.")
        samples.append(_sample(row, file, class_names, f"line {number} of '{path}'"))
    return sample_set(path.stem, class_names, samples)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as handle:
        reader = csv.DictReader(handle)
        missing = {"path", "label"} - set(reader.fieldnames or ())
        if missing:
            raise DataError(
                f"'{path}' lacks the column(s) {', '.join(sorted(missing))}; it needs path and label."
            )
        rows = [{key: (value or "").strip() for key, value in row.items() if key} for row in reader]
    if not rows:
        raise DataError(f"'{path}' has a header but no rows.")
    return rows


def _sample(row: dict[str, str], file: Path, class_names: tuple[str, ...], where: str) -> Sample:
    modality = row.get("modality") or str(Modality.B_MODE)
    if modality not in set(Modality):
        raise DataError(f"The modality '{modality}' in {where} is none of {', '.join(Modality)}.")
    if not row["label"]:
        raise DataError(f"There is no label in {where}.")
    return Sample(
        image_id=row["path"].replace("\\", "/"),
        path=file,
        label=class_names.index(row["label"]),
        patient=row.get("patient") or None,
        modality=modality,
    )
