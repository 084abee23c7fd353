"""Every file of the corpus through a real web process and a real worker: the right answer, nothing left."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from scripts.api_client import Api
from tests.hostile.corpus import CORPUS, Hostile
from tests.hostile.table import DOCUMENT, table
from tests.integration.conftest import started
from tests.integration.processes import Running, wait_until
from tests.integration.stack import Stack, embedded_settings, installed
from tests.tiny_models import tiny_checkpoint

pytestmark = pytest.mark.integration
WEB_LIMIT_BYTES = 2**30
WORKER_GROWTH_BYTES = 2**29  # over an idle worker, whose size is torch's and the model's, not a file's
TABLES = (
    "studies_case",
    "studies_ultrasoundimage",
    "inference_analysis",
    "inference_prediction",
    "inference_keyreservation",
)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A running server with its temporary files in a folder of its own."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "tmp").mkdir()
    checkpoint = tiny_checkpoint(tmp_path_factory.mktemp("checkpoint"), "2d")
    with installed(
        folder, {**embedded_settings(), "TMPDIR": str(folder / "tmp")}, {"2d": checkpoint}
    ) as stack:
        yield started(stack)
        print(  # noqa: T201
            f"largest memory of a web process {peak(stack.web) / 2**20:.0f} MiB, "
            f"of a worker process {peak(stack.worker) / 2**20:.0f} MiB"
        )


@pytest.fixture(scope="module")
def idle_worker(stack: Stack) -> int:
    """Bytes of a worker that has loaded its model and seen no file yet."""
    return peak(stack.worker)


@pytest.mark.parametrize("hostile", CORPUS, ids=lambda hostile: hostile.name)
def test_it_gets_the_answer_of_the_table(stack: Stack, idle_worker: int, hostile: Hostile) -> None:
    api = Api(stack.base)
    answer = api.post("/api/v1/analyses/", files={"image_2d": ("lymph node.png", hostile.make())})
    reasons = answer.json().get("errors", {}).get("image_2d", [])
    assert (answer.status, [reason["code"] for reason in reasons]) == (
        hostile.status,
        [hostile.code] if hostile.code else [],
    )
    if answer.status == 202:
        address = answer.headers["Location"]
        assert api.wait(address)["state"] == "succeeded"
        assert api.delete(address).status == 204
    else:
        assert all(reason["detail"] for reason in reasons)
        assert answer.headers["Content-Type"] == "application/problem+json"
    assert rows(stack) == dict.fromkeys(TABLES, 0)
    wait_until(lambda: not files(stack), seconds=5, what="the upload's temporary file is gone")
    assert peak(stack.web) < WEB_LIMIT_BYTES
    assert peak(stack.worker) < idle_worker + WORKER_GROWTH_BYTES


def test_the_server_is_still_well(stack: Stack) -> None:
    assert stack.web.is_alive()
    assert stack.worker.is_alive()
    assert "Traceback" not in (stack.folder / "web.log").read_text()


def test_the_corpus_is_large_and_of_many_kinds() -> None:
    names = [item.name for item in CORPUS]
    assert len(names) == len(set(names)) >= 150
    assert len({item.kind for item in CORPUS}) >= 25
    assert all(item.kind for item in CORPUS)


def test_the_documented_table_is_this_one() -> None:
    """`python -m tests.hostile.table` writes it."""
    assert table() == DOCUMENT.read_text()


def rows(stack: Stack) -> dict[str, int]:
    """How many rows each table has."""
    with sqlite3.connect(f"file:{stack.folder / 'db.sqlite3'}?mode=ro", uri=True) as database:
        return {name: database.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in TABLES}  # noqa: S608


def files(stack: Stack) -> list[Path]:
    """What uploads have left in the storage and among the temporary files."""
    folders = [stack.folder / "media" / "images", stack.folder / "media" / "maps", stack.folder / "tmp"]
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


def peak(running: Running) -> int:
    """The most resident memory that any process of the group ever had, in bytes."""
    processes = [psutil.Process(running.pid), *psutil.Process(running.pid).children(recursive=True)]
    return max(_peak_of(process.pid) for process in processes)


def _peak_of(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0
