"""How Django's admin looks: the Unfold theme in the page's colours, light and dark."""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse_lazy

ACCENT = {  # the page's accent (#1f5fbf light, #3b7ddd dark) as a scale
    "50": "#eff5fd",
    "100": "#dbe8fa",
    "200": "#bcd3f5",
    "300": "#8fb6ee",
    "400": "#5f95e4",
    "500": "#3b7ddd",
    "600": "#1f5fbf",
    "700": "#1a509f",
    "800": "#194481",
    "900": "#193b6b",
    "950": "#122645",
}


def _link(title: str, icon: str, model: str) -> dict[str, Any]:
    app, name = model.split(".")
    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(f"admin:{app}_{name}_changelist"),
        "permission": lambda request: request.user.has_perm(f"{app}.view_{name}"),
    }


def _group(title: str, *links: dict[str, Any]) -> dict[str, Any]:
    return {"title": title, "separator": True, "items": list(links)}


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "CV4LymphNode",
    "SITE_HEADER": "CV4LymphNode",
    "SITE_SUBHEADER": "Research use only",
    "SITE_SYMBOL": "vital_signs",
    "SITE_URL": "/",
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "COLORS": {"primary": ACCENT},
    "SCRIPTS": [lambda _: static("admin_theme/without_eval.js")],
    "SIDEBAR": {
        "show_search": False,
        "command_search": False,
        "show_all_applications": False,
        "navigation": [
            _group(
                "Models",
                _link("Model versions", "neurology", "registry.modelversion"),
                _link("Checks", "fact_check", "registry.versioncheck"),
                _link("History", "history", "registry.versionevent"),
                _link("Comparisons", "compare_arrows", "comparisons.comparison"),
            ),
            _group(
                "Work",
                _link("Cases", "folder_open", "studies.case"),
                _link("Analyses", "lab_research", "inference.analysis"),
                _link("Predictions", "monitoring", "inference.prediction"),
                _link("Workers", "memory", "core.workerheartbeat"),
            ),
            _group(
                "Accounts",
                _link("Accounts", "group", "accounts.user"),
                _link("API tokens", "key", "accounts.apitoken"),
                _link("Audit log", "policy", "audit.auditevent"),
            ),
        ],
    },
}
