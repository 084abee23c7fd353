"""The content security policy: nothing from elsewhere, no inline script."""

from typing import Any

from csp.constants import NONE, SELF, UNSAFE_INLINE


def content_security_policy(*, https: bool) -> dict[str, Any]:
    """Ant Design writes its styles into the page as it runs, hence inline styles alone are allowed."""
    directives: dict[str, Any] = {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF, UNSAFE_INLINE],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF, "data:"],
        "connect-src": [SELF],
        "worker-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
    if https:
        directives["upgrade-insecure-requests"] = True
    return {"DIRECTIVES": directives}
