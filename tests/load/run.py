"""Many people at once: `python -m tests.load.run --users 200 --seconds 300`.

Without `--url` it starts an installation of its own (PostgreSQL, Redis, gunicorn, beat, a worker with a real
ResNet18 checkpoint at 64 px) and writes docs/results/load.json and its table. With `--url` it loads a server
that runs, which must take anonymous work or a `--token`, and prints the figures; nothing is written."""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from benchmarks.harness.machine import machine_facts
from tests.load.browser import Browser, Files
from tests.load.report import figures, keep, missed
from tests.load.site import PASSWORD, SIGNED_IN, engine_alone, site, start
from tests.load.user import User
from tests.pictures import png

CASES: list[Files] = [{"image_2d": ("a.png", png(seed, 640, 480))} for seed in range(8)]
EVERY_TENTH = 10  # signs in; the others stay anonymous
ARRIVE_S = 10.0  # people do not come in the same instant


def main() -> int:
    """0 when every goal is reached."""
    args = parse_arguments(sys.argv[1:])
    report = load_url(args) if args.url else load_own(args)
    if not args.url and not args.dry:
        keep(report)
    print(json.dumps(report, indent=2))  # noqa: T201
    failed = missed(report)
    print(f"missed: {', '.join(failed)}" if failed else "every goal is reached")  # noqa: T201
    return 1 if failed else 0


def parse_arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Load a server with users as the page behaves.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--users", type=int, default=200, help="at once")
    parser.add_argument("--seconds", type=float, default=300.0, help="during which they submit")
    parser.add_argument(
        "--think", type=float, default=30.0, help="seconds that one looks at an answer, on average"
    )
    parser.add_argument("--url", default="", help="of a server that runs; empty starts one")
    parser.add_argument("--token", default=None, help="of an account there; without one, work is anonymous")
    parser.add_argument(
        "--queue", type=int, default=150, help="MAX_QUEUED_IMAGES of the server that is started"
    )
    parser.add_argument(
        "--web-workers", type=int, default=2, help="WEB_WORKERS of the server that is started"
    )
    parser.add_argument(
        "--web-threads", type=int, default=4, help="WEB_THREADS of the server that is started"
    )
    parser.add_argument(
        "--alone", type=float, default=15.0, help="seconds of the engine alone, before and after"
    )
    parser.add_argument("--dry", action="store_true", help="write nothing into docs/")
    return parser.parse_args(words)


def load_own(args: argparse.Namespace) -> dict[str, Any]:
    """The figures of a server of one's own, and of its engine alone before and after."""
    facts = machine_facts("django", "celery", "gunicorn", "openvino")
    image = CASES[0]["image_2d"][1]
    with site(args.queue, args.web_workers, args.web_threads) as stack:
        before = engine_alone(stack, image, args.alone)
        start(stack, CASES[0])
        found = loaded(stack.base, args, accounts=True)
        stack.stop()
        alone = (before + engine_alone(stack, image, args.alone)) / 2
    ended = sum(found["answered"].values())
    return {
        **found,
        "day": datetime.now(UTC).date().isoformat(),
        "engine_alone_per_s": round(alone, 2),
        "accepted_of_engine": round(ended / found["until_the_last_answer_s"] / alone, 3),
        "machine": facts,
    }


def load_url(args: argparse.Namespace) -> dict[str, Any]:
    """The figures of a server that runs."""
    day = datetime.now(UTC).date().isoformat()
    return {**loaded(args.url, args, accounts=False), "day": day}


def loaded(base: str, args: argparse.Namespace, *, accounts: bool) -> dict[str, Any]:
    """Let them in, wait until the last has seen its last answer."""
    began = time.monotonic()
    users = []
    for number in range(args.users):
        browser = arrived(base, args.token, signs_in=accounts and number % EVERY_TENTH == 0)
        user = User(browser, CASES, seed=number, until=began + ARRIVE_S + args.seconds, think_s=args.think)
        user.start()
        users.append(user)
        time.sleep(max(0.0, began + ARRIVE_S * (number + 1) / args.users - time.monotonic()))
    for user in users:
        user.join()
    found = figures(users, args.seconds + ARRIVE_S)
    return {**found, "think_s": args.think, "until_the_last_answer_s": round(time.monotonic() - began, 1)}


def arrived(base: str, token: str | None, *, signs_in: bool) -> Browser:
    """A browser with its session."""
    browser = Browser(base, token)
    browser.arrive()
    if signs_in and browser.sign_in(SIGNED_IN, PASSWORD).status != 200:
        raise RuntimeError("the sign-in was refused")
    return browser


if __name__ == "__main__":
    sys.exit(main())
