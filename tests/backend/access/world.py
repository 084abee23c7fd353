"""The people of the matrix, what each of them has made, and a way to ask as one of them."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import transaction
from django.http.response import HttpResponseBase
from django.utils import timezone
from rest_framework.test import APIClient

from backend.accounts.models import ApiToken, User
from backend.accounts.ownership import Owner
from backend.accounts.scopes import Scope
from backend.accounts.services import api_token_create
from backend.accounts.users import link_tokens
from backend.audit.models import AuditEvent
from backend.batches.services import batch_create, case_add
from backend.comparisons import pipeline
from backend.comparisons.models import Comparison, ComparisonCase
from backend.comparisons.services import comparison_request
from backend.core.models import WorkerHeartbeat
from backend.inference.models import Analysis, Prediction
from backend.inference.shares import share_create
from backend.registry.models import ModelVersion, VersionCheck, VersionEvent
from backend.site.models import SiteSettings
from tests.backend.inference.conftest import post, work_off
from tests.factories import browser, csrf_token, user_create
from tests.pictures import png, upload

PEOPLE = ("nobody", "visitor", "owner", "stranger", "model_admin", "auditor", "site_admin")
TOKENS = ("analyses:read", "analyses:write", "models:read", "models:write", "site_admin:all")
ACTORS = (*PEOPLE, *TOKENS)
FIELDS: dict[str, dict[str, Any]] = {
    "owner": {},
    "stranger": {"role": "clinician"},
    "model_admin": {"role": "model_admin"},
    "auditor": {"role": "auditor"},
    "site_admin": {"is_superuser": True},
}


@dataclass
class World:
    """Ids by name, and how each actor presents itself."""

    ids: dict[str, str]
    checkpoint: Path
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)
    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)

    def client(self, actor: str) -> APIClient:
        """A fresh client of this actor: a browser with cookie and CSRF token, or a program with a token."""
        client = APIClient(enforce_csrf_checks=True)
        for name, value in self.cookies.get(actor, {}).items():
            client.cookies[name] = value
        client.credentials(**self.headers[actor])
        return client

    def ask(self, actor: str, method: str, path: str, body: Any, kind: str) -> HttpResponseBase:
        """The answer; whatever the request wrote is undone."""
        cache.clear()
        client = self.client(actor)
        with transaction.atomic():
            answer: HttpResponseBase = getattr(client, method.lower())(path, body, format=kind)
            b"".join(answer) if answer.streaming else answer.content  # type: ignore[arg-type]
            transaction.set_rollback(True)
        return answer


def world_make(candidate: ModelVersion, checkpoint: Path) -> World:
    """Everybody signed in; the owner's and a visitor's work answered; a comparison finished, one waiting."""
    world = World(ids={}, checkpoint=checkpoint)
    clients = {"nobody": browser(), "visitor": browser()}
    for actor, fields in FIELDS.items():
        world.users[actor] = user_create(**fields)
        clients[actor] = browser(world.users[actor])
    _work(world, clients)
    _share(world)
    _comparisons(world, candidate)  # waits while something is queued
    queued = post(clients["owner"], {"image_2d": upload(png(2))})
    world.ids["queued_analysis"] = queued.json()["id"]
    Analysis.objects.filter(pk=queued.json()["id"]).update(first_read="awaited")
    SiteSettings.objects.create(first_read="choice")
    _rows(world, candidate)
    for actor, client in clients.items():
        world.headers[actor] = {"HTTP_X_CSRFTOKEN": csrf_token(client)}
        world.cookies[actor] = {name: morsel.value for name, morsel in client.cookies.items()}
    _tokens(world)
    return world


def _work(world: World, clients: dict[str, APIClient]) -> None:
    for actor in ("owner", "visitor"):
        made = post(clients[actor], {"image_2d": upload(png(1)), "case_label": actor})
        world.ids[f"analysis_of_{actor}"] = made.json()["id"]
    work_off()
    batch = batch_create(owner=Owner(user=world.users["owner"]), name="screening")
    case_add(batch=batch, analysis=Analysis.objects.get(pk=world.ids["analysis_of_owner"]))
    world.ids["batch"] = str(batch.pk)
    for actor in ("owner", "visitor"):
        prediction = Prediction.objects.get(analysis_id=world.ids[f"analysis_of_{actor}"])
        world.ids[f"prediction_of_{actor}"] = str(prediction.pk)
        maps = prediction.maps or {}
        world.ids["class_name"] = next(name for name, key in maps.items() if key is not None)


def _share(world: World) -> None:
    """Opened by nobody yet, so that the stranger stays one."""
    shared = Analysis.objects.get(pk=world.ids["analysis_of_owner"])
    share, token = share_create(analysis=shared, user=world.users["owner"], days=1)
    world.ids |= {"share": str(share.pk), "share_token": token}


def _comparisons(world: World, candidate: ModelVersion) -> None:
    request: dict[str, Any] = {"candidate": candidate, "last": 10, "actor": world.users["model_admin"]}
    finished = comparison_request(**request, reason="finished")
    pipeline.work()
    finished.refresh_from_db()
    assert finished.state == "finished", finished.state
    case = ComparisonCase.objects.filter(comparison=finished).first()
    assert case is not None
    world.ids |= {
        "comparison": str(finished.pk),
        "comparison_case": str(case.pk),
        "waiting_comparison": str(comparison_request(**request, reason="waiting").pk),
    }


def _rows(world: World, candidate: ModelVersion) -> None:
    WorkerHeartbeat.objects.create(worker="celery@gone")
    # A worker just heard from would make the site ready, for half a minute.
    WorkerHeartbeat.objects.update(last_seen_at=timezone.now() - timedelta(days=1))
    active = ModelVersion.objects.get(state="active", modality="2d")
    token = api_token_create(user=world.users["owner"])[0]
    guest = world.users["stranger"]
    guest.refresh_from_db()
    world.ids |= {
        "active_version": str(active.pk),
        "candidate": str(candidate.pk),
        "token": str(token.pk),
        "user": str(guest.pk),
        "link_token": link_tokens.make_token(guest),
        "content_type": str(ContentType.objects.get_for_model(User).pk),
        "admin:core/workerheartbeat": "celery@gone",
        "admin:accounts/user": str(guest.pk),
        "admin:accounts/apitoken": str(token.pk),
        "admin:audit/auditevent": str(AuditEvent.objects.latest("pk").pk),
        "admin:registry/modelversion": str(candidate.pk),
        "admin:registry/versioncheck": str(VersionCheck.objects.filter(version=candidate).latest("pk").pk),
        "admin:registry/versionevent": str(VersionEvent.objects.filter(version=candidate).latest("pk").pk),
        "admin:studies/case": str(Analysis.objects.latest("pk").case_id),
        "admin:inference/analysis": str(Analysis.objects.latest("pk").pk),
        "admin:inference/prediction": world.ids["prediction_of_owner"],
        "admin:comparisons/comparison": world.ids["comparison"],
    }
    assert Comparison.objects.count() == 2


def _tokens(world: World) -> None:
    """Analyses scopes for the owner, models scopes for the model admin, everything for the site admin."""
    for actor in TOKENS:
        holder = "owner" if actor.startswith("analyses") else "model_admin"
        scopes = [actor]
        if actor == "site_admin:all":
            holder, scopes = "site_admin", list(Scope.values)
        secret = api_token_create(user=world.users[holder], scopes=[Scope(scope) for scope in scopes])[1]
        world.headers[actor] = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
    assert ApiToken.objects.count() == len(TOKENS) + 1
