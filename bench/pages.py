"""The public page of a credential: kept before Django, or built by Django each time. Run in a process of its own.

``pages ROUNDS`` calls both applications in this process as a server would, and prints JSON.
"""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

from bench.measure import interleaved, timed

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def ask(application: Application, path: str, etag: str = "") -> tuple[str, dict[str, str], bytes]:
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "localhost",
        "SERVER_PORT": "8000", "HTTP_HOST": "localhost:8000", "wsgi.url_scheme": "http", "wsgi.input": BytesIO(),
        "SCRIPT_NAME": "", "REMOTE_ADDR": "127.0.0.1", "HTTP_ACCEPT": "text/html,*/*;q=0.8",
        "HTTP_ACCEPT_LANGUAGE": "en-GB,en;q=0.7",
    }  # fmt: skip
    if etag:
        environ["HTTP_IF_NONE_MATCH"] = etag
    said: list[Any] = []
    parts = application(environ, lambda status, headers, exc=None: said.extend([status, headers]))
    body = b"".join(parts)
    close = getattr(parts, "close", None)
    if close is not None:
        close()
    return said[0], dict(said[1]), body


def pages(rounds: int) -> dict[str, Any]:
    from guildmark.issue import queries
    from guildmark.people.queries import organisation_by_slug
    from guildmark.wsgi import application, django_application

    org = organisation_by_slug("northlamp")
    found = [view for view in queries.credential_rows(org.id, state="valid")[:20] if view.visibility == "public"]
    paths = [view.path for view in found]
    etags = {path: ask(django_application, path)[1]["ETag"] for path in paths}

    def contender(app: Application, wanted: str, times: int, conditional: bool) -> Callable[[], float]:
        def work() -> int:
            for number in range(times):
                path = paths[number % len(paths)]
                status, _, body = ask(app, path, etags[path] if conditional else "")
                if status[:3] != wanted or bool(body) is conditional:
                    raise AssertionError(f"{path} answered {status}")
            return times

        return timed(work)

    taken = interleaved(
        {
            "django": contender(django_application, "200", 20, False),
            "kept": contender(application, "200", 400, False),
            "kept_304": contender(application, "304", 400, True),
        },
        rounds,
    )
    # Both say the same once the minute that the page tells is the same.
    for path in paths[:5]:
        kept, built = ask(application, path), ask(django_application, path)
        assert kept[1]["ETag"] == built[1]["ETag"]
        assert len(kept[2]) == len(built[2])
    return {
        "ratio": taken.ratio("django", "kept"),
        "ratio_304": taken.ratio("django", "kept_304"),
        "spread": taken.spread("django", "kept"),
        "credentials": len(paths),
        "micro": {name: statistics.median(times) * 1e6 for name, times in taken.rounds.items()},
    }


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(pages(int(sys.argv[1]))))
