"""deploy/nginx.conf as it is, with folders and addresses of this machine."""

import os
import re
import subprocess
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
KEY = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"]
PLAIN, TLS = 8080, 8443


def nginx_config(folder: Path, program: str, web: str, plain: int = PLAIN, tls: int = TLS) -> Path:
    """A configuration file in `folder`, for this machine's nginx; `web` is where gunicorn listens."""
    key, certificate = folder / "privkey.pem", folder / "fullchain.pem"
    subprocess.run([*KEY, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    text = (REPOSITORY / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    text = text.replace("/tmp/", f"{folder}/")  # noqa: S108 (of the container)
    text = text.replace("/etc/nginx/tls", str(folder)).replace("server web:8000", f"server {web}")
    if _version(program) < (1, 25, 1):  # Debian 12's: what came later is said in the older words
        text = text.replace("http2 on;", "").replace("listen 8443 ssl;", "listen 8443 ssl http2;")
    text = text.replace(f"listen {PLAIN}", f"listen 127.0.0.1:{plain}")
    text = text.replace(f"listen {TLS}", f"listen 127.0.0.1:{tls}")
    config = folder / "nginx.conf"
    config.write_text(f"user root;\n{text}" if os.geteuid() == 0 else text, encoding="utf-8")
    return config


def _version(program: str) -> tuple[int, ...]:
    said = subprocess.run([program, "-v"], check=True, capture_output=True, text=True).stderr
    return tuple(map(int, re.findall(r"\d+", said)[:3]))
