"""Every error has one shape, whatever raised it."""

import pytest
from django.conf import LazySettings
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404
from django.test import Client, override_settings
from django.urls import include, path
from redis.exceptions import ConnectionError as RedisConnectionError
from rest_framework import serializers
from rest_framework.exceptions import Throttled
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.config.urls import handler400, handler404, handler500  # noqa: F401 (Django looks for them here)
from backend.core.problems import Conflict, Unprocessable
from backend.core.stored import StoreError
from tests.factories import browser

pytestmark = pytest.mark.django_db


class InnerInput(serializers.Serializer):
    number = serializers.IntegerField()


class OuterInput(serializers.Serializer):
    name = serializers.CharField()
    inner = InnerInput(many=True)


RAISED = {
    "missing": Http404(),
    "forbidden": PermissionDenied(),
    "conflict": Conflict("Still running.", code="still_running", headers={"Retry-After": "2"}),
    "fields": Unprocessable(errors={"image_2d": [{"code": "unreadable", "detail": "Not an image."}]}),
    "throttled": Throttled(wait=1.2),
    "suspicious": SuspiciousOperation("secret words"),
    "broken": RuntimeError("secret words"),
    "database": OperationalError("secret words"),
    "redis": RedisConnectionError("secret words"),
    "store": StoreError("secret words"),
}


class Raising(APIView):
    permission_classes = (AllowAny,)

    def get(self, request: Request, name: str) -> Response:
        raise RAISED[name]

    def post(self, request: Request, name: str) -> Response:
        OuterInput(data=request.data).is_valid(raise_exception=True)
        return Response({})


urlpatterns = [
    path("api/test/<str:name>", Raising.as_view()),
    path("", include("backend.config.urls")),
]


@pytest.fixture(autouse=True)
def _routes(settings: LazySettings) -> None:
    settings.ROOT_URLCONF = __name__


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("missing", 404, "not_found"),
        ("forbidden", 403, "permission_denied"),
        ("conflict", 409, "still_running"),
        ("fields", 422, "unprocessable"),
        ("throttled", 429, "throttled"),
        ("suspicious", 400, "malformed"),
        ("broken", 500, "internal_error"),
        ("database", 503, "unavailable"),
        ("redis", 503, "unavailable"),
        ("store", 503, "storage_error"),
    ],
)
def test_whatever_is_raised_becomes_a_problem(name: str, status: int, code: str) -> None:
    answer = Client(raise_request_exception=False).get(f"/api/test/{name}")
    problem = answer.json()
    assert answer.status_code == problem["status"] == status
    assert answer["Content-Type"] == "application/problem+json"
    assert problem["code"] == code
    assert {"type", "title", "detail"} <= set(problem)
    assert "secret words" not in answer.content.decode()


def test_headers_and_field_reasons_arrive() -> None:
    client = Client()
    assert client.get("/api/test/conflict")["Retry-After"] == "2"
    assert client.get("/api/test/throttled")["Retry-After"] == "2"  # rounded up
    patient = Client(raise_request_exception=False)
    assert patient.get("/api/test/database")["Retry-After"] == "5"
    reasons = client.get("/api/test/fields").json()["errors"]
    assert reasons == {"image_2d": [{"code": "unreadable", "detail": "Not an image."}]}


def test_validation_errors_are_flat_by_field() -> None:
    answer = browser().post("/api/test/x", {"inner": [{"number": "one"}]}, format="json")
    assert answer.status_code == 400
    problem = answer.json()
    assert problem["code"] == "invalid"
    assert problem["errors"]["name"] == [{"code": "required", "detail": "This field is required."}]
    assert [reason["code"] for reason in problem["errors"]["inner.0.number"]] == ["invalid"]


def test_malformed_json_is_a_parse_error() -> None:
    answer = browser().post("/api/test/x", b"{", content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")


def test_another_media_type_is_unsupported() -> None:
    answer = browser().post("/api/test/x", b"<a/>", content_type="application/xml")
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


def test_a_long_body_is_refused_by_its_announced_length() -> None:
    with override_settings(MAX_BODY_BYTES=100):
        answer = browser().post("/api/test/x", b"x" * 101, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def test_large_form_fields_are_413(settings: LazySettings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    answer = browser().post(
        "/api/test/x", b'{"name": "' + b"x" * 200 + b'"}', content_type="application/json"
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def test_a_foreign_host_name_is_a_problem() -> None:
    answer = Client(headers={"host": "evil.example"}).get("/api/v1/auth/session/")
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


def test_any_accept_header_is_answered() -> None:
    answer = Client(headers={"accept": "image/png"}).get("/api/v1/auth/session/")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
