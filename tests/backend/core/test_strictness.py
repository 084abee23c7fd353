"""What the schema forbids is refused with a reason per field, and never turned into something else."""

import json
from typing import Any

import pytest
from django.conf import settings
from rest_framework.test import APIClient

from backend.accounts.models import User
from backend.core.fields import EmailField, TextField, TruthField, WholeNumberField
from backend.site.models import SiteSettings
from tests.factories import browser, program, user_create

pytestmark = pytest.mark.django_db
ANALYSES = "/api/v1/analyses/"


@pytest.fixture
def admin() -> APIClient:
    return browser(user_create(is_superuser=True))


def refused(answer: Any, field: str, code: str | None = None) -> None:
    """400 with a reason for this very field."""
    assert answer.status_code == 400, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert (body["code"], body["status"], list(body["errors"])) == ("invalid", 400, [field])
    assert all(set(reason) == {"code", "detail"} for reason in body["errors"][field])
    assert code is None or [reason["code"] for reason in body["errors"][field]] == [code]


@pytest.mark.parametrize("value", [0, 1.5, True, False, [], {}, ["a"], None])
def test_a_number_is_no_text(value: object) -> None:
    for field in (TextField, EmailField):
        with pytest.raises(Exception, match=r"string|null"):
            field().run_validation(value)


def test_text_stays_as_it_was() -> None:
    assert TextField(max_length=5).run_validation(" ab ") == "ab"
    assert TextField().run_validation("line\nline") == "line\nline"
    assert EmailField().run_validation("a@example.org") == "a@example.org"


@pytest.mark.parametrize("value", ["1", "true", 1, 0, "yes", None, []])
def test_a_word_is_no_truth_value(value: object) -> None:
    with pytest.raises(Exception, match=r"boolean|null"):
        TruthField().run_validation(value)
    assert TruthField().run_validation(False) is False


@pytest.mark.parametrize("value", ["1", True, 1.5, None, []])
def test_digits_are_no_number(value: object) -> None:
    with pytest.raises(Exception, match=r"integer|null"):
        WholeNumberField().run_validation(value)
    assert WholeNumberField().run_validation(7) == WholeNumberField().run_validation(7.0) == 7


@pytest.mark.parametrize("name", [0, True, 1.5])
def test_a_batch_is_not_named_by_a_number(admin: APIClient, name: object) -> None:
    refused(admin.post("/api/v1/batches/", {"name": name}, format="json"), "name", "invalid")


def test_a_null_character_is_one_reason(admin: APIClient) -> None:
    refused(
        admin.post("/api/v1/batches/", {"name": "a\0b"}, format="json"), "name", "null_characters_not_allowed"
    )
    refused(admin.get(f"{ANALYSES}?label=a%00b"), "label", "null_characters_not_allowed")


@pytest.mark.parametrize("path", [ANALYSES, "/api/v1/batches/", "/api/v1/models/", "/api/v1/comparisons/"])
@pytest.mark.parametrize("size", ["", "null", "0", "101", "-1", "1.0", "+5", " 5", "٣", "9" * 5000])
def test_page_size_is_a_number_within_its_bounds(admin: APIClient, path: str, size: str) -> None:
    refused(admin.get(path, {"page_size": size}), "page_size", "invalid")


def test_page_size_is_given_once(admin: APIClient) -> None:
    refused(admin.get(f"{ANALYSES}?page_size=5&page_size=5"), "page_size", "repeated")
    assert admin.get(f"{ANALYSES}?page_size=100").status_code == 200


@pytest.mark.parametrize(
    ("path", "field", "code"),
    [
        (f"{ANALYSES}?version=", "version", "empty"),
        (f"{ANALYSES}?state=", "state", None),
        (f"{ANALYSES}?created_after=", "created_after", "empty"),
        (f"{ANALYSES}?label=a&label=b", "label", "repeated"),
        ("/api/v1/models/?modality=", "modality", "empty"),
        ("/api/v1/models/?state=null", "state", None),
        ("/api/v1/users/?is_active=perhaps", "is_active", "invalid"),
        ("/api/v1/users/?is_active=", "is_active", "empty"),
        ("/api/v1/users/?is_active=1", "is_active", "invalid"),
        ("/api/v1/monitoring/?months=", "months", "invalid"),
        ("/api/v1/monitoring/?months=1&months=2", "months", "repeated"),
        ("/api/v1/monitoring/?truth=", "truth", None),
    ],
)
def test_a_filter_that_can_not_be_understood_is_refused(
    admin: APIClient, path: str, field: str, code: str | None
) -> None:
    refused(admin.get(path), field, code)


@pytest.mark.parametrize(
    "path",
    [
        f"{ANALYSES}?state=queued&state=failed",
        f"{ANALYSES}?label=",
        "/api/v1/users/?is_active=true",
        "/api/v1/users/?is_active=False",
        "/api/v1/monitoring/?months=3",
    ],
)
def test_what_the_schema_allows_is_taken(admin: APIClient, path: str) -> None:
    assert admin.get(path).status_code == 200


def test_settings_take_no_words_for_numbers(admin: APIClient) -> None:
    refused(admin.patch("/api/v1/settings/", {"keep_images": "yes"}, format="json"), "keep_images")
    refused(admin.patch("/api/v1/settings/", {"retention_days": "30"}, format="json"), "retention_days")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer a b", "Basic YTpi", "nonsense", "bearer\t"])
def test_a_malformed_authorization_header_is_401_on_an_open_site(header: str) -> None:
    SiteSettings.objects.update_or_create(defaults={"anonymous_use": True})
    client = APIClient()
    assert client.get("/api/v1/models/").status_code == 200
    answer = client.get("/api/v1/models/", HTTP_AUTHORIZATION=header)
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")
    assert answer["WWW-Authenticate"] == "Bearer"


def test_the_scheme_is_no_matter_of_case() -> None:
    user: User = user_create()
    client = program(user)
    token = client._credentials["HTTP_AUTHORIZATION"].split()[1]
    assert APIClient().get(ANALYSES, HTTP_AUTHORIZATION=f"bearer {token}").status_code == 200


def test_every_operation_with_a_query_says_that_it_may_be_wrong() -> None:
    schema = json.loads((settings.BASE_DIR / "frontend" / "openapi.json").read_text(encoding="utf-8"))
    operations = [one for path in schema["paths"].values() for one in path.values()]
    asked = [one for one in operations if any(each["in"] == "query" for each in one.get("parameters", []))]
    assert asked
    assert [one["operationId"] for one in asked if "400" not in one["responses"]] == []
