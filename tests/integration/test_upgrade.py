"""What the first release stored is read by the newest: accounts, answers, images, maps, versions."""

import io
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from scripts.api_client import Api
from tests.integration.first_release_rows import rows_moved
from tests.integration.services import postgres, redis
from tests.integration.stack import Stack, embedded_settings, production_settings

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]
FIRST = Path(__file__).with_name("first_release")
SAID: dict[str, Any] = json.loads((FIRST / "answers.json").read_text(encoding="utf-8"))
V1 = "/api/v1"


@pytest.fixture(scope="module", params=["embedded", "production"])
def upgraded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The first release's data under today's server, after `migrate`; on SQLite and on PostgreSQL."""
    folder = tmp_path_factory.mktemp("first-release")
    with tarfile.open(FIRST / "data.tar.gz") as archive:
        archive.extractall(folder, filter="data")
    if request.param == "embedded":
        yield from migrated(Stack(folder, embedded_settings()))
        return
    with postgres() as database, redis() as broker:
        settings = {**production_settings(database, broker), "REQUIRE_SECOND_FACTOR": "false"}
        stack, former = Stack(folder, settings), folder / "db.sqlite3"
        rows_moved(stack, former, database)
        former.unlink()
        yield from migrated(stack)


def migrated(stack: Stack) -> Iterator[Stack]:
    """With the web process; it reads what lies there."""
    try:
        stack.manage("migrate", "--verbosity", "0")
        stack.start_web()
        yield stack
    finally:
        stack.stop()


def signed_in(stack: Stack, name: str) -> Api:
    """With the password that the account had then."""
    api = Api(stack.base)
    answer = api.sign_in(name, SAID["password"])
    assert answer.status == 200, answer.body
    return api


def test_everything_of_the_first_release_is_readable(upgraded: Stack) -> None:
    chief, reader = signed_in(upgraded, "first.chief"), signed_in(upgraded, "first.reader")
    for name, former in SAID["analyses"].items():
        api = chief if name == "anonymous" else reader
        now = api.get(f"{V1}/analyses/{former['id']}/").json()
        assert contained(former, now) == [], name
        for prediction in now["predictions"]:
            for path in (prediction["image"], *filter(None, (prediction["cams"] or {}).values())):
                picture = api.get(path)
                assert picture.status == 200, path
                Image.open(io.BytesIO(picture.body)).load()
        if former["state"] == "succeeded":
            assert api.get(f"{V1}/analyses/{former['id']}/report.pdf").body.startswith(b"%PDF")
    listed = {row["id"] for row in chief.get(f"{V1}/analyses/").json()["results"]}
    assert listed == {former["id"] for former in SAID["analyses"].values()}


def test_versions_keep_their_state_and_their_answers(upgraded: Stack) -> None:
    chief = signed_in(upgraded, "first.chief")
    then = {
        one["model_version"]["id"]
        for analysis in SAID["analyses"].values()
        for one in analysis["predictions"]
    }
    versions = {row["id"]: row["state"] for row in chief.get(f"{V1}/models/").json()["results"]}
    assert versions == dict.fromkeys(then, "active")
    assert chief.get(f"{V1}/models/history/").status == 200


def contained(former: Any, now: Any, path: str = "") -> list[str]:
    """Where today's answer says something else than the first release's; fields may have been added."""
    if isinstance(former, dict):
        missing = [f"{path}.{key} is gone" for key in former if key not in now]
        return missing + [
            finding
            for key in former.keys() & now.keys()
            for finding in contained(former[key], now[key], f"{path}.{key}")
        ]
    if isinstance(former, list) and len(former) == len(now):
        return [
            finding
            for place, (one, other) in enumerate(zip(former, now, strict=True))
            for finding in contained(one, other, f"{path}[{place}]")
        ]
    return [] if former == now else [f"{path}: {former!r} then, {now!r} now"]
