"""The reader neither raises, nor dies, nor hangs, nor takes more than its memory, whatever it is given."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.hostile.fuzz import bent, fuzz, seeds

LONG = pytest.param(600, marks=[pytest.mark.long, pytest.mark.timeout(900)])


@pytest.mark.parametrize("seconds", [20, LONG])
def test_bent_files_are_read_or_refused(seconds: int) -> None:
    outcome = fuzz(seconds)
    assert outcome.findings == []
    assert outcome.cases > 100
    assert len(outcome.codes) >= 5, "the bent files are all of one kind: they prove little"


def test_a_case_is_the_same_in_every_run() -> None:
    first, second = seeds(), seeds()
    assert [bent(n, first) for n in range(200)] == [bent(n, second) for n in range(200)]


def test_a_damaged_jpeg_in_dicom_does_not_end_the_process() -> None:
    kept = Path(__file__).with_name("kept") / "gdcm-abort.dcm"
    program = (
        "import sys; from tests.hostile.fuzz import code_of; print(code_of(open(sys.argv[1], 'rb').read()))"
    )
    done = subprocess.run([sys.executable, "-c", program, str(kept)], capture_output=True, check=False)
    assert done.returncode == 0
