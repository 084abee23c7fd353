"""What each actor gets at each address. A column an actor, in the order of `world.ACTORS`."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.backend.access.world import ACTORS, World
from tests.factories import PASSWORD
from tests.pictures import png, upload

V1 = "api/v1/"
REASON = {"reason": "why not"}
NEW_PASSWORD = "several quiet ferns"


@dataclass(frozen=True)
class Cell:
    """One request and what it must be answered with: a status, or `login` for the way to the admin's door."""

    route: str
    method: str
    path: str
    body: str
    actor: str
    expected: str


# Method, route, path with names of `world.ids` (-: the route itself), body by name (-: none), expected.
# Columns, people: nobody, visitor, owner, stranger, model admin, auditor, site admin; tokens: analyses:read,
# analyses:write (the owner's), models:read, models:write (the model admin's), all scopes (the site admin's).
API = """
GET    auth/session/ - -                                              200 200 200 200 200 200 200 | 200 200 200 200 200
POST   auth/login/ - login                                            200 200 200 200 200 200 200 | 200 200 200 200 200
POST   auth/logout/ - -                                               200 200 200 200 200 200 200 | 200 200 200 200 200
POST   auth/welcome/ - welcome                                        200 200 200 200 200 200 200 | 200 200 200 200 200
POST   auth/password/ - password                                      401 401 200 200 200 200 200 | 403 403 403 403 403
GET    auth/second-factor/ - -                                        401 401 200 200 200 200 200 | 403 403 403 403 403
POST   auth/second-factor/ - -                                        401 401 201 201 201 201 201 | 403 403 403 403 403
DELETE auth/second-factor/ - both_factors                             401 401 409 409 409 409 409 | 403 403 403 403 403
POST   auth/second-factor/confirm/ - code                             401 401 409 409 409 409 409 | 403 403 403 403 403
GET    tokens/ - -                                                    401 401 200 200 200 200 200 | 403 403 403 403 403
POST   tokens/ - token                                                401 401 201 201 201 201 201 | 403 403 403 403 403
DELETE tokens/<uuid:pk>/ tokens/{token}/ -                            401 401 204 404 404 404 404 | 403 403 403 403 403
PATCH  auth/first-read/ - on                                          401 401 200 200 200 200 200 | 403 403 403 403 403
GET    audit/ - -                                                     401 401 403 403 403 200 200 | 403 403 403 403 403
GET    audit/events.csv - -                                           401 401 403 403 403 200 200 | 403 403 403 403 403
GET    settings/ - -                                                  401 401 403 403 403 403 200 | 403 403 403 403 403
PATCH  settings/ - settings                                           401 401 403 403 403 403 200 | 403 403 403 403 403
GET    users/ - -                                                     401 401 403 403 403 403 200 | 403 403 403 403 403
POST   users/ - user                                                  401 401 403 403 403 403 201 | 403 403 403 403 403
PATCH  users/<uuid:pk>/ users/{user}/ roles                           401 401 403 403 403 403 200 | 403 403 403 403 403
POST   users/<uuid:pk>/invite/ users/{user}/invite/ -                 401 401 403 403 403 403 201 | 403 403 403 403 403

GET    analyses/ - -                                                  200 200 200 200 200 200 200 | 200 403 403 403 200
POST   analyses/ - images                                             202 202 202 202 202 403 202 | 403 202 403 403 202
GET    analyses/<uuid:pk>/ analyses/{analysis_of_owner}/ -            404 404 200 404 404 200 200 | 200 403 403 403 200
GET    analyses/<uuid:pk>/ analyses/{analysis_of_visitor}/ -          404 200 404 404 404 200 200 | 404 403 403 403 200
DELETE analyses/<uuid:pk>/ analyses/{analysis_of_visitor}/ -          404 204 404 404 404 403 204 | 403 404 403 403 204
DELETE analyses/<uuid:pk>/ analyses/{queued_analysis}/ -              404 404 204 404 404 403 204 | 403 204 403 403 204
POST   analyses/<uuid:pk>/cancel/ analyses/{queued_analysis}/cancel/ - 404 404 200 404 404 403 200 | 403 200 403 403 200
GET    analyses/<uuid:pk>/read/ analyses/{queued_analysis}/read/ -       404 404 200 404 404 200 200 | 200 403 403 403 200
POST   analyses/<uuid:pk>/read/ analyses/{queued_analysis}/read/ read    404 404 201 404 404 403 404 | 403 201 403 403 404
POST   analyses/<uuid:pk>/verdict/ analyses/{analysis_of_owner}/verdict/ verdict 404 404 201 404 404 403 201 | 403 201 403 403 201
GET    analyses/<uuid:pk>/pathology/ analyses/{analysis_of_owner}/pathology/ - 404 404 200 404 404 200 200 | 200 403 403 403 200
POST   analyses/<uuid:pk>/pathology/ analyses/{analysis_of_owner}/pathology/ pathology 404 404 201 404 404 403 201 | 403 201 403 403 201
GET    analyses/<uuid:pk>/report.pdf analyses/{analysis_of_owner}/report.pdf -     404 404 200 404 404 200 200 | 200 403 403 403 200
GET    analyses/<uuid:pk>/report.pdf analyses/{analysis_of_visitor}/report.pdf -   404 200 404 404 404 200 200 | 404 403 403 403 200
GET    analyses/<uuid:pk>/share/ analyses/{analysis_of_owner}/share/ -     401 401 200 404 404 404 200 | 403 200 403 403 200
POST   analyses/<uuid:pk>/share/ analyses/{analysis_of_owner}/share/ days  401 401 201 404 404 403 201 | 403 201 403 403 201
DELETE analyses/<uuid:pk>/share/<uuid:share_id>/ analyses/{analysis_of_owner}/share/{share}/ - 401 401 204 404 404 403 204 | 403 204 403 403 204
GET    batches/ - -                                                   200 200 200 200 200 200 200 | 200 403 403 403 200
POST   batches/ - batch                                               201 201 201 201 201 403 201 | 403 201 403 403 201
GET    batches/<uuid:pk>/ batches/{batch}/ -                          404 404 200 404 404 200 200 | 200 403 403 403 200
DELETE batches/<uuid:pk>/ batches/{batch}/ -                          404 404 204 404 404 403 204 | 403 204 403 403 204
GET    batches/<uuid:pk>/cases/ batches/{batch}/cases/ -              404 404 200 404 404 200 200 | 200 403 403 403 200
POST   batches/<uuid:pk>/cases/ batches/{batch}/cases/ images         404 404 202 404 404 403 404 | 403 202 403 403 404
GET    batches/<uuid:pk>/results.csv batches/{batch}/results.csv -    404 404 200 404 404 200 200 | 200 403 403 403 200
GET    batches/<uuid:pk>/results.json batches/{batch}/results.json -  404 404 200 404 404 200 200 | 200 403 403 403 200
POST   shared/ - share                                                401 401 200 200 200 403 200 | 403 200 403 403 200
POST   previews/ - preview                                            200 200 200 200 200 403 200 | 403 200 403 403 200
GET    predictions/<uuid:pk>/image.png predictions/{prediction_of_owner}/image.png -     404 404 200 404 404 200 200 | 200 403 403 403 200
GET    predictions/<uuid:pk>/image.png predictions/{prediction_of_visitor}/image.png -   404 200 404 404 404 200 200 | 404 403 403 403 200
GET    predictions/<uuid:pk>/cam/<str:class_name>.png predictions/{prediction_of_owner}/cam/{class_name}.png -                 404 404 200 404 404 200 200 | 200 403 403 403 200
GET    predictions/<uuid:pk>/cam/<str:class_name>.png predictions/{prediction_of_owner}/cam/{class_name}.png?style=overlay -   404 404 200 404 404 200 200 | 200 403 403 403 200
GET    predictions/<uuid:pk>/cam/<str:class_name>.png predictions/{prediction_of_visitor}/cam/{class_name}.png -               404 200 404 404 404 200 200 | 404 403 403 403 200

GET    models/ - -                                                    200 200 200 200 200 200 200 | 200 403 200 403 200
POST   models/ - checkpoint                                           401 401 403 403 202 403 202 | 403 403 403 202 202
GET    models/history/ - -                                            200 200 200 200 200 200 200 | 200 403 200 403 200
GET    models/answering/ - -                                          200 200 200 200 200 200 200 | 200 403 200 403 200
GET    models/<uuid:pk>/ models/{active_version}/ -                   200 200 200 200 200 200 200 | 200 403 200 403 200
GET    models/<uuid:pk>/ models/{candidate}/ -                        404 404 404 404 200 200 200 | 404 403 200 403 200
GET    models/<uuid:pk>/card.md models/{active_version}/card.md -     200 200 200 200 200 200 200 | 200 403 200 403 200
GET    models/<uuid:pk>/card.md models/{candidate}/card.md -          404 404 404 404 200 200 200 | 404 403 200 403 200
GET    models/<uuid:pk>/events/ models/{active_version}/events/ -     401 401 403 403 200 200 200 | 403 403 200 403 200
POST   models/<uuid:pk>/activate/ models/{candidate}/activate/ reason 401 401 403 403 200 403 200 | 403 403 403 200 200
POST   models/<uuid:pk>/retire/ models/{candidate}/retire/ reason     401 401 403 403 200 403 200 | 403 403 403 200 200
POST   models/<uuid:pk>/check/ models/{candidate}/check/ reason       401 401 403 403 202 403 202 | 403 403 403 202 202
POST   models/<uuid:pk>/rerun/ models/{candidate}/rerun/ rerun        401 401 403 403 202 403 202 | 403 403 403 202 202

GET    comparisons/ - -                                               401 401 403 403 200 200 200 | 403 403 200 403 200
GET    comparisons/<uuid:pk>/ comparisons/{comparison}/ -             401 401 403 403 200 200 200 | 403 403 200 403 200
GET    comparisons/<uuid:pk>/cases/ comparisons/{comparison}/cases/ - 401 401 403 403 200 200 200 | 403 403 200 403 200
GET    comparisons/<uuid:pk>/cases/<uuid:case_id>/image.png comparisons/{comparison}/cases/{comparison_case}/image.png - 401 401 403 403 200 200 200 | 403 403 200 403 200
GET    comparisons/<uuid:pk>/cases/<uuid:case_id>/cam/<str:side>/<str:class_name>.png comparisons/{comparison}/cases/{comparison_case}/cam/answered/{class_name}.png - 401 401 403 403 200 200 200 | 403 403 200 403 200
GET    monitoring/ - -                                                401 401 403 403 200 200 200 | 403 403 200 403 200
GET    monitoring/answers.csv - -                                     401 401 403 403 200 200 200 | 403 403 200 403 200
POST   comparisons/<uuid:pk>/cancel/ comparisons/{waiting_comparison}/cancel/ - 401 401 403 403 200 403 200 | 403 403 403 200 200
"""  # noqa: E501 (one line a request)

