"""Roles are groups with the permissions that Django's admin asks for."""

from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import AnonymousUser, Group

from backend.accounts import roles
from backend.accounts.roles import Role
from tests.factories import browser, user_create

pytestmark = pytest.mark.django_db
SESSION = "/api/v1/auth/session/"


def codenames(role: Role) -> set[str]:
    return set(Group.objects.get(name=role).permissions.values_list("codename", flat=True))


def test_an_auditor_may_look_at_everything_and_change_nothing() -> None:
    names = codenames(Role.AUDITOR)
    assert {"view_user", "view_apitoken", "view_modelversion", "view_case", "view_prediction"} <= names
    assert all(name.startswith("view_") for name in names)


def test_a_model_admin_never_deletes_and_sees_no_cases() -> None:
    names = codenames(Role.MODEL_ADMIN)
    assert {"add_modelversion", "change_modelversion", "view_modelversion"} <= names
    assert not any(name.startswith("delete_") for name in names)
    assert not names & {"view_case", "view_analysis", "view_user", "view_apitoken"}


def test_a_clinician_has_no_business_in_the_admin() -> None:
    assert codenames(Role.CLINICIAN) == set()


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, {"clinician"}),
        ({"role": "auditor"}, {"auditor"}),
        ({"role": "auditor", "is_active": False}, set()),
    ],
)
def test_the_roles_an_account_acts_in(fields: dict[str, Any], expected: set[str]) -> None:
    assert roles.roles_of(user_create(**fields)) == expected
    assert roles.roles_of(AnonymousUser()) == set()


def test_auditing_wins_over_any_other_role() -> None:
    user = user_create(role="auditor")
    user.groups.add(Group.objects.get(name="model_admin"))
    assert roles.is_auditor(user)
    assert not roles.manages_models(user)
    assert roles.reads_model_records(user)


@pytest.mark.parametrize(
    ("fields", "may"),
    [
        ({}, set()),
        ({"role": "clinician"}, set()),
        ({"is_staff": True}, set()),
        ({"role": "model_admin"}, {"manage_models", "read_model_records"}),
        ({"role": "auditor"}, {"read_model_records", "read_everything", "read_audit"}),
        (
            {"is_superuser": True},
            {"manage_models", "read_model_records", "manage_users", "read_everything", "read_audit"},
        ),
    ],
)
def test_the_page_learns_what_one_may(fields: dict[str, Any], may: set[str]) -> None:
    told = browser(user_create(**fields)).get(SESSION).json()["user"]["may"]
    assert {name for name, allowed in told.items() if allowed} == may


@pytest.mark.parametrize("fields", [{"role": "model_admin"}, {"is_superuser": True}])
def test_administrators_have_no_powers_before_their_second_factor(
    fields: dict[str, Any], settings: LazySettings
) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    user = browser(user_create(**fields)).get(SESSION).json()["user"]
    assert user["second_factor"] == {"enabled": False, "required": True}
    assert not any(user["may"].values())


def test_auditors_need_no_second_factor(settings: LazySettings) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    user = browser(user_create(role="auditor")).get(SESSION).json()["user"]
    assert user["second_factor"]["required"] is False
    assert user["may"]["read_everything"] is True
