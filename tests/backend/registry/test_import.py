"""Checkpoints come in whole and checked, or not at all: what the file itself tells, and `model_import`."""

import io
import json
import pickle
import struct
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError

from backend.registry import imports
from backend.registry.choices import EventAction, VersionState
from backend.registry.errors import RegistryError
from backend.registry.findings import BLOCKING, MEASURED
from backend.registry.imports import model_version_import
from backend.registry.models import ModelVersion, VersionEvent
from ml.manifest import FORMAT_VERSION, verify_tensors
from ml.taxonomy import ARCHITECTURES, is_known_architecture
from tests.factories import checkpoint_write, model_version_create, user_create, version_of
from tests.tiny_models import tiny_checkpoint

pytestmark = pytest.mark.django_db


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def refusal_of(path: Path) -> RegistryError:
    with pytest.raises(RegistryError) as caught:
        model_version_import(path=path, reason="test", activate=True)
    return caught.value


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real network that passes every check."""
    return tiny_checkpoint(tmp_path_factory.mktemp("tiny"), "cdfi", seed=5)


def test_a_good_file_is_examined_kept_under_a_random_name_and_stays_whole(tiny: Path, storage: Path) -> None:
    actor = user_create()
    version = model_version_import(path=tiny, reason="new scanner", actor=actor, activate=True)
    version.refresh_from_db()
    assert (version.state, version.modality, version.notes) == ("active", "cdfi", "new scanner")
    assert version.uploaded_by == actor
    assert version.manifest["limits"] == ["SYNTHETIC", "Random weights."]
    assert version.manifest["extras"]["golden"] == {"synthetic": True, "tolerance": 0.001, "images": 3}
    assert version.file.name == f"models/{version.pk}.safetensors"
    assert files_in(storage) == [storage / version.file.name]
    assert (storage / version.file.name).read_bytes() == tiny.read_bytes()
    assert verify_tensors(version.file.path) == version.tensor_sha256
    check = version.checks.get()
    assert [finding["code"] for finding in check.findings if finding["blocking"]] == list(BLOCKING)
    assert {finding["code"] for finding in check.findings if not finding["blocking"]} == set(MEASURED)
    actions = [event.action for event in VersionEvent.objects.order_by("created_at")]
    assert actions == ["uploaded", "checked", "activated"]
    assert tiny.exists()


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
    "pickle_refused": lambda p: write(p / "model.safetensors", pickle.dumps(Bomb(p / "exploded"))),
    "pickle_refused ": zipped_pickle,
    "truncated": lambda p: write(p / "a.safetensors", checkpoint_write(p).read_bytes()[:-5]),
    "truncated ": lambda p: write(p / "empty.safetensors", b""),
    "header_too_large": lambda p: write(p / "a.safetensors", struct.pack("<Q", 100 * 2**20) + b"{" * 100),
    "not_safetensors": lambda p: write(p / "a.safetensors", b"nonsense, but long enough to have a header"),
    "wrong_hash": tampered,
    "wrong_hash ": lambda p: checkpoint_write(p, tensor_sha256="0" * 64),
    "wrong_classes": lambda p: checkpoint_write(p, class_names=("benign", "metastatic", "lymphoma")),
    "unknown_modality": lambda p: checkpoint_write(p, modality="ct"),
    "unknown_architecture": lambda p: checkpoint_write(p, architecture="alexnet"),
    "unknown_architecture ": lambda p: checkpoint_write(p, architecture="ensemble:99:resnet18"),
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
    monkeypatch.setattr("backend.registry.services.refuse_duplicate", lambda *_: None)
    with pytest.raises(RegistryError) as caught:
        version_of(checkpoint_write(tmp_path, seed=1))
    assert caught.value.code == "duplicate"
    assert len(files_in(storage)) == 1


def test_a_rejected_version_does_not_block_its_successor(tmp_path: Path) -> None:
    rejected = model_version_create(tmp_path, seed=1)
    ModelVersion.objects.filter(pk=rejected.pk).update(state=VersionState.REJECTED)
    assert model_version_create(tmp_path, seed=1).state == "checked"


def test_a_failure_while_activating_takes_the_import_back(
    tiny: Path, storage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(**kwargs: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(imports, "model_version_activate", fails)
    with pytest.raises(ConnectionError):
        model_version_import(path=tiny, reason="test", activate=True)
    assert not ModelVersion.objects.exists()
    assert files_in(storage) == []


def test_what_the_examination_finds_refuses_the_file_and_leaves_nothing(
    tmp_path: Path, storage: Path
) -> None:
    """Well-formed, but no network."""
    refusal = refusal_of(checkpoint_write(tmp_path))
    assert refusal.code == "wrong_tensors"
    assert not ModelVersion.objects.exists()
    assert files_in(storage) == []


def test_the_known_architectures_are_those_that_can_be_built() -> None:
    from ml.backbones import BACKBONES  # noqa: PLC0415 (torch)

    assert sorted(ARCHITECTURES) == sorted(BACKBONES)
    assert is_known_architecture("ensemble:5:resnet152")
    for name in (
        "ensemble:1:resnet18",
        "ensemble:x:resnet18",
        "ensemble:5:alexnet",
        "ensemble:5",
        "timm:vit",
    ):
        assert not is_known_architecture(name)


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

    def test_examines_imports_and_activates(self, tiny: Path) -> None:
        out, _ = self.run(tiny, "--activate", "--reason", "first models", "--name", "Shown")
        assert self.status == 0
        assert "is active" in out
        version = ModelVersion.objects.get()
        assert (version.name, version.state) == ("Shown", "active")
        assert VersionEvent.objects.get(action=EventAction.ACTIVATED).reason == "first models"

    def test_a_refused_file_ends_with_status_1_and_the_others_come_in(
        self, tmp_path: Path, tiny: Path
    ) -> None:
        bad = write(tmp_path / "model.pth", pickle.dumps({"state_dict": 1}))
        _, err = self.run(bad, tiny)
        assert self.status == 1
        assert "model.pth" in err
        assert "[pickle_refused]" in err
        assert ModelVersion.objects.count() == 1

    def test_a_name_goes_with_one_file(self, tmp_path: Path) -> None:
        self.run(checkpoint_write(tmp_path), checkpoint_write(tmp_path), "--name", "Shown")
        assert self.status == 1
        assert not ModelVersion.objects.exists()

    def test_if_missing_leaves_a_modality_that_answers(self, tmp_path: Path) -> None:
        active = model_version_create(tmp_path, activate=True)
        out, _ = self.run(checkpoint_write(tmp_path), "--activate", "--if-missing")
        assert self.status == 0
        assert "left" in out
        assert ModelVersion.objects.get().pk == active.pk

    def test_if_missing_activates_what_is_here_but_idle(self, tmp_path: Path) -> None:
        path = checkpoint_write(tmp_path)
        version_of(path)
        self.run(path, "--activate", "--if-missing")
        assert self.status == 0
        assert ModelVersion.objects.get().state == "active"

    def test_if_missing_replaces_a_demo_of_an_older_format(self, tmp_path: Path, tiny: Path) -> None:
        """As the first start after an upgrade does; the second finds nothing to do."""
        old = model_version_create(tmp_path, activate=True, modality="cdfi", format_version=1)
        self.run(tiny, "--activate", "--if-missing")
        assert self.status == 0
        assert ModelVersion.objects.get(state="active").format_version == FORMAT_VERSION
        assert ModelVersion.objects.get(pk=old.pk).state == "checked"
        out, _ = self.run(tiny, "--activate", "--if-missing")
        assert "left" in out
        assert ModelVersion.objects.count() == 2

    def test_if_missing_never_puts_a_demo_in_the_place_of_a_real_version(
        self, tmp_path: Path, tiny: Path
    ) -> None:
        real = model_version_create(
            tmp_path, activate=True, modality="cdfi", format_version=1, synthetic=False
        )
        out, _ = self.run(tiny, "--activate", "--if-missing")
        assert "left" in out
        assert ModelVersion.objects.get().pk == real.pk

    def test_if_missing_still_says_what_is_wrong(self, tmp_path: Path) -> None:
        _, err = self.run(tmp_path / "nowhere.safetensors", "--if-missing")
        assert self.status == 1
        assert "[unreadable]" in err


def test_the_manifest_survives_as_json(tmp_path: Path) -> None:
    version = model_version_create(tmp_path)
    version.refresh_from_db()
    assert json.loads(json.dumps(version.manifest)) == version.manifest
    assert version.input_size == 64
