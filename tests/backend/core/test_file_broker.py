"""The file broker under several processes at once."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from kombu import Connection, Queue

from backend.core.file_broker import use_safe_file_broker

PUBLISHER = """
import sys
from kombu import Connection, Producer, Queue
from backend.core.file_broker import use_safe_file_broker
use_safe_file_broker()
folder, first, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
options = {"data_folder_in": folder, "data_folder_out": folder, "control_folder": folder}
queue = Queue("work")
with Connection("filesystem://", transport_options=options) as connection:
    producer = Producer(connection)
    for number in range(first, first + count):
        producer.publish({"number": number}, routing_key="work", declare=[queue])
"""


@pytest.fixture
def broker(tmp_path: Path) -> Connection:
    use_safe_file_broker()
    folder = str(tmp_path)
    options = {"data_folder_in": folder, "data_folder_out": folder, "control_folder": folder}
    return Connection("filesystem://", transport_options=options)


def publish_from_another_process(folder: Path, first: int, count: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", PUBLISHER, str(folder), str(first), str(count)])


def test_messages_arrive_once_and_whole_while_they_are_written(tmp_path: Path, broker: Connection) -> None:
    """Two writers and a reader at full speed; kombu's own transport mixes up the order here."""
    publishers = [publish_from_another_process(tmp_path, first, 300) for first in (0, 1000)]
    numbers: list[int] = []
    deadline = time.monotonic() + 60
    with broker.channel() as channel:
        queue = Queue("work", channel=channel)
        queue.declare()
        while len(numbers) < 600 and time.monotonic() < deadline:
            message = queue.get()
            if message is not None:
                message.ack()
                numbers.append(message.payload["number"])
    assert [publisher.wait() for publisher in publishers] == [0, 0]
    assert sorted(numbers) == [*range(300), *range(1000, 1300)]
    assert [n for n in numbers if n < 1000] == list(range(300))  # the oldest first
    assert not list(tmp_path.iterdir())


def test_queues_are_apart(tmp_path: Path, broker: Connection) -> None:
    publish_from_another_process(tmp_path, 0, 2).wait()
    with broker.channel() as channel:
        assert channel._size("work") == 2
        assert channel._size("other.work") == 0
        other = Queue("other", channel=channel)
        other.declare()
        assert other.get() is None
        assert channel._purge("work") == 2
    assert not list(tmp_path.iterdir())
