"""The request id."""

import logging

import pytest
from django.test import Client

from backend.core.request_id import ProbeFilter, RequestIdFilter, set_request_id


@pytest.mark.parametrize("offered", ["0123abcd", "from-proxy.7_Z", "a" * 64])
def test_a_harmless_id_is_kept(offered: str) -> None:
    assert Client().get("/healthz", headers={"X-Request-ID": offered})["X-Request-ID"] == offered


@pytest.mark.parametrize("offered", ["", "short", "a" * 65, "line\nbreak!", "<script>alert(1)"])
def test_any_other_is_replaced(offered: str) -> None:
    given = Client().get("/healthz", headers={"X-Request-ID": offered})["X-Request-ID"]
    assert given != offered
    assert len(given) == 32


def test_each_request_has_its_own() -> None:
    client = Client()
    assert client.get("/healthz")["X-Request-ID"] != client.get("/healthz")["X-Request-ID"]


def test_log_lines_carry_it() -> None:
    set_request_id("abcdefgh")
    record = logging.LogRecord("x", logging.INFO, "x", 1, "x", None, None)
    assert RequestIdFilter().filter(record)
    assert record.request_id == "abcdefgh"  # type: ignore[attr-defined]
    assert ProbeFilter().filter(record)
