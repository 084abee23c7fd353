"""Checkpoints come in whole and checked, or not at all."""

import errno
import io
import json
import pickle
import struct
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError

from backend.registry.choices import VersionState
from backend.registry.errors import RegistryError
from backend.registry.models import ActivationEvent, ModelVersion
from backend.registry.services import model_version_import
from ml.manifest import verify_tensors
from ml.taxonomy import ARCHITECTURES
from tests.factories import checkpoint_write, model_version_create, user_create

pytestmark = pytest.mark.django_db


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def refusal_of(path: Path) -> RegistryError:
    with pytest.raises(RegistryError) as caught:
        model_version_import(path=path, activate=True)
    return caught.value


def test_a_good_file_is_kept_under_a_random_name_and_stays_whole(tmp_path: Path, storage: Path) -> None:
    source = checkpoint_write(tmp_path, name="June", modality="cdfi")
    actor = user_create()
    version = model_version_import(path=source, actor=actor)
    assert (version.state, version.modality, version.name) == ("checked", "cdfi", "June")
    assert version.uploaded_by == actor
    assert version.manifest["limits"] == ["SYNTHETIC", "Random weights."]
    assert version.file.name == f"models/{version.pk}.safetensors"
    assert files_in(storage) == [storage / version.file.name]
    assert (storage / version.file.name).read_bytes() == source.read_bytes()
    assert verify_tensors(version.file.path) == version.tensor_sha256
    assert source.exists()


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def tampered(tmp_path: Path) -> Path:
    path = checkpoint_write(tmp_path)
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    return write(path, bytes(data))


class Bomb:
    """A pickle that would leave a mark if it were loaded."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return Path.touch, (self.mark,)


def zipped_pickle(tmp_path: Path) -> Path:
    import zipfile  # noqa: PLC0415

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps(Bomb(tmp_path / "exploded")))
    return write(tmp_path / "model.pth", buffer.getvalue())


BAD_FILES = {
    "pickle": lambda p: write(p / "model.safetensors", pickle.dumps(Bomb(p / "exploded"))),
    "pickle ": zipped_pickle,
    "truncated": lambda p: write(p / "a.safetensors", checkpoint_write(p).read_bytes()[:-5]),
    "truncated ": lambda p: write(p / "empty.safetensors", b""),
    "header_too_large": lambda p: write(p / "a.safetensors", struct.pack("<Q", 100 * 2**20) + b"{" * 100),
    "not_safetensors": lambda p: write(p / "a.safetensors", b"nonsense, but long enough to have a header"),
    "wrong_hash": tampered,
    "wrong_hash ": lambda p: checkpoint_write(p, tensor_sha256="0" * 64),
    "wrong_classes": lambda p: checkpoint_write(p, class_names=("benign", "metastatic", "lymphoma")),
    "unknown_modality": lambda p: checkpoint_write(p, modality="ct"),
    "unknown_architecture": lambda p: checkpoint_write(p, architecture="alexnet"),
    "format_version": lambda p: checkpoint_write(p, format_version=99),
    "manifest_invalid": lambda p: checkpoint_write(p, input_size=7),
    "unreadable": lambda p: p / "nowhere.safetensors",
}


@pytest.mark.parametrize("case", BAD_FILES)
def test_a_bad_file_is_refused_with_its_reason_and_leaves_nothing(
    tmp_path: Path, storage: Path, case: str
) -> None:
    path = BAD_FILES[case](tmp_path)
    refusal = refusal_of(path)
    assert refusal.code == case.strip()
    assert len(refusal.detail) > 15
    assert not ModelVersion.objects.exists()
    assert files_in(storage) == []
    assert not (tmp_path / "exploded").exists()


def test_the_same_weights_come_in_once_a_modality(tmp_path: Path, storage: Path) -> None:
    first = model_version_create(tmp_path, seed=1)
    refusal = refusal_of(checkpoint_write(tmp_path, seed=1, name="the same under another name"))
    assert refusal.code == "duplicate"
    assert str(first.pk) in refusal.detail
    assert len(files_in(storage)) == 1
    model_version_create(tmp_path, seed=1, modality="cdfi")
    assert ModelVersion.objects.count() == 2


def test_the_database_holds_the_rule_against_two_at_once(tmp_path: Path) -> None:
    version = model_version_create(tmp_path, seed=1)
    version.pk = None
    version._state.adding = True
    with pytest.raises(IntegrityError):
        version.save()


def test_a_duplicate_that_appears_meanwhile_leaves_no_file(
    tmp_path: Path, storage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other import commits between our check and our insert."""
    model_version_create(tmp_path, seed=1)
    monkeypatch.setattr("backend.registry.services._refuse_duplicate", lambda *_: None)
    assert refusal_of(checkpoint_write(tmp_path, seed=1)).code == "duplicate"
    assert len(files_in(storage)) == 1


