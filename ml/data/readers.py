"""Every set this package can read, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from ml.data.class_folders import read_auli, read_busi, read_folder, read_lymph_nodes, read_ocau
from ml.data.ddti import read_ddti
from ml.data.echonet import read_edcu
from ml.data.samples import DataError, SampleSet
from ml.data.table import read_csv

READERS: Mapping[str, Callable[[Path], SampleSet]] = {
    "auli": read_auli,
    "ocau": read_ocau,
    "busi": read_busi,
    "ddti": read_ddti,
    "edcu": read_edcu,
    "lymph-nodes": read_lymph_nodes,
    "folder": read_folder,
    "csv": read_csv,
}


def read(name: str, root: Path) -> SampleSet:
    """The set of that name (a key of READERS) at that folder or CSV file."""
    if name not in READERS:
        raise DataError(f"'{name}' is no known set. Known: {', '.join(READERS)}.")
    return READERS[name](root)
