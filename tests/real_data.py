"""Where the real ultrasound files lie, if they are here at all: REAL_DATA_DIR, else ../shared/data."""

import os
from pathlib import Path

import pydicom
import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
REAL_DATA = Path(os.environ.get("REAL_DATA_DIR", REPOSITORY.parent / "shared" / "data")).resolve()
PYDICOM_FILES = Path(pydicom.__file__).parent / "data" / "test_files"

needs_real_data = pytest.mark.skipif(
    not (REAL_DATA / "dicom").is_dir(), reason=f"no real ultrasound files at {REAL_DATA} (REAL_DATA_DIR)"
)


def real_dicom_files() -> list[Path]:
    """The DICOM files of the real data; none where it is not here."""
    return sorted((REAL_DATA / "dicom").glob("*.dcm"))
