"""The life of a check: claimed once, ended once, and the version is what the check says it is."""

import os
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models.functions import Now
from pytest_django import DjangoCaptureOnCommitCallbacks

from backend.registry import checks, recovery
from backend.registry.checks import check_finish, work
from backend.registry.choices import CheckState
from backend.registry.errors import RegistryError
from backend.registry.findings import BLOCKING, Finding
from backend.registry.intake import checked_copy
from backend.registry.models import ModelVersion, VersionCheck, VersionEvent
from backend.registry.services import (
    model_version_activate,
    model_version_recheck,
    model_version_retire,
    model_version_upload,
)
from tests.backend.registry import bad_models
from tests.factories import checkpoint_write, model_version_create, user_create
from tests.tiny_models import tiny_checkpoint

pytestmark = pytest.mark.django_db
GOOD = [Finding(code, True, "fine.") for code in BLOCKING]
BAD = [*GOOD[:-1], Finding(BLOCKING[-1], False, "The maps stay the same.", measured={"reason": "stiff"})]


def uploaded(path: Path, **fields: object) -> ModelVersion:
    with checked_copy(path) as checked:
        return model_version_upload(checked=checked, reason="try it", actor=None, **fields)


@pytest.fixture
def version(tmp_path: Path) -> ModelVersion:
    """Waits for its check."""
    return uploaded(checkpoint_write(tmp_path))


def claimed(version: ModelVersion) -> VersionCheck:
    check = checks._claim(version.checks.get(state=CheckState.WAITING).pk)
    assert check is not None
    return check


def state_of(version: ModelVersion) -> tuple[str, str]:
    version.refresh_from_db()
    assert version.last_check is not None
    return version.state, version.last_check.state


def test_an_upload_waits_and_can_not_become_active(version: ModelVersion) -> None:
    assert state_of(version) == ("uploaded", "waiting")
    with pytest.raises(RegistryError, match="passed its check"):
        model_version_activate(version=version, actor=None, reason="now")


def test_a_check_is_claimed_once(version: ModelVersion) -> None:
    check = claimed(version)
    assert state_of(version) == ("checking", "running")
    assert checks._claim(check.pk) is None
    assert checks._claim(uuid.uuid4()) is None


def test_a_passed_check_makes_it_checked(version: ModelVersion) -> None:
    assert check_finish(claimed(version), GOOD)
    assert state_of(version) == ("checked", "passed")
    model_version_activate(version=version, actor=None, reason="now")
    assert [event.action for event in version.events.order_by("created_at")] == [
        "uploaded", "checked", "activated",
    ]  # fmt: skip


