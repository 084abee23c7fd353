"""Log lines for programs, and the request's id in messages."""

import json
import logging
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from backend.core.log_lines import JsonFormatter
from backend.core.request_id import current_request_id, set_request_id
from backend.core.task_request_id import let_go, send_along, take_over


def test_a_line_is_one_json_object_without_what_libraries_hang_onto_it() -> None:
    record = logging.LogRecord("a.b", logging.WARNING, "x", 1, "two\nlines of %s", ("text",), None)
    record.request_id = "abcdefgh"
    record.request = "Authorization: Bearer cvln_secret"
    written = JsonFormatter().format(record)
    assert "\n" not in written
    assert "cvln_" not in written
    line = json.loads(written)
    assert (line["level"], line["logger"], line["request_id"]) == ("WARNING", "a.b", "abcdefgh")
    assert line["message"] == "two\nlines of text"


def test_a_traceback_stays_in_its_line() -> None:
    try:
        raise ValueError("why")
    except ValueError:
        record = logging.LogRecord("a", logging.ERROR, "x", 1, "failed", None, sys.exc_info())
    written = JsonFormatter().format(record)
    assert "\n" not in written
    assert json.loads(written)["traceback"].endswith("ValueError: why")


def test_a_message_carries_the_request_and_the_worker_names_it() -> None:
    headers: dict[str, Any] = {}
    set_request_id("request-of-7")
    send_along(headers=headers)
    set_request_id("-")
    take_over(task=SimpleNamespace(request=SimpleNamespace(**headers)))
    assert current_request_id() == "request-of-7"
    let_go()
    assert current_request_id() == "-"


@pytest.mark.parametrize("sent", [None, "x", "line\nbreak of a stranger"])
def test_a_task_without_a_good_id_gets_its_own(sent: str | None) -> None:
    take_over(task=SimpleNamespace(request=SimpleNamespace(request_id=sent)))
    assert len(current_request_id()) == 32
    let_go()


def test_beat_sends_none() -> None:
    headers: dict[str, Any] = {}
    set_request_id("-")
    send_along(headers=headers)
    assert headers == {}
