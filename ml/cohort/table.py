"""The CSV of patients: one row a patient, known columns with units and ranges, slips named by line."""

import csv
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ml.data.samples import DataError
from ml.taxonomy import CLASS_CODES, CLASS_NAMES

Values = NDArray[np.float64] | NDArray[np.str_]
MISSING = {"", "na", "n/a", "nan", "?"}  # not "none" (a kind of blood flow) and not "-" (a missing hilum)


class CohortError(DataError):
    """The table cannot be used; the message names the line and the remedy."""


@dataclass(frozen=True)
class Column:
    """What a column holds: its words for a reader, its unit, and the values that can be right."""

    title: str
    unit: str = ""
    low: float | None = None  # numbers only
    high: float | None = None
    categories: tuple[str, ...] = ()  # fixed order; empty: whatever the table holds

    @property
    def numeric(self) -> bool:
        return self.low is not None


# In the order of the panels of Figure 2 (A to L).
COLUMNS: Mapping[str, Column] = {
    "age": Column("Age", "years", 0, 120),
    "sex": Column("Sex"),
    "smoking": Column("Smoking"),
    "elasticity_score": Column("Elasticity score", "Asteria 1–4", categories=("1", "2", "3", "4")),
    "flow": Column("Blood flow"),
    "hilum": Column("Hilum"),
    "axis_ratio": Column("Long / short axis", "ratio", 1, 50),
    "long_axis_mm": Column("Long axis", "mm", 0.5, 200),
    "short_axis_mm": Column("Short axis", "mm", 0.5, 200),
    "location": Column("Location"),
    "shape": Column("Shape"),
    "margin": Column("Margin"),
}


@dataclass(frozen=True)
class Cohort:
    """Class index per patient and the columns the table has; a missing value is NaN or an empty string."""

    labels: NDArray[np.int64]
    values: dict[str, Values]
    ignored: tuple[str, ...]  # columns of the file that are not known here
    absent: tuple[str, ...]  # known columns that the file lacks
    synthetic: bool

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def class_names(self) -> tuple[str, ...]:
        """The classes that have patients, in the fixed order."""
        return tuple(name for k, name in enumerate(CLASS_NAMES) if (self.labels == k).any())

    def class_counts(self) -> dict[str, int]:
        return {name: int((self.labels == k).sum()) for k, name in enumerate(CLASS_NAMES)}

    def groups(self, column: str) -> dict[str, Values]:
        """The known values of a column, by class."""
        values = self.values[column]
        known = ~np.isnan(values) if COLUMNS[column].numeric else values != ""
        return {name: values[known & (self.labels == CLASS_NAMES.index(name))] for name in self.class_names}


def read_cohort(path: Path) -> Cohort:
    """A CSV with the column `class` and any of COLUMNS; axis_ratio is computed where both axes are given."""
    header, rows = _read(path)
    labels = np.array([_class(row["class"], line) for line, row in enumerate(rows, start=2)], dtype=np.int64)
    if len(set(labels.tolist())) < 2:
        raise CohortError(f"'{path}' holds patients of one class only; a comparison needs two or more.")
    values = {name: _column(name, rows) for name in COLUMNS if name in header}
    _add_ratio(values)
    return Cohort(
        labels=labels,
        values={name: values[name] for name in COLUMNS if name in values},
        ignored=tuple(sorted(set(header) - set(COLUMNS) - {"class", "patient", "synthetic"})),
        absent=tuple(name for name in COLUMNS if name not in values),
        synthetic=any((row.get("synthetic") or "").lower() in {"1", "true", "yes"} for row in rows),
    )


def _read(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    if not path.is_file():
        raise CohortError(f"The file '{path}' does not exist.")
    try:
        with path.open(newline="", encoding="utf-8-sig") as handle:
            reader = csv.DictReader(handle)
            header = [(name or "").strip().lower() for name in reader.fieldnames or ()]
            rows = [dict(zip(header, map(_clean, row.values()), strict=False)) for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise CohortError(f"'{path}' is no CSV in UTF-8 ({error}). Save it as “CSV UTF-8”.") from error
    if "class" not in header:
        found = ", ".join(header) or "nothing"
        raise CohortError(f"'{path}' lacks the column class (benign, lymphoma, metastatic); it has {found}.")
    if not rows:
        raise CohortError(f"'{path}' has a header but no patients.")
    return header, rows


def _clean(cell: object) -> str:
    text = cell.strip() if isinstance(cell, str) else ""
    return "" if text.lower() in MISSING else text


def _class(text: str, line: int) -> int:
    names = {name: k for k, name in enumerate(CLASS_NAMES)}
    names |= {CLASS_CODES[name].lower(): k for k, name in enumerate(CLASS_NAMES)}
    names |= {str(k): k for k in range(len(CLASS_NAMES))}
    if text.lower() not in names:
        raise CohortError(f"Line {line}: the class '{text}' is none of {', '.join(CLASS_NAMES)}.")
    return names[text.lower()]


def _column(name: str, rows: list[dict[str, str]]) -> Values:
    column = COLUMNS[name]
    if column.numeric:
        return np.array([_number(name, row[name], line) for line, row in enumerate(rows, start=2)])
    cells = [row[name] for row in rows]
    if column.categories:
        cells = [_category(name, cell, line) for line, cell in enumerate(cells, start=2)]
    spelling: dict[str, str] = {}  # "Male" and "male" are one category, spelt as it came first
    return np.array([spelling.setdefault(cell.casefold(), cell) for cell in cells], dtype=np.str_)


def _number(name: str, text: str, line: int) -> float:
    column = COLUMNS[name]
    if not text:
        return math.nan
    try:
        value = float(text.replace(",", "."))
    except ValueError as error:
        raise CohortError(f"Line {line}: {name} '{text}' is no number.") from error
    low, high = column.low or 0, column.high or math.inf
    if not low <= value <= high:
        raise CohortError(f"Line {line}: {name} {text} lies outside {low:g} to {high:g} {column.unit}.")
    return value


def _category(name: str, text: str, line: int) -> str:
    value = text.removesuffix(".0")
    if value and value not in COLUMNS[name].categories:
        raise CohortError(f"Line {line}: {name} '{text}' is none of {', '.join(COLUMNS[name].categories)}.")
    return value


def _add_ratio(values: dict[str, Values]) -> None:
    if "long_axis_mm" not in values or "short_axis_mm" not in values:
        return
    long, short = (values[name].astype(np.float64) for name in ("long_axis_mm", "short_axis_mm"))
    swapped = np.flatnonzero(short > long)
    if len(swapped):
        raise CohortError(f"Line {swapped[0] + 2}: the short axis is longer than the long axis.")
    values["axis_ratio"] = long / short