def test_a_failed_check_rejects_it_and_its_file_goes(
    version: ModelVersion, storage: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    check = claimed(version)
    with django_capture_on_commit_callbacks(execute=True):
        check_finish(check, BAD)
    assert state_of(version) == ("rejected", "failed")
    assert [path for path in storage.rglob("*") if path.is_file()] == []
    assert version.events.get(action="rejected").reason == "stiff: The maps stay the same. (First check.)"
    assert version.last_check.findings[-1]["detail"] == "The maps stay the same."
    with pytest.raises(RegistryError) as caught:
        model_version_recheck(version=version, actor=None, reason="again")
    assert caught.value.code == "no_weights"


def test_what_was_rejected_may_come_in_again(tmp_path: Path) -> None:
    path = checkpoint_write(tmp_path, seed=3)
    check_finish(claimed(uploaded(path)), BAD)
    assert uploaded(path).state == "uploaded"


def test_a_stale_worker_changes_nothing(version: ModelVersion) -> None:
    stale = claimed(version)
    VersionCheck.objects.update(lease_expires_at=Now() - timedelta(seconds=1))
    recovery.sweep()
    assert state_of(version) == ("checking", "waiting")
    fresh = claimed(version)
    assert fresh.attempt == 2
    assert not check_finish(stale, BAD)
    assert check_finish(fresh, GOOD)
    assert state_of(version) == ("checked", "passed")
    assert not version.events.filter(action="rejected").exists()


def test_two_lost_workers_end_it(version: ModelVersion) -> None:
    """Fails closed: what can't be checked can't become active."""
    for _ in range(2):
        claimed(version)
        VersionCheck.objects.update(lease_expires_at=Now() - timedelta(seconds=1))
        recovery.sweep()
    assert state_of(version) == ("rejected", "failed")
    assert version.events.get(action="rejected").reason.startswith("check_died: ")


def test_the_sweep_leaves_running_checks_alone(version: ModelVersion) -> None:
    claimed(version)
    recovery.sweep()
    assert state_of(version) == ("checking", "running")


def test_the_sweep_sends_another_hint(version: ModelVersion, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []
    monkeypatch.setattr(recovery, "check_dispatch", sent.extend)
    recovery.sweep()
    assert sent == []  # the first hint is young
    VersionCheck.objects.update(dispatched_at=None)
    recovery.sweep()
    assert sent == [str(version.checks.get().pk)]
    recovery.sweep()
    assert len(sent) == 1


def test_retiring_withdraws_a_check_that_nobody_began(version: ModelVersion) -> None:
    check = version.checks.get()
    model_version_retire(version=version, actor=None, reason="wrong file")
    assert state_of(version) == ("retired", "failed")
    assert checks._claim(check.pk) is None
    assert version.retired_at is not None


def test_what_is_being_checked_is_not_retired(version: ModelVersion) -> None:
    claimed(version)
    with pytest.raises(RegistryError) as caught:
        model_version_retire(version=version, actor=None, reason="wrong file")
    assert caught.value.code == "check_under_way"


class TestCheckingAgain:
    """A version that passed once is looked at once more."""

    @pytest.fixture
    def checked(self, tmp_path: Path) -> ModelVersion:
        return model_version_create(tmp_path)

    def test_until_it_ends_the_version_can_not_become_active(self, checked: ModelVersion) -> None:
        admin = user_create(username="admin")
        model_version_recheck(version=checked, actor=admin, reason="new processor")
        assert state_of(checked) == ("checking", "waiting")
        with pytest.raises(RegistryError):
            model_version_activate(version=checked, actor=None, reason="now")
        with pytest.raises(RegistryError) as caught:
            model_version_recheck(version=checked, actor=None, reason="twice")
        assert caught.value.code == "check_under_way"
        check_finish(claimed(checked), GOOD)
        assert state_of(checked) == ("checked", "passed")
        event = VersionEvent.objects.filter(action="checked").latest("created_at")
        assert (event.actor, event.reason) == (admin, "new processor")

    def test_a_failure_keeps_the_weights_of_what_passed_before(self, checked: ModelVersion) -> None:
        """Rejected, but not lost: the machine may have been the fault."""
        model_version_recheck(version=checked, actor=None, reason="new processor")
        check_finish(claimed(checked), BAD)
        assert state_of(checked) == ("rejected", "failed")
        assert Path(checked.file.path).is_file()
        model_version_recheck(version=checked, actor=None, reason="processor replaced")
        check_finish(claimed(checked), GOOD)
        assert state_of(checked) == ("checked", "passed")

    def test_not_the_active_one(self, tmp_path: Path) -> None:
        active = model_version_create(tmp_path, activate=True)
        for service in (model_version_recheck, model_version_retire):
            with pytest.raises(RegistryError) as caught:
                service(version=active, actor=None, reason="try")
            assert caught.value.code == "active"

    def test_not_what_is_retired(self, checked: ModelVersion) -> None:
        model_version_retire(version=checked, actor=None, reason="superseded")
        for service in (model_version_recheck, model_version_retire):
            with pytest.raises(RegistryError) as caught:
                service(version=checked, actor=None, reason="try")
            assert caught.value.code == "retired"

    def test_a_version_from_before_checks_must_pass_one_first(self, checked: ModelVersion) -> None:
        checked.checks.all().delete()
        with pytest.raises(RegistryError, match="passed its check"):
            model_version_activate(version=checked, actor=None, reason="back")


class TestWork:
    """With the real examination."""

    def test_a_real_version_passes(self, tmp_path: Path) -> None:
        version = uploaded(tiny_checkpoint(tmp_path, "2d", seed=21))
        work(str(version.checks.get().pk))
        assert state_of(version) == ("checked", "passed")
        work(str(version.checks.get().pk))  # a doubled message does nothing
        assert version.checks.get().attempt == 1

    def test_swapped_classes_are_rejected(self, tmp_path: Path) -> None:
        good = tiny_checkpoint(tmp_path, "2d", seed=22)
        version = uploaded(bad_models.with_swapped_classes(good, tmp_path / "bad.safetensors"))
        work(str(version.checks.get().pk))
        assert state_of(version) == ("rejected", "failed")
        assert "order of classes" in version.events.get(action="rejected").reason

    def test_an_examination_that_dies_twice_rejects(
        self, version: ModelVersion, settings, tmp_path: Path
    ) -> None:
        settings.BASE_DIR = tmp_path  # where the program is not
        check = version.checks.get()
        work(str(check.pk))
        assert state_of(version) == ("checking", "waiting")
        work(str(check.pk))
        assert state_of(version) == ("rejected", "failed")
        assert version.last_check.findings[-1]["code"] == "check_died"
        assert "No module named" in version.last_check.findings[-1]["detail"]


def test_files_that_broken_uploads_left_are_removed_after_a_while(storage: Path) -> None:
    folder = storage / "incoming"
    folder.mkdir(parents=True)
    young, old = folder / "young.safetensors", folder / "old.safetensors"
    for path in (young, old):
        path.write_bytes(b"half")
    os.utime(old, (1, 1))
    recovery.sweep()
    assert list(folder.iterdir()) == [young]