def test_a_rejected_version_does_not_block_its_successor(tmp_path: Path) -> None:
    rejected = model_version_create(tmp_path, seed=1)
    ModelVersion.objects.filter(pk=rejected.pk).update(state=VersionState.REJECTED)
    assert model_version_create(tmp_path, seed=1).state == "checked"


def test_a_full_disk_is_said_and_leaves_nothing(
    tmp_path: Path, storage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    path = checkpoint_write(tmp_path)
    monkeypatch.setattr("backend.registry.intake.os.fsync", full)
    assert refusal_of(path).code == "disk_full"
    assert files_in(storage) == []


def test_a_failure_while_activating_takes_the_import_back(
    tmp_path: Path, storage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(**kwargs: object) -> None:
        raise ConnectionError

    monkeypatch.setattr("backend.registry.services.model_version_activate", fails)
    with pytest.raises(ConnectionError):
        model_version_import(path=checkpoint_write(tmp_path), activate=True)
    assert not ModelVersion.objects.exists()
    assert files_in(storage) == []


def test_the_known_architectures_are_those_that_can_be_built() -> None:
    from ml.backbones import BACKBONES  # noqa: PLC0415 (torch)

    assert sorted(ARCHITECTURES) == sorted(BACKBONES)


class TestCommand:
    """`manage.py model_import`."""

    def run(self, *arguments: object) -> tuple[str, str]:
        out, err = io.StringIO(), io.StringIO()
        self.status = 0
        try:
            call_command("model_import", *map(str, arguments), stdout=out, stderr=err)
        except CommandError as error:
            self.status = error.returncode
        return out.getvalue(), err.getvalue()

    def test_imports_and_activates(self, tmp_path: Path) -> None:
        paths = [checkpoint_write(tmp_path, modality=name) for name in ("2d", "cdfi")]
        out, _ = self.run(*paths, "--activate", "--reason", "first models")
        assert self.status == 0
        assert out.count("is active") == 2
        assert [event.reason for event in ActivationEvent.objects.all()] == ["first models"] * 2

    def test_a_refused_file_ends_with_status_1_and_the_others_come_in(self, tmp_path: Path) -> None:
        bad = write(tmp_path / "model.pth", pickle.dumps({"state_dict": 1}))
        _, err = self.run(bad, checkpoint_write(tmp_path))
        assert self.status == 1
        assert "model.pth" in err
        assert "[pickle]" in err
        assert ModelVersion.objects.count() == 1

    def test_a_name_goes_with_one_file(self, tmp_path: Path) -> None:
        self.run(checkpoint_write(tmp_path), "--name", "Shown")
        assert ModelVersion.objects.get().name == "Shown"
        self.run(checkpoint_write(tmp_path), checkpoint_write(tmp_path), "--name", "Shown")
        assert self.status == 1

    def test_if_missing_leaves_a_modality_that_answers(self, tmp_path: Path) -> None:
        active = model_version_create(tmp_path, activate=True)
        out, _ = self.run(checkpoint_write(tmp_path), "--activate", "--if-missing")
        assert self.status == 0
        assert "left" in out
        assert ModelVersion.objects.get().pk == active.pk

    def test_if_missing_activates_what_is_here_but_idle(self, tmp_path: Path) -> None:
        path = checkpoint_write(tmp_path)
        self.run(path)
        self.run(path, "--activate", "--if-missing")
        assert self.status == 0
        assert ModelVersion.objects.get().state == "active"

    def test_if_missing_replaces_a_version_of_an_older_format(self, tmp_path: Path) -> None:
        old = model_version_create(tmp_path, activate=True)
        ModelVersion.objects.filter(pk=old.pk).update(format_version=0)
        self.run(checkpoint_write(tmp_path), "--activate", "--if-missing")
        assert self.status == 0
        assert ModelVersion.objects.get(state="active").pk != old.pk

    def test_if_missing_still_says_what_is_wrong(self, tmp_path: Path) -> None:
        _, err = self.run(tmp_path / "nowhere.safetensors", "--if-missing")
        assert self.status == 1
        assert "[unreadable]" in err


def test_the_manifest_survives_as_json(tmp_path: Path) -> None:
    version = model_version_create(tmp_path)
    version.refresh_from_db()
    assert json.loads(json.dumps(version.manifest)) == version.manifest
    assert version.input_size == 64