# Not under /api/v1/: open to anybody, or the admin. `login` is the way to the admin's door.
REST = """
GET    healthz - -                                    200 200 200 200 200 200 200 | 200 200 200 200 200
POST   healthz - -                                    405 405 405 405 405 405 405 | 405 405 405 405 405
GET    readyz - -                                     503 503 503 503 503 503 503 | 503 503 503 503 503
POST   readyz - -                                     405 405 405 405 405 405 405 | 405 405 405 405 405
GET    metrics - -                                    200 200 200 200 200 200 200 | 200 200 200 200 200
POST   metrics - -                                    405 405 405 405 405 405 405 | 405 405 405 405 405
GET    api/schema/ - -                                200 200 200 200 200 200 200 | 200 200 200 200 200
GET    api/docs/ - -                                  200 200 200 200 200 200 200 | 200 200 200 200 200
GET    ^(?!api/|admin/|static/|assets/).*$ account -  200 200 200 200 200 200 200 | 200 200 200 200 200
POST   ^(?!api/|admin/|static/|assets/).*$ account -  405 405 405 405 405 405 405 | 403 403 403 403 403

GET    admin/ - -                                     login login login login 200 200 200 | login login login login login
POST   admin/ - -                                     login login login login 200 200 200 | login login login login login
GET    admin/login/ - -                               200 200 200 200 302 302 302 | 200 200 200 200 200
POST   admin/login/ - -                               200 200 200 200 200 200 200 | 403 403 403 403 403
GET    admin/logout/ - -                              302 302 302 302 405 405 405 | 302 302 302 302 302
POST   admin/logout/ - -                              302 302 302 302 200 200 200 | 403 403 403 403 403
GET    admin/password_change/ - -                     login login login login 302 302 302 | login login login login login
POST   admin/password_change/ - -                     login login login login 302 302 302 | login login login login login
GET    admin/password_change/done/ - -                login login login login 200 200 200 | login login login login login
POST   admin/password_change/done/ - -                login login login login 405 405 405 | login login login login login
GET    admin/search/ - -                              login login login login 404 404 404 | login login login login login
POST   admin/search/ - -                              login login login login 404 404 404 | login login login login login
GET    admin/autocomplete/ - -                        login login login login 403 403 403 | login login login login login
POST   admin/autocomplete/ - -                        login login login login 405 405 405 | login login login login login
GET    admin/jsi18n/ - -                              login login login login 200 200 200 | login login login login login
POST   admin/jsi18n/ - -                              login login login login 405 405 405 | login login login login login
GET    admin/r/<path:content_type_id>/<path:object_id>/ admin/r/{content_type}/{user}/ - login login login login 404 404 404 | login login login login login
POST   admin/r/<path:content_type_id>/<path:object_id>/ admin/r/{content_type}/{user}/ - login login login login 404 404 404 | login login login login login
GET    admin/(?P<url>.*)$ admin/nothing/here/ -       login login login login 404 404 404 | login login login login login
POST   admin/(?P<url>.*)$ admin/nothing/here/ -       login login login login 404 404 404 | login login login login login
GET    admin/^(?P<app_label>core|audit|accounts|registry|studies|inference|comparisons)/$ admin/accounts/ -  login login login login 404 200 200 | login login login login login
POST   admin/^(?P<app_label>core|audit|accounts|registry|studies|inference|comparisons)/$ admin/accounts/ -  login login login login 404 200 200 | login login login login login
GET    admin/^(?P<app_label>core|audit|accounts|registry|studies|inference|comparisons)/$ admin/registry/ -  login login login login 200 200 200 | login login login login login
"""  # noqa: E501

