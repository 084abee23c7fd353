"""An S3-compatible object store in a process of its own: moto's server, which keeps objects in memory."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

from tests.integration.processes import Running, free_port, port_answers, wait_until

BUCKET = "cv4ln"
REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Bucket:
    """An empty bucket, and the settings by which the product finds it."""

    client: Any
    settings: dict[str, str]
    server: Running
    port: int

    def keys(self) -> set[str]:
        """The names of all objects."""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
        return {found["Key"] for page in pages for found in page.get("Contents", [])}


@contextmanager
def bucket(folder: Path, fault: Path | None = None) -> Iterator[Bucket]:
    """A bucket while the block runs; `fault`: a file that may name how the store fails (failing_store)."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    program = ["-m", "moto.server", "--host", "127.0.0.1"]
    if fault is not None:
        program = ["-m", "tests.integration.failing_store", "--fault", str(fault)]
    command, log = [sys.executable, *program, "--port", str(port)], folder / "object-store.log"
    server = Running("object store", command, log=log, env=os.environ, cwd=REPOSITORY)
    try:
        wait_until(lambda: port_answers(port), seconds=60, what="the object store answers")
        keys = {"aws_access_key_id": "key-of-a-test", "aws_secret_access_key": "secret-of-a-test"}
        client = boto3.client("s3", endpoint_url=address, region_name="us-east-1", **keys)
        client.create_bucket(Bucket=BUCKET)
        yield Bucket(
            client,
            {
                "STORAGE": "s3",
                "S3_BUCKET": BUCKET,
                "S3_ENDPOINT_URL": address,
                "S3_REGION": "us-east-1",
                "S3_ACCESS_KEY": keys["aws_access_key_id"],
                "S3_SECRET_KEY": keys["aws_secret_access_key"],
            },
            server,
            port,
        )
    finally:
        server.stop()
