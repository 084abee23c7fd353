"""The load program at a small size: it runs, and what it counts adds up."""

import pytest

from tests.load.report import table
from tests.load.run import load_own, parse_arguments

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]


def test_twenty_users_for_twenty_seconds() -> None:
    """All that was accepted is answered; a queue of three is full at times, and says when to come again."""
    words = "--users=20 --seconds=20 --think=1 --queue=3 --alone=3"
    report = load_own(parse_arguments(words.split()))
    assert report["errors"] == 0, report["first_errors"]
    assert report["unanswered"] == 0
    assert report["answered"] == {"succeeded": report["accepted"]}
    assert report["accepted"] > 20
    assert set(report["refused"]) == {"503 queue_full"}
    assert f"{report['accepted']} succeeded" in table(report)