# Django's admin: who looks, who adds, who changes, who deletes (M: model admin, A: auditor, S: site admin).
ADMIN_MODELS = """
core/workerheartbeat   MAS - - S
accounts/user          AS  S S -
accounts/apitoken      AS  - - S
audit/auditevent       AS  - - -
registry/modelversion  MAS MS - -
registry/versioncheck  MAS - - -
registry/versionevent  MAS - - -
studies/case           AS  - - -
inference/analysis     AS  - - -
inference/prediction   AS  - - -
comparisons/comparison MAS - - -
"""
STAFF = {"model_admin": "M", "auditor": "A", "site_admin": "S"}


def cells(world: World) -> Iterator[Cell]:
    """Every cell of the matrix, with real ids in its path."""
    yield from _cells(API, V1, world)
    yield from _cells(REST, "", world)
    yield from _admin_cells(world)


def _cells(rows: str, prefix: str, world: World) -> Iterator[Cell]:
    for line in filter(None, map(str.strip, rows.splitlines())):
        method, route, path, body, *expected = line.replace(" | ", " ").split()
        address = route if path == "-" else path.format_map(world.ids)
        if len(expected) != len(ACTORS):
            raise ValueError(f"{len(ACTORS)} columns, not {len(expected)}: {line}")
        for actor, status in zip(ACTORS, expected, strict=True):
            yield Cell(f"{prefix}{route}", method, f"/{prefix}{address}", body, actor, status)


