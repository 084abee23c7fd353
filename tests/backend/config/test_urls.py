"""The page, the probes, the schema, and addresses that lead nowhere."""

import json
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from rest_framework.test import APIClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def built_page(settings: LazySettings, tmp_path: Path) -> Path:
    dist = tmp_path / "dist"
    (dist / "assets").mkdir(parents=True)
    (dist / "index.html").write_text("<!doctype html><title>page</title>")
    (dist / "assets" / "index-Ab3_xY9z.js").write_text("1")
    settings.FRONTEND_DIST = settings.WHITENOISE_ROOT = dist
    return dist


@pytest.mark.parametrize("path", ["/", "/analyses", "/analyses/3f", "/about", "/sign-in"])
def test_every_address_of_the_page_gets_the_page(built_page: Path, path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code == 200
    assert b"<title>page</title>" in b"".join(answer.streaming_content)
    assert answer["Cache-Control"] == "no-cache"


def test_hashed_assets_are_kept_for_ever_and_carry_the_policy(built_page: Path) -> None:
    answer = Client().get("/assets/index-Ab3_xY9z.js")
    assert answer.status_code == 200
    assert "immutable" in answer["Cache-Control"]
    assert "script-src 'self'" in answer["Content-Security-Policy"]


def test_an_old_asset_is_not_found_instead_of_the_page(built_page: Path) -> None:
    assert Client().get("/assets/index-00000000.js").status_code == 404


def test_a_missing_page_says_how_to_build_it(settings: LazySettings, tmp_path: Path) -> None:
    settings.FRONTEND_DIST = tmp_path / "nowhere"
    answer = Client().get("/")
    assert answer.status_code == 503
    assert b"has not been built yet" in answer.content


def test_no_inline_script_is_allowed(built_page: Path) -> None:
    policy = Client().get("/")["Content-Security-Policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives["script-src"] == "'self'"
    assert directives["frame-ancestors"] == "'none'"
    assert directives["object-src"] == "'none'"


def test_the_api_documentation_needs_no_inline_script() -> None:
    html = Client().get("/api/docs/").content.decode()
    assert "swagger" in html
    assert "<script>" not in html
    assert "http://" not in html.replace("http://testserver", "").replace("http://www.w3.org", "")
    assert "https://" not in html


def test_unknown_api_addresses_are_problems(api: APIClient) -> None:
    for path in ("/api/", "/api/v1/nope/", "/api/v1/models/not-a-uuid/"):
        answer = api.get(path)
        assert answer.status_code == 404
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["code"] == "not_found"


def test_a_method_that_is_not_offered_is_a_problem(api: APIClient) -> None:
    answer = api.get("/api/v1/auth/login/")
    assert answer.status_code == 405
    assert answer.json()["code"] == "method_not_allowed"
    assert "POST" in answer["Allow"]


def test_the_schema_is_complete_and_every_error_is_a_problem(api: APIClient) -> None:
    schema = json.loads(api.get("/api/schema/").content)
    assert "/api/v1/auth/session/" in schema["paths"]
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            errors = {code: body for code, body in operation["responses"].items() if code >= "400"}
            assert "401" in errors, (path, method)
            for code, body in errors.items():
                assert list(body["content"]) == ["application/problem+json"], (path, method, code)
