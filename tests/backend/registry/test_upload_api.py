"""POST models/: who may, what comes in, every refusal, and that a refusal leaves nothing."""

import hashlib
import resource
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from backend.registry import views
from backend.registry.errors import RegistryError
from backend.registry.intake import IncomingFile, checked_copy, incoming_folder
from backend.registry.models import ModelVersion, VersionEvent
from tests.backend.registry.test_import import BAD_FILES, files_in
from tests.factories import browser, checkpoint_write, model_version_create, program, user_create

pytestmark = pytest.mark.django_db
MODELS = "/api/v1/models/"


@pytest.fixture
def admin() -> APIClient:
    return browser(user_create(username="keeper", role="model_admin"))


def send(client: APIClient, path: Path, **fields: Any) -> Any:
    form = {"file": SimpleUploadedFile("any.bin", path.read_bytes()), "reason": "new scanner", **fields}
    given = {name: value for name, value in form.items() if value is not None}
    return client.post(MODELS, given, format="multipart")


@pytest.fixture(autouse=True)
def temp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary folder of our own, so that what is left in it is seen."""
    folder = tmp_path / "temp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def assert_nothing_left(storage: Path, temp: Path) -> None:
    assert not ModelVersion.objects.exists()
    assert not VersionEvent.objects.exists()
    assert files_in(storage) == []
    assert list(temp.iterdir()) == []


def test_a_model_admin_brings_in_a_version(admin: APIClient, tmp_path: Path, storage: Path) -> None:
    path = checkpoint_write(tmp_path, modality="cdfi", name="June")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    answer = send(admin, path, sha256=digest.upper(), name="Shown")
    assert answer.status_code == 202, answer.content
    card = answer.json()
    assert answer["Location"] == f"http://testserver{MODELS}{card['id']}/"
    assert (card["state"], card["name"], card["modality"]) == ("uploaded", "Shown", "cdfi")
    assert card["check"] == {
        "state": "waiting", "attempt": 0, "started_at": None, "finished_at": None, "findings": [],
    }  # fmt: skip
    assert (card["check_passed"], card["uploaded_by"], card["notes"]) == (None, "keeper", "new scanner")
    assert card["file_sha256"] == digest
    assert [file.read_bytes() for file in files_in(storage)] == [path.read_bytes()]
    event = VersionEvent.objects.get()
    assert (event.action, event.actor.username, event.reason) == ("uploaded", "keeper", "new scanner")
    assert admin.get(answer["Location"]).json() == card


def test_a_token_with_the_scope_brings_in_a_version(tmp_path: Path) -> None:
    user = user_create(role="model_admin")
    assert send(program(user, scopes=["models:write"]), checkpoint_write(tmp_path)).status_code == 202
    refused = send(program(user, scopes=["models:read"]), checkpoint_write(tmp_path))
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")


class Unread:
    """A body that must not be asked for."""

    def read(self, *args: object) -> bytes:
        raise AssertionError("the body was read")

    readline = read


@pytest.mark.parametrize(
    ("role", "status", "code"),
    [(None, 401, "not_authenticated"), ("clinician", 403, "wrong_role"), ("auditor", 403, "wrong_role")],
)
def test_a_stranger_is_refused_before_a_byte_is_read(role: str | None, status: int, code: str) -> None:
    client = browser(user_create(role=role)) if role else browser()
    answer = client.generic(
        "POST", MODELS, b"", content_type="multipart/form-data; boundary=x",
        **{"wsgi.input": Unread(), "CONTENT_LENGTH": str(240 * 2**20)},
    )  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_too_large_a_body_is_refused_before_a_byte_is_read(admin: APIClient) -> None:
    length = str(views.ModelVersionList.max_body_bytes + 1)
    answer = admin.generic(
        "POST", MODELS, b"", content_type="multipart/form-data; boundary=x",
        **{"wsgi.input": Unread(), "CONTENT_LENGTH": length},
    )  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def test_what_the_disk_can_not_hold_is_refused_before_a_byte_is_read(
    admin: APIClient, storage: Path, temp: Path
) -> None:
    with small_disk(storage):
        answer = admin.generic(
            "POST", MODELS, b"", content_type="multipart/form-data; boundary=x",
            **{"wsgi.input": Unread(), "CONTENT_LENGTH": str(3 * 2**20)},
        )  # fmt: skip
        assert (answer.status_code, answer.json()["code"]) == (503, "disk_full")
        assert answer["Retry-After"]
        assert_nothing_left(storage, temp)


@pytest.mark.parametrize("case", [case for case in BAD_FILES if case != "unreadable"])
def test_a_bad_file_is_refused_with_its_reason_and_leaves_nothing(
    admin: APIClient, tmp_path: Path, storage: Path, temp: Path, case: str
) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    answer = send(admin, BAD_FILES[case](folder))
    code = "no_file" if case == "truncated " else case.strip()  # an empty file is none
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert len(answer.json()["detail"]) > 15
    assert_nothing_left(storage, temp)
    assert not (folder / "exploded").exists()


REFUSED_FORMS = {
    "reason_missing": {"reason": None},
    "reason_missing ": {"reason": "   "},
    "reason_too_long": {"reason": "x" * 501},
    "wrong_hash": {"sha256": "0" * 64},
    "wrong_hash ": {"sha256": "nonsense"},
    "no_file": {"file": None},
    "no_file ": {"file": "a text"},
    "one_file": {"second": SimpleUploadedFile("b", b"{" * 100)},
}


@pytest.mark.parametrize("case", REFUSED_FORMS)
def test_a_wrong_form_is_refused_and_leaves_nothing(
    admin: APIClient, tmp_path: Path, storage: Path, temp: Path, case: str
) -> None:
    answer = send(admin, checkpoint_write(tmp_path), **REFUSED_FORMS[case])
    assert (answer.status_code, answer.json()["code"]) == (422, case.strip())
    assert_nothing_left(storage, temp)


def test_another_format_than_a_form_is_415(admin: APIClient, storage: Path, temp: Path) -> None:
    answer = admin.post(MODELS, {"reason": "x"}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")
    assert_nothing_left(storage, temp)


def test_a_duplicate_is_409_and_leaves_what_was_there(
    admin: APIClient, tmp_path: Path, storage: Path, temp: Path
) -> None:
    version = model_version_create(tmp_path, seed=1)
    answer = send(admin, checkpoint_write(tmp_path, seed=1, name="another name"))
    assert (answer.status_code, answer.json()["code"]) == (409, "duplicate")
    assert str(version.pk) in answer.json()["detail"]
    assert files_in(storage) == [storage / version.file.name]
    assert list(temp.iterdir()) == []


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """A real disk of 2 MiB at `folder`, where mounting is permitted."""
    folder.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("mounting is not permitted here")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def large_checkpoint(folder: Path) -> Path:
    """3 MB."""
    return checkpoint_write(folder, metrics={"filler": "x" * 3_000_000})


def test_a_disk_that_fills_up_on_the_way_leaves_nothing(tmp_path: Path, storage: Path, temp: Path) -> None:
    """Real ENOSPC from the system, in the middle of the file."""
    path = large_checkpoint(tmp_path)
    with small_disk(storage):
        with pytest.raises(RegistryError) as caught, checked_copy(path):
            pass
        assert caught.value.code == "disk_full"
        assert_nothing_left(storage, temp)


def test_an_upload_that_the_disk_stops_in_the_middle_is_503(
    admin: APIClient, tmp_path: Path, storage: Path, temp: Path
) -> None:
    """The system refuses to let a file grow beyond 1 MiB, as a quota does."""
    path = large_checkpoint(tmp_path)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**20, before[1]))
    try:
        answer = send(admin, path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert (answer.status_code, answer.json()["code"]) == (503, "disk_full")
    assert_nothing_left(storage, temp)


def test_the_file_never_lies_in_memory(
    admin: APIClient, tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every chunk goes to the disk as it comes; Django's own handlers never see one."""
    sizes: list[int] = []
    write = IncomingFile.write

    def noted(self: Any, data: bytes) -> None:
        sizes.append(len(data))
        write(self, data)

    monkeypatch.setattr(IncomingFile, "write", noted)
    monkeypatch.setattr("django.core.files.uploadhandler.MemoryFileUploadHandler.new_file", None)
    assert send(admin, large_checkpoint(tmp_path)).status_code == 202
    assert sum(sizes) > 3_000_000
    assert max(sizes) <= 2**16
    assert files_in(incoming_folder()) == []
