"""Makes what tests need: accounts, signed-in clients, checkpoints, model versions."""

import hashlib
import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
from django.contrib.auth.models import Group
from rest_framework.test import APIClient
from safetensors.numpy import save_file

from backend.accounts.models import User
from backend.accounts.services import api_token_create
from backend.registry.choices import EventAction
from backend.registry.findings import BLOCKING, MEASURED, Finding
from backend.registry.history import version_event_record
from backend.registry.imports import check_record
from backend.registry.intake import checked_copy
from backend.registry.models import ModelVersion
from backend.registry.services import model_version_activate, version_stored
from ml.manifest import MANIFEST_KEY, Manifest
from ml.taxonomy import Modality

PASSWORD = "correct horse battery"
_numbers = itertools.count(1)


def user_create(**fields: Any) -> User:
    """An account with PASSWORD; `role="auditor"`, `is_superuser=True` and the like as keywords."""
    fields.setdefault("username", f"user{next(_numbers)}")
    role = fields.pop("role", None)
    user = User.objects.create_user(password=PASSWORD, **fields)
    if role is not None:
        user.groups.add(Group.objects.get(name=role))
    return user


def csrf_token(client: APIClient) -> str:
    """The token that the session endpoint gives."""
    return str(client.get("/api/v1/auth/session/").json()["csrf_token"])


def browser(user: User | None = None) -> APIClient:
    """A client that sends the CSRF token as the page does; signed in when a user is given."""
    client = APIClient(enforce_csrf_checks=True)
    client.credentials(HTTP_X_CSRFTOKEN=csrf_token(client))
    if user is not None:
        form = {"username": user.username, "password": PASSWORD}
        answer = client.post("/api/v1/auth/login/", form)
        assert answer.status_code == 200, answer.content
        client.credentials(HTTP_X_CSRFTOKEN=answer.json()["csrf_token"])
    return client


def program(user: User, **token: Any) -> APIClient:
    """A client with an API token of the user and no cookie; keywords as for `api_token_create`."""
    client = APIClient(enforce_csrf_checks=True)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {api_token_create(user=user, **token)[1]}")
    return client


def manifest_make(**changes: Any) -> Manifest:
    """A complete manifest of a synthetic ResNet18."""
    fields: dict[str, Any] = {
        "name": f"version {next(_numbers)}",
        "architecture": "resnet18",
        "modality": Modality.B_MODE,
        "input_size": 64,
        "seed": 0,
        "config": {"epochs": 1},
        "dataset_fingerprint": "none",
        "split_protocol": "none: random weights",
        "metrics": {"auc": {"macro": 0.5}},
        "training_commit": "unknown",
        "licence": "Apache-2.0",
        "intended_use": "Tests of the software.",
        "limits": ["SYNTHETIC", "Random weights."],
        "synthetic": True,
        "created_at": "2026-01-01T00:00:00+00:00",
    }
    return Manifest(**{**fields, **changes})


def checkpoint_write(folder: Path, *, seed: int | None = None, **changes: Any) -> Path:
    """A .safetensors file with a true manifest over a few random numbers: not a network, but well-formed.

    Keywords change manifest fields; `tensor_sha256` may be given to write a false one.
    """
    weights = np.random.default_rng(next(_numbers) if seed is None else seed).normal(size=(4, 3))
    tensors = {"tail.weight": weights.astype(np.float32), "features.weight": -weights.astype(np.float32)}
    manifest = manifest_make(**{"tensor_sha256": _sha256(tensors), **changes})
    path = folder / f"checkpoint-{next(_numbers)}.safetensors"
    folder.mkdir(parents=True, exist_ok=True)
    save_file(tensors, path, metadata={MANIFEST_KEY: _unchecked_json(manifest)})
    return path


def _sha256(tensors: dict[str, np.ndarray]) -> str:
    data = (np.ascontiguousarray(tensors[name]).tobytes() for name in sorted(tensors))
    return hashlib.sha256(b"".join(data)).hexdigest()


def _unchecked_json(manifest: Manifest) -> str:
    """Manifest.to_json refuses what is wrong; tests need wrong ones too."""
    return json.dumps(vars(manifest))


def model_version_create(folder: Path, *, activate: bool = False, **changes: Any) -> ModelVersion:
    """A version (see `checkpoint_write`) whose check is written down as passed without having been made."""
    return version_of(checkpoint_write(folder, **changes), activate=activate)


def version_of(path: Path, *, activate: bool = False) -> ModelVersion:
    """The checkpoint at `path` as a version that counts as checked: in tests about what comes afterwards."""
    with checked_copy(path) as checked, version_stored(checked, name="", actor=None, notes="test") as version:
        version_event_record(action=EventAction.UPLOADED, version=version, actor=None, reason="test")
        check_record(version, [Finding(code, True, f"{code} is fine.") for code in BLOCKING + MEASURED], None)
        if activate:
            model_version_activate(version=version, actor=None, reason="imported")
    return version
