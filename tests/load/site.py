"""An installation of one's own to load: PostgreSQL, Redis, gunicorn, beat and a worker, as in production."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.harness.models import random_checkpoint
from scripts.api_client import Api
from tests.integration.processes import wait_until
from tests.integration.services import postgres, redis
from tests.integration.stack import Stack, installed, production_settings
from tests.load.browser import Files

PASSWORD = "of the load test alone"
SIGNED_IN = "loaded"
MAKE_ACCOUNT = f"""
from django.contrib.auth.models import Group
from backend.accounts.models import User
user = User.objects.create_user("{SIGNED_IN}", password="{PASSWORD}")
user.groups.add(Group.objects.get(name="clinician"))
"""
# Decoding, network and maps as a worker does them for one image, in one process with nothing else to do.
ENGINE_ALONE = """
import io, time
from PIL import Image
from backend.inference import engine
from backend.inference.map_files import PNG_COMPRESS_LEVEL
from backend.registry.selectors import active_version
version, content = active_version("2d"), open("{image}", "rb").read()
def answer():
    image = Image.open(io.BytesIO(content)).convert("RGB")
    result = engine.answers(version, [image])[0]
    for name in result.maps:
        levels = engine.map_levels(result, name, image.size)
        if levels is not None:
            Image.fromarray(levels).save(io.BytesIO(), "PNG", compress_level=PNG_COMPRESS_LEVEL)
    return result
while answer().engine.as_json()["name"] != "openvino":
    time.sleep(0.5)
start, count = time.perf_counter(), 0
while (spent := time.perf_counter() - start) < {seconds}:
    answer()
    count += 1
print(count / spent)
"""


@contextmanager
def site(queue_bound: int, web_workers: int, web_threads: int) -> Iterator[Stack]:
    """It runs, and a worker was heard from. No throttle per address: all users come from this one."""
    with (
        tempfile.TemporaryDirectory(prefix="cv4ln-load-") as scratch,
        postgres() as database,
        redis() as broker,
    ):
        folder = Path(scratch)
        settings = {
            **production_settings(database, broker),
            "MAX_QUEUED_IMAGES": str(queue_bound),
            "WEB_WORKERS": str(web_workers),
            "WEB_THREADS": str(web_threads),
            "LOGIN_ATTEMPTS": "100000",
            "LOG_LEVEL": "WARNING",
        }
        with installed(
            folder, settings, {"2d": random_checkpoint(folder / "model.safetensors", "resnet18", 64)}
        ) as stack:
            stack.manage("shell", "--verbosity", "0", "-c", MAKE_ACCOUNT)
            yield stack


def start(stack: Stack, files: Files) -> None:
    """Everything, up to where an image is answered by the engine that the worker settles on."""
    stack.start_web()
    stack.start_worker()
    stack.start_clock()
    wait_until(lambda: _answers_settled(stack, files), seconds=180, what="the worker has settled", every=0.5)


def engine_alone(stack: Stack, image: bytes, seconds: float) -> float:
    """Images a second."""
    sample = stack.folder / "sample.png"
    sample.write_bytes(image)
    program = ENGINE_ALONE.format(image=sample, seconds=seconds)
    return float(stack.manage("shell", "--verbosity", "0", "-c", program).split()[-1])


def _answers_settled(stack: Stack, files: Files) -> bool:
    api = Api(stack.base)
    sent = api.post("/api/v1/analyses/", files=files)
    if sent.status != 202:
        time.sleep(1)
        return False
    answer = api.wait(sent.headers["Location"], seconds=120)
    return bool(answer["predictions"][0]["engine"]["name"] == "openvino")
