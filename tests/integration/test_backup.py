"""Back up, destroy, restore: the same answers, the same maps, byte for byte. Damaged copies are refused."""

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from scripts.api_client import Api
from tests.integration.conftest import started
from tests.integration.object_store import bucket
from tests.integration.services import postgres, redis
from tests.integration.stack import Stack, embedded_settings, installed, production_settings
from tests.pictures import png

pytestmark = [pytest.mark.integration, pytest.mark.timeout(900)]
CASE = {"image_2d": ("a.png", png(1)), "image_cdfi": ("b.png", png(2))}


@pytest.fixture(
    params=[
        "embedded",
        *(pytest.param(kind, marks=pytest.mark.long) for kind in ("production", "object store")),
    ]
)
def settings_of(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """A way to get the settings of one more installation of the same kind, with a database of its own, and a
    bucket of its own where files lie in an object store."""
    with ExitStack() as services:

        def make() -> dict[str, str]:
            if request.param == "embedded":
                return embedded_settings()
            settings = production_settings(
                services.enter_context(postgres()), services.enter_context(redis())
            )
            if request.param == "object store":
                settings |= services.enter_context(bucket(tmp_path)).settings
            return settings

        yield make


def test_backup_destroy_restore(settings_of: Any, checkpoints: dict[str, Path], tmp_path: Path) -> None:
    first, second, copy = tmp_path / "first", tmp_path / "second", tmp_path / "copy"
    offered = {name: checkpoints[name] for name in ("2d", "cdfi")}
    with installed(first, settings_of(), offered) as stack:
        started(stack)
        token = stack.token("clinician", "analyses:read", "analyses:write")
        paths = [send(stack, token) for _ in range(3)]
        before = [everything_of(stack, token, path) for path in paths]
        stack.manage("backup", str(copy))
        assert "exists already" in refused(stack, "backup", str(copy))
    shutil.rmtree(first)
    damaged = tmp_path / "damaged"
    shutil.copytree(copy, damaged)
    next((damaged / "files" / "maps").rglob("*.png")).write_bytes(b"damaged")
    restored = Stack(second, settings_of())
    try:
        assert "damaged" in refused(restored, "restore", str(damaged))
        restored.manage("restore", str(copy))
        assert "data here already" in refused(restored, "restore", str(copy))
        restored.manage("migrate", "--verbosity", "0")
        second.mkdir(exist_ok=True)  # with an object store nothing has been written here yet; logs will be
        started(restored)
        assert [everything_of(restored, token, path) for path in paths] == before
        assert everything_of(restored, token, send(restored, token))[0]["state"] == "succeeded"
    finally:
        restored.stop()


def send(stack: Stack, token: str) -> str:
    """The path of a finished analysis."""
    api = Api(stack.base, token=token)
    made = api.post("/api/v1/analyses/", files=CASE).json()["id"]
    api.wait(f"/api/v1/analyses/{made}/")
    return f"/api/v1/analyses/{made}/"


def everything_of(stack: Stack, token: str, path: str) -> tuple[dict[str, Any], dict[str, str]]:
    """The answer, and a checksum of each of its pictures."""
    api = Api(stack.base, token=token)
    answer = api.get(path).json()
    addresses = [
        address
        for row in answer["predictions"]
        for address in (row["image"], *filter(None, row["cams"].values()))
    ]
    pictures = {address: api.get(address) for address in addresses}
    assert {picture.status for picture in pictures.values()} == {200}
    return answer, {name: hashlib.sha256(found.body).hexdigest() for name, found in pictures.items()}


def refused(stack: Stack, *command: str) -> str:
    """What a management command said that failed."""
    with pytest.raises(AssertionError) as caught:
        stack.manage(*command)
    return str(caught.value)
