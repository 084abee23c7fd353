"""A version comes in over HTTP, is checked by the background worker, and broken uploads leave nothing."""

import os
import signal
import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from scripts.api_client import Api, multipart
from tests.backend.registry import bad_models
from tests.integration.processes import wait_until
from tests.integration.stack import Stack, embedded_settings, installed
from tests.tiny_models import tiny_checkpoint

pytestmark = pytest.mark.integration
BOUNDARY = "cut"
CHECKED_WITHIN_S = 200


@dataclass(frozen=True)
class Site:
    """A running server, who manages its models, and its temporary folder."""

    stack: Stack
    token: str
    temp: Path

    @property
    def admin(self) -> Api:
        return Api(self.stack.base, token=self.token)

    def media(self) -> list[Path]:
        """Every stored file."""
        return [path for path in (self.stack.folder / "media").rglob("*") if path.is_file()]

    def left_in_temp(self) -> list[Path]:
        """What lies in the temporary folder, but for what the worker's pool and torch keep there."""
        return [path for path in self.temp.iterdir() if not path.name.startswith(("pymp-", "torchinductor_"))]

    def versions(self) -> list[object]:
        """Every row."""
        return list(self.admin.get("/api/v1/models/").json()["results"])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The embedded way to run, with a background worker and without a model."""
    temp = tmp_path_factory.mktemp("temp")
    settings = {**embedded_settings(), "TMPDIR": str(temp)}
    with installed(tmp_path_factory.mktemp("uploads"), settings, {}) as stack:
        stack.web = stack.start_web()
        stack.start_clock()
        stack.start_worker()
        stack.start_background_worker()
        yield Site(stack, stack.token("model_admin", "models:read", "models:write"), temp)


@pytest.fixture(autouse=True)
def _logs_on_failure(site: Site, request: pytest.FixtureRequest) -> Iterator[None]:
    failed_before = request.session.testsfailed
    yield
    if request.session.testsfailed > failed_before:
        print(site.stack.logs())  # noqa: T201


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_checkpoint(tmp_path_factory.mktemp("good"), "2d", seed=31)


def checked(admin: Api, path: Path) -> dict[str, object]:
    """Upload it and wait for the end of its check."""
    sent = admin.post("/api/v1/models/", {"reason": "new scanner"}, {"file": (path.name, path.read_bytes())})
    assert sent.status == 202, sent.body
    address = sent.headers["Location"]
    wait_until(
        lambda: admin.get(address).json()["check_passed"] is not None,
        seconds=CHECKED_WITHIN_S,
        what="the check has ended",
        every=0.3,
    )
    return dict(admin.get(address).json())


REJECTED = {
    "wrong_shapes": bad_models.with_wrong_shapes,
    "not_finite": bad_models.with_nan,
    "golden_answers": bad_models.with_swapped_classes,
}


@pytest.mark.parametrize("reason", REJECTED)
def test_what_only_the_check_sees_is_rejected_and_its_file_goes(
    site: Site, good: Path, tmp_path: Path, reason: str
) -> None:
    card = checked(site.admin, REJECTED[reason](good, tmp_path / "bad.safetensors"))
    assert card["state"] == "rejected"
    failed = next(finding for finding in card["check"]["findings"] if not finding["passed"])
    assert (failed["blocking"], failed["measured"]["reason"]) == (True, reason)
    assert site.media() == []
    assert site.left_in_temp() == []
    rejected = site.admin.get(f"/api/v1/models/{card['id']}/events/").json()["results"][0]
    assert rejected["action"] == "rejected"
    assert rejected["reason"].startswith(reason)


def test_a_good_version_comes_in_passes_and_becomes_active(site: Site, good: Path) -> None:
    card = checked(site.admin, good)
    assert card["state"] == "checked", card["check"]
    active = site.admin.post_json(f"/api/v1/models/{card['id']}/activate/", {"reason": "the first"})
    assert (active.status, active.json()["state"]) == (200, "active")
    answering = Api(site.stack.base).get("/api/v1/models/answering/").json()["versions"]["2d"]
    assert answering["id"] == card["id"]


class Cut:
    """An upload that is under way; the test decides how it ends."""

    def __init__(self, site: Site, body: bytes) -> None:
        self.incoming = site.stack.folder / "media" / "incoming"
        self.socket = socket.create_connection(("127.0.0.1", site.stack.port))
        sent = len(body) // 2
        head = [
            "POST /api/v1/models/ HTTP/1.1",
            f"Host: 127.0.0.1:{site.stack.port}",
            f"Authorization: Bearer {site.token}",
            f"Content-Type: multipart/form-data; boundary={BOUNDARY}",
            f"Content-Length: {len(body)}",
            "\r\n",
        ]
        self.socket.sendall("\r\n".join(head).encode() + body[:sent])
        wait_until(lambda: self.bytes_written() > sent // 2, seconds=60, what="the server writes the file")

    def files(self) -> list[Path]:
        """What lies in the folder of unfinished uploads."""
        return list(self.incoming.glob("*"))

    def bytes_written(self) -> int:
        """Of the unfinished file."""
        return sum(path.stat().st_size for path in self.files())

    def hang_up(self) -> None:
        """As a browser does whose tab is closed."""
        self.socket.close()

    def reset(self) -> None:
        """As a network does that fails."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


@pytest.fixture
def upload(tmp_path: Path) -> bytes:
    """The body of an upload whose weights nobody has sent before."""
    path = tiny_checkpoint(tmp_path, "cdfi", seed=32)
    return multipart({"reason": "cut"}, {"file": ("a.safetensors", path.read_bytes())}, BOUNDARY)


@pytest.mark.parametrize("how", ["hang_up", "reset"])
def test_an_upload_cut_in_the_middle_leaves_nothing(site: Site, upload: bytes, how: str) -> None:
    rows, files = site.versions(), site.media()
    cut = Cut(site, upload)
    assert cut.bytes_written() > 10_000_000  # on the disk, not in memory
    getattr(cut, how)()
    wait_until(lambda: cut.files() == [], seconds=30, what="the half file is gone")
    assert site.media() == files
    assert site.left_in_temp() == []
    assert site.versions() == rows


def test_a_server_killed_in_the_middle_leaves_a_file_that_the_sweep_removes(
    site: Site, upload: bytes
) -> None:
    rows = site.versions()
    cut = Cut(site, upload)
    for child in site.stack.web.children():
        os.kill(child, signal.SIGKILL)
    wait_until(lambda: _answers(site.admin), seconds=60, what="gunicorn has another process")
    [left] = cut.files()
    os.utime(left, (1, 1))  # long ago
    site.stack.manage("sweep")
    assert cut.files() == []
    assert site.versions() == rows


def _answers(admin: Api) -> bool:
    try:
        return admin.get("/healthz").status == 200
    except OSError:
        return False


def test_the_same_upload_whole_is_taken(site: Site, upload: bytes) -> None:
    """So the tests above cut something that would have come in."""
    kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    assert site.admin._send("POST", "/api/v1/models/", upload, kind).status == 202
