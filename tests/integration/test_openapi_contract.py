"""The live server against its own OpenAPI schema: it answers anything as the schema says, and never 5xx."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.integration.stack import REPOSITORY, Stack, embedded_settings, installed
from tests.pictures import png
from tests.tiny_models import tiny_checkpoint

pytestmark = [pytest.mark.integration, pytest.mark.timeout(3600)]
PROGRAM = Path(sys.executable).with_name("schemathesis")
CONFIG = Path(__file__).with_name("contract") / "schemathesis.toml"
UNTHROTTLED = {"LOGIN_ATTEMPTS": "1000000", "PREVIEWS_PER_MINUTE": "1000000", "MAX_QUEUED_IMAGES": "1000000"}
PASSWORD = "several quiet ferns"
MAKE_SITE_ADMIN = f"""
from backend.accounts.models import User
User.objects.create_user("chief", password="{PASSWORD}", is_superuser=True)
"""
CLOSED_AND_TOKEN = """
from backend.accounts.models import User
from backend.accounts.scopes import Scope
from backend.accounts.services import api_token_create
from backend.site.models import SiteSettings
SiteSettings.objects.update_or_create(defaults={"anonymous_use": False})
print(api_token_create(user=User.objects.get(username="chief"), scopes=list(Scope))[1])
"""
WORK_OFF = """
from backend.inference import pipeline
from backend.inference.models import Prediction
for pk in list(Prediction.objects.filter(state="queued").values_list("pk", flat=True)):
    pipeline.work(str(pk))
"""
ENDS_ITS_SESSION = ("session_logout", "password_change")
SHORT = ["--phases", "examples,fuzzing", "--max-examples", "3"]
LONG = ["--phases", "examples,coverage,fuzzing,stateful", "--max-examples", "40"]
EFFORTS = [pytest.param(SHORT, id="short"), pytest.param(LONG, id="long", marks=pytest.mark.long)]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A server without throttles and with a site admin; nobody works off its queue."""
    checkpoint = tiny_checkpoint(tmp_path_factory.mktemp("checkpoint"), "2d")
    folder = tmp_path_factory.mktemp("contract")
    with installed(folder, {**embedded_settings(), **UNTHROTTLED}, {"2d": checkpoint}) as stack:
        stack.manage("shell", "--verbosity", "0", "-c", MAKE_SITE_ADMIN)
        stack.web = stack.start_web()
        yield stack


@pytest.mark.parametrize("effort", EFFORTS)
def test_nobody_signed_in(stack: Stack, effort: list[str]) -> None:
    """The site is open: that nothing needs an account here is no failure."""
    hold_against_schema(stack, visitor(stack), [*effort, "--exclude-checks", "ignored_auth"])


@pytest.mark.parametrize("effort", EFFORTS)
def test_a_site_admins_browser(stack: Stack, effort: list[str]) -> None:
    headers = visitor(stack)
    form = {"username": "chief", "password": PASSWORD}
    answer = requests.post(f"{stack.base}/api/v1/auth/login/", json=form, headers=headers, timeout=30)
    assert answer.status_code == 200, answer.text
    signed_in = headers_of(answer)
    apart = [part for name in ENDS_ITS_SESSION for part in ("--exclude-operation-id", name)]
    hold_against_schema(stack, signed_in, [*effort, *apart, "--exclude-checks", "ignored_auth"])
    still = requests.get(f"{stack.base}/api/v1/auth/session/", headers=signed_in, timeout=30).json()
    assert still["user"]["username"] == "chief", "the run lost its session: what came after it proves little"


@pytest.mark.parametrize("effort", EFFORTS)
def test_a_token_on_a_closed_site(stack: Stack, effort: list[str]) -> None:
    """Closed, so that an address that forgets to ask for the token is found."""
    token = stack.manage("shell", "--verbosity", "0", "-c", CLOSED_AND_TOKEN).split()[-1]
    hold_against_schema(stack, {"Authorization": f"Bearer {token}"}, effort)


def visitor(stack: Stack) -> dict[str, str]:
    """The headers of a browser that has opened the page."""
    return headers_of(requests.get(f"{stack.base}/api/v1/auth/session/", timeout=30))


def headers_of(answer: requests.Response) -> dict[str, str]:
    """Cookies and CSRF token, as the page sends them from now on."""
    cookies = "; ".join(f"{name}={value}" for name, value in answer.cookies.items())
    return {"Cookie": cookies, "X-CSRFToken": answer.json()["csrf_token"]}


def ids_of_own_work(stack: Stack, headers: dict[str, str]) -> dict[str, str]:
    """An answered analysis of this actor, its prediction, and the version that answered."""
    analyses = f"{stack.base}/api/v1/analyses/"
    sent = requests.post(analyses, files={"image_2d": png(1)}, headers=headers, timeout=30)
    assert sent.status_code == 202, sent.text
    stack.manage("shell", "--verbosity", "0", "-c", WORK_OFF)
    headers["Cookie"] = "; ".join(
        filter(None, [headers.get("Cookie"), *(f"{name}={value}" for name, value in sent.cookies.items())])
    )
    answered = requests.get(f"{analyses}{sent.json()['id']}/", headers=headers, timeout=30).json()
    assert answered["state"] == "succeeded", answered
    (prediction,) = answered["predictions"]
    return {
        "/api/v1/analyses/": answered["id"],
        "/api/v1/predictions/": prediction["id"],
        "/api/v1/models/": prediction["model_version"]["id"],
    }


def hold_against_schema(stack: Stack, headers: dict[str, str], effort: list[str]) -> None:
    """Every operation of the schema, all checks; the report of a failed run is the test's message."""
    ids = ids_of_own_work(stack, headers)
    given = [part for name, value in headers.items() if value for part in ("-H", f"{name}: {value}")]
    command = [str(PROGRAM), "--config-file", str(CONFIG), "run", f"{stack.base}/api/schema/", *given]
    done = subprocess.run(
        [*command, *effort, "--checks", "all", "--no-color"],
        cwd=REPOSITORY,
        env={**stack.env, "PYTHONPATH": str(REPOSITORY), "COLUMNS": "160", "CONTRACT_IDS": json.dumps(ids)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-3000:]
    assert stack.web.is_alive()
