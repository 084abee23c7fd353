"""One active version a modality, and a history that only grows."""

from pathlib import Path

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from backend.core.models import ImmutableRowError
from backend.registry.choices import EventAction
from backend.registry.errors import RegistryError
from backend.registry.models import ModelVersion, VersionEvent
from backend.registry.selectors import active_version, active_versions
from backend.registry.services import model_version_activate
from tests.factories import PASSWORD, model_version_create, user_create

pytestmark = pytest.mark.django_db


def activations() -> list[VersionEvent]:
    """Newest first."""
    return list(VersionEvent.objects.filter(action=EventAction.ACTIVATED))


def test_activating_returns_the_former_to_checked(tmp_path: Path) -> None:
    actor = user_create()
    first = model_version_create(tmp_path, activate=True)
    second = model_version_create(tmp_path)
    model_version_activate(version=second, actor=actor, reason="better")
    first.refresh_from_db()
    assert (first.state, second.state) == ("checked", "active")
    assert second.activated_at is not None
    event = activations()[0]
    assert (event.from_version, event.version, event.actor, event.reason) == (
        first, second, actor, "better",
    )  # fmt: skip


def test_rolling_back_is_an_activation(tmp_path: Path) -> None:
    first = model_version_create(tmp_path, activate=True)
    second = model_version_create(tmp_path, activate=True)
    model_version_activate(version=first, actor=None, reason="back")
    assert active_version("2d") == first
    assert ModelVersion.objects.get(pk=second.pk).state == "checked"
    assert [event.version for event in activations()] == [first, second, first]


def test_modalities_are_independent(tmp_path: Path) -> None:
    grey = model_version_create(tmp_path, activate=True)
    colour = model_version_create(tmp_path, activate=True, modality="cdfi")
    assert active_versions() == {"2d": grey, "cdfi": colour}
    assert active_version("elastography") is None


def test_activating_the_active_one_writes_no_line(tmp_path: Path) -> None:
    version = model_version_create(tmp_path, activate=True)
    model_version_activate(version=version, actor=None, reason="again")
    assert len(activations()) == 1


@pytest.mark.parametrize("state", ["uploaded", "checking", "rejected", "retired"])
def test_only_a_checked_version_becomes_active(tmp_path: Path, state: str) -> None:
    version = model_version_create(tmp_path)
    ModelVersion.objects.filter(pk=version.pk).update(state=state)
    with pytest.raises(RegistryError) as caught:
        model_version_activate(version=version, actor=None, reason="hope")
    assert caught.value.code == "not_checked"
    assert active_version("2d") is None


def test_a_reason_is_needed(tmp_path: Path) -> None:
    version = model_version_create(tmp_path)
    with pytest.raises(RegistryError) as caught:
        model_version_activate(version=version, actor=None, reason="  ")
    assert caught.value.code == "reason_missing"


def test_the_database_refuses_a_second_active_version(tmp_path: Path) -> None:
    model_version_create(tmp_path, activate=True)
    second = model_version_create(tmp_path)
    with pytest.raises(IntegrityError):
        ModelVersion.objects.filter(pk=second.pk).update(state="active")


def test_the_history_is_never_changed(tmp_path: Path) -> None:
    model_version_create(tmp_path, activate=True)
    [event] = activations()
    event.reason = "another"
    with pytest.raises(ImmutableRowError):
        event.save()
    with pytest.raises(ImmutableRowError):
        event.delete()
    with pytest.raises(ImmutableRowError):
        VersionEvent.objects.update(reason="another")
    with pytest.raises(ImmutableRowError):
        VersionEvent.objects.filter(pk=event.pk).delete()


class TestAdmin:
    """Django's admin as staff use it."""

    @pytest.fixture
    def admin(self) -> Client:
        user = user_create(is_staff=True, is_superuser=True)
        client = Client()
        assert client.login(username=user.username, password=PASSWORD)
        return client

    def activate(self, client: Client, *versions: ModelVersion, reason: str = "better on past cases") -> str:
        form = {
            "action": "activate",
            "_selected_action": [version.pk for version in versions],
            "index": "0",
            "reason": reason,
        }
        return client.post(
            reverse("admin:registry_modelversion_changelist"), form, follow=True
        ).content.decode()

    def test_activates_one_version(self, admin: Client, tmp_path: Path) -> None:
        version = model_version_create(tmp_path, name="Candidate")
        assert "is active" in self.activate(admin, version)
        assert active_version("2d") == version
        [event] = activations()
        assert event.actor is not None
        assert event.reason == "better on past cases"

    def test_asks_for_a_reason(self, admin: Client, tmp_path: Path) -> None:
        version = model_version_create(tmp_path)
        assert "reason" in self.activate(admin, version, reason=" ")
        assert active_version("2d") is None

    def test_refuses_two_of_one_modality(self, admin: Client, tmp_path: Path) -> None:
        versions = [model_version_create(tmp_path) for _ in range(2)]
        assert "one version a modality" in self.activate(admin, *versions)
        assert active_version("2d") is None

    def test_says_why_a_version_can_not_answer(self, admin: Client, tmp_path: Path) -> None:
        version = model_version_create(tmp_path)
        ModelVersion.objects.filter(pk=version.pk).update(state="retired")
        assert "passed its check" in self.activate(admin, version)

    def test_shows_the_manifest_for_people(self, admin: Client, tmp_path: Path) -> None:
        version = model_version_create(tmp_path, intended_use="For <b>tests</b>.")
        page = admin.get(reverse("admin:registry_modelversion_change", args=[version.pk])).content.decode()
        assert "intended use" in page
        assert "For &lt;b&gt;tests&lt;/b&gt;." in page
        assert "{&#x27;" not in page
        assert "{&quot;" not in page

    def test_nothing_is_deleted_or_added_to_the_history_by_hand(self, admin: Client, tmp_path: Path) -> None:
        version = model_version_create(tmp_path)
        delete = reverse("admin:registry_modelversion_delete", args=[version.pk])
        assert admin.post(delete, {"post": "yes"}).status_code == 403
        assert admin.get(reverse("admin:registry_versionevent_add")).status_code == 403

    def test_an_auditor_looks_and_can_not_activate(self, tmp_path: Path) -> None:
        user = user_create(role="auditor")
        client = Client()
        client.login(username=user.username, password=PASSWORD)
        version = model_version_create(tmp_path)
        self.activate(client, version)
        assert active_version("2d") is None