def _admin_cells(world: World) -> Iterator[Cell]:
    for line in filter(None, map(str.strip, ADMIN_MODELS.splitlines())):
        name, look, add, change, delete = line.split()
        one = f"admin/{name}/{world.ids[f'admin:{name}']}/"
        for method in ("GET", "POST"):
            for actor in ACTORS:
                mark = STAFF.get(actor, "")
                routes = {
                    "": (f"admin/{name}/", "200" if mark in look else "403"),
                    "add/": (f"admin/{name}/add/", "200" if mark in add else "403"),
                    "<path:object_id>/history/": (f"{one}history/", "200" if mark in look else "403"),
                    "<path:object_id>/change/": (f"{one}change/", _change(mark, look, change, method)),
                    "<path:object_id>/delete/": (f"{one}delete/", "200" if mark in delete else "403"),
                    "<path:object_id>/": (one, "302"),
                }
                for route, (path, status) in routes.items():
                    expected = status if mark else "login"
                    yield Cell(f"admin/{name}/{route}", method, f"/{path}", "-", actor, expected)


def _change(mark: str, look: str, change: str, method: str) -> str:
    return "200" if mark in (look if method == "GET" else change) else "403"


def body_of(name: str, world: World) -> tuple[Any, str]:
    """(body, its format) for the name in the table; made anew for each request."""
    uploads: dict[str, Any] = {
        "images": lambda: {"image_2d": upload(png(7))},
        "preview": lambda: {"image": upload(png(8))},
        "checkpoint": lambda: {"file": world.checkpoint.open("rb"), **REASON},
    }
    if name in uploads:
        return uploads[name](), "multipart"
    return _json_bodies(world).get(name), "json"


def _json_bodies(world: World) -> dict[str, Any]:
    return {
        "login": {"username": world.users["owner"].username, "password": PASSWORD},
        "welcome": {
            "uid": world.ids["user"],
            "token": world.ids["link_token"],
            "password": NEW_PASSWORD,
        },
        "password": {"old": PASSWORD, "new": NEW_PASSWORD},
        "both_factors": {"password": PASSWORD, "code": "123456"},
        "code": {"code": "123456"},
        "token": {"name": "t", "scopes": ["analyses:read"], "expires_in_days": 1},
        "user": {"username": "somebody.new"},
        "roles": {"roles": ["auditor"]},
        "on": {"on": True},
        "settings": {"retention_days": 30},
        "read": {"class": "benign", "confidence": "low"},
        "verdict": {"agrees": True},
        "pathology": {"class": "benign", "reported_on": "2026-01-02"},
        "days": {"days": 3},
        "batch": {"name": "screening"},
        "share": {"token": world.ids["share_token"]},
        "reason": REASON,
        "rerun": {"last": 5, **REASON},
    }
