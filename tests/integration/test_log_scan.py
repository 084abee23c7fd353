"""No secret and nothing of a patient in any log, whatever went right or wrong with marked values."""

import base64
from pathlib import Path

import numpy as np
import pytest

from scripts.api_client import Api
from tests.dicom_files import dicom
from tests.integration.conftest import started
from tests.integration.processes import wait_until
from tests.integration.stack import Stack, embedded_settings, installed
from tests.pictures import png

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]
V1 = "/api/v1"
LABEL, BATCH, NAME, NOTE = "label-mzq71", "batch-mzq72", "patient-mzq73", "note-mzq74"
PASSWORD, WRONG = "password-mzq75-long", "wrong-mzq76"
MAKE_ACCOUNT = f"""
from backend.accounts.models import User
User.objects.create_user("scanned", password="{PASSWORD}")
"""


@pytest.fixture
def talkative() -> dict[str, str]:
    """As it is installed, with every line that the product can write."""
    return {**embedded_settings(), "LOG_LEVEL": "DEBUG"}


def test_no_marked_value_is_in_any_log(
    talkative: dict[str, str], checkpoints: dict[str, Path], tmp_path: Path
) -> None:
    with installed(tmp_path, talkative, {"2d": checkpoints["2d"]}) as stack:
        started(stack)
        stack.manage("shell", "--verbosity", "0", "-c", MAKE_ACCOUNT)
        token, share = everything_done(stack)
        image = png(1)
        stack.stop()
        said = "".join(path.read_text(errors="replace") for path in tmp_path.glob("*.log"))
    assert said.count("\n") > 30, "the logs say nothing: the scan proves nothing"
    marked = {
        "label": LABEL, "batch": BATCH, "file name": NAME, "note": NOTE, "password": PASSWORD, "wrong": WRONG,
        "token": token, "share": share, "image": base64.b64encode(image[40:70]).decode(),
        "image as Python writes it": repr(image[40:60])[2:-1],
    }  # fmt: skip
    found = [(what, line) for what, value in marked.items() for line in said.splitlines() if value in line]
    assert found == []


def everything_done(stack: Stack) -> tuple[str, str]:
    """Right and wrong requests that carry the marks; the token and the link's secret that were made."""
    assert Api(stack.base).sign_in("scanned", WRONG).status == 401
    api = Api(stack.base)
    wait_until(lambda: api.sign_in("scanned", PASSWORD).status == 200, seconds=30, what="one may sign in")
    scopes = ["analyses:read", "analyses:write"]
    made = api.post_json(f"{V1}/tokens/", {"name": "t", "scopes": scopes, "expires_in_days": 1})
    token = str(made.json()["token"])
    program = Api(stack.base, token=token)
    analysis = answered(program)
    program.get(f"{V1}/analyses/?label={LABEL}&token={token}")
    for content in (b"no image " + NAME.encode(), dicom_of_a_patient()):
        program.post(f"{V1}/analyses/", {"case_label": LABEL}, {"image_2d": (f"{NAME}.png", content)})
    pathology = {"class": "benign", "reported_on": "2026-01-02", "note": NOTE}
    assert program.post_json(f"{V1}/analyses/{analysis}/pathology/", pathology).status == 201
    assert program.post_json(f"{V1}/batches/", {"name": BATCH}).status == 201
    link = program.post_json(f"{V1}/analyses/{analysis}/share/", {"days": 1}).json()
    secret = str(link["token"])
    api.post_json(f"{V1}/shared/", {"token": secret})
    api.post_json(f"{V1}/shared/", {"token": f"{secret}x"})
    Api(stack.base, token=f"{token}x").get(f"{V1}/analyses/")
    return token, secret


def answered(program: Api) -> str:
    """The id of an analysis that a worker has run."""
    files = {"image_2d": (f"{NAME}.png", png(1))}
    sent = program.post(f"{V1}/analyses/", {"case_label": LABEL}, files)
    assert sent.status == 202, sent.body
    assert program.wait(sent.headers["Location"])["state"] == "succeeded"
    return str(sent.json()["id"])


def dicom_of_a_patient() -> bytes:
    """A file that can't be read, with a name in it."""
    return dicom(np.zeros((64, 64), np.uint8), PatientName=NAME)[:-200]
