"""Open-Meteo on this machine: its search over a few places, its forecast, and its bad days. For tests and the demo."""

import json
import threading
import unicodedata
import urllib.parse
from collections.abc import Callable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

from support.openmeteo_weather import forecast

RECORDED = Path(__file__).parent / "recorded" / "openmeteo"
#: What was asked, as the server compares it, and its language → the recorded answer.
ANSWERS = {
    ("samara", "en"): "geocoding.samara.en.json",
    ("самара", "ru"): "geocoding.samara.ru.json",
    ("cordoba", "en"): "geocoding.cordoba.json",
    ("null island", "en"): "geocoding.no_country.json",
}
OWN = {"also", "translations"}  # of a place: names that it is found by, and what it is called in other languages
Answer = tuple[int, Any]


def recorded(name: str) -> bytes:
    """Return a recorded answer."""
    return (RECORDED / name).read_bytes()


def warmth(latitude: float) -> float:
    """Return the temperature in °C that this Open-Meteo reports for now: no two namesakes share it, rounded or not."""
    return round(30 - abs(latitude) / 2, 1)


class OpenMeteo:
    """A server in a thread of its own; `port` 0 is a free one. Use it in `with`, or `start` and `stop` it.

    `down` answers 500, `limited` 429; `dark` lets requests hang until it is lit again; `slow` is a pause in seconds.
    `calls` are the paths and queries so far. `now` tells the time, the machine's where it is not given.
    """

    def __init__(self, *, host: str = "127.0.0.1", port: int = 0, now: Callable[[], datetime] | None = None) -> None:
        self._host, self._port = host, port
        self._now = now or (lambda: datetime.now(UTC))
        self.down = self.limited = False
        self.slow = 0.0
        self.calls: list[tuple[str, dict[str, str]]] = []
        self._light = threading.Event()
        self._light.set()
        self._stopped = threading.Event()
        self._places: list[dict[str, Any]] = json.loads(recorded("places.json"))
        self._http: ThreadingHTTPServer | None = None

    @property
    def dark(self) -> bool:
        return not self._light.is_set()

    @dark.setter
    def dark(self, dark: bool) -> None:
        (self._light.clear if dark else self._light.set)()

    @property
    def url(self) -> str:
        """The origin, for JEEVES_WEATHER_URL and JEEVES_GEOCODING_URL alike. Raises RuntimeError before the start."""
        if self._http is None:
            raise RuntimeError("this Open-Meteo is not started")
        return f"http://{self._host}:{self._http.server_address[1]}"

    @property
    def settings(self) -> dict[str, str]:
        """What a Jeeves is given that asks here."""
        return {"JEEVES_WEATHER_URL": self.url, "JEEVES_GEOCODING_URL": self.url}

    def start(self) -> Self:
        """Listen."""
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                outer._serve(self)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class named it
                pass

        self._http = _Quiet((self._host, self._port), Handler)
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def stop(self) -> None:
        """Answer whoever waits, then close the port."""
        self._light.set()
        self._stopped.set()
        if self._http is not None:
            self._http.shutdown()
            self._http.server_close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        split = urllib.parse.urlsplit(handler.path)
        query = dict(urllib.parse.parse_qsl(split.query))
        self.calls.append((split.path, query))
        self._light.wait()
        self._stopped.wait(self.slow)
        status, answer = self.answer(split.path, query)
        body = answer if isinstance(answer, bytes) else json.dumps(answer, ensure_ascii=False).encode()
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json; charset=utf-8")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def answer(self, path: str, query: dict[str, str]) -> Answer:
        """Return status and body."""
        if self.down:
            return 500, {"error": True, "reason": "Internal error"}
        if self.limited:
            return 429, recorded("error.minutely_limit.json")
        if path == "/v1/search":
            return self._search(query)
        if path == "/v1/forecast":
            return self._forecast(query)
        return 404, {"error": True, "reason": "Not Found"}

    def _search(self, query: dict[str, str]) -> Answer:
        name, language = _plain(query.get("name", "")), query.get("language", "en")
        if answer := ANSWERS.get((name, language)):
            return 200, recorded(answer)
        shortest = 2  # letters that the real one asks for
        found = [p for p in self._places if len(name) >= shortest and _is_called(p, name, language)]
        found.sort(key=lambda place: -int(place["population"]))
        named = [{k: v for k, v in p.items() if k not in OWN} | p.get("translations", {}).get(language, {}) for p in found]
        results = {"results": named[: int(query.get("count", 10))]} if named else {}
        return 200, {**results, "generationtime_ms": 0.5}

    def _forecast(self, query: dict[str, str]) -> Answer:
        try:
            latitude, longitude = float(query["latitude"]), float(query["longitude"])
        except (KeyError, ValueError):
            return 400, {"error": True, "reason": "Parameter 'latitude' and 'longitude' must have numbers"}
        if not -90 <= latitude <= 90:
            return 400, recorded("error.latitude_range.json")
        zone = query.get("timezone", "GMT")
        if zone == "auto":
            nearest = min(self._places, key=lambda p: (p["latitude"] - latitude) ** 2 + (p["longitude"] - longitude) ** 2)
            zone = nearest["timezone"]
        return 200, forecast(query, warmth(latitude), zone, self._now())


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that has gone away is no news."""


def _is_called(place: dict[str, Any], name: str, language: str) -> bool:
    names = [place["name"], *place.get("also", ()), place.get("translations", {}).get(language, {}).get("name", "")]
    return any(_plain(known).startswith(name) for known in names if known) or name in map(_plain, place.get("postcodes", ()))


def _plain(name: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).strip().casefold()
