"""The page and what it asks: files, the workspace as a person sees it, what happens, and what a person does.

Nothing is decided here about who may ask: `app.py` has let it through.
"""

from collections.abc import AsyncIterator

from quart import Blueprint, Response, jsonify, request

from jeeves_sandbox import views
from jeeves_sandbox.acts import Acts
from jeeves_sandbox.asked import Pressed, Said, Trouble, Weather
from jeeves_sandbox.errors import SlackError
from jeeves_sandbox.files import File, load
from jeeves_sandbox.guard import Guard
from jeeves_sandbox.record import Record
from jeeves_sandbox.stream import Stream
from jeeves_sandbox.troubles import Troubles
from jeeves_sandbox.web_api import CALLS
from jeeves_sandbox.words import REASONS, say
from jeeves_sandbox.workspace import StoredFile, Workspace
from jeeves_service.web import body_of, problem


def page_routes(guard: Guard) -> Blueprint:
    """Return the routes of the page itself: its files, and the session that makes a browser ours."""
    routes, files = Blueprint("page", __name__), load()

    @routes.get("/")
    @routes.get("/protocol")
    async def page() -> Response:
        if not guard.is_own(request.scope["headers"]):  # a link from elsewhere gets a door, and no key
            return _file(files["door.html"])
        response = _file(files["index.html"])
        response.headers["Set-Cookie"] = guard.cookie()
        return response

    @routes.get("/files/<name>")
    async def file(name: str) -> Response:
        found = files.get(name)
        return _file(found) if found else problem(404, "Not Found")

    return routes


def reading_routes(space: Workspace, stream: Stream, record: Record, troubles: Troubles, guard: Guard) -> Blueprint:
    """Return the routes by which the page learns."""
    routes = Blueprint("reading", __name__)

    @routes.get("/state")
    async def state() -> Response:
        person = space.person(request.args.get("person") or next(iter(space.people)))
        told = {"last": stream.last, "token": guard.token, "methods": sorted(CALLS), "trouble": views.trouble_of(troubles)}
        entries = [entry.summary for entry in record.entries]
        return jsonify({**views.workspace_of(space, person), **told, "entries": entries})

    @routes.get("/stream")
    async def follow() -> Response:
        person = space.person(request.args.get("person", ""))
        since = request.headers.get("Last-Event-ID") or request.args.get("since", "")

        async def events() -> AsyncIterator[bytes]:
            async for event in stream.follow(person.id, since):
                yield event

        response = Response(events(), content_type="text/event-stream")
        response.timeout = None
        return response

    @routes.get("/record/<int:number>")
    async def entry(number: int) -> Response:
        found = record.find(number)
        return jsonify(found.whole) if found else problem(404, "Not Found", say("forgotten"))

    @routes.get("/file/<name>")
    async def stored(name: str) -> Response:
        found = space.files.get(name)
        return _stored(found) if found else problem(404, "Not Found", say("no_file"))

    return routes


def acting_routes(acts: Acts, troubles: Troubles, stream: Stream) -> Blueprint:
    """Return the routes by which people act, and by which things go wrong on purpose."""
    routes = Blueprint("acting", __name__)

    @routes.post("/say")
    async def said() -> Response:
        asked = await body_of(Said)
        post = acts.say(asked.person, asked.channel, asked.text, asked.thread)
        return jsonify({"ts": post.ts})

    @routes.post("/press")
    async def press() -> Response:
        return jsonify({"taken": await acts.press(await body_of(Pressed))})

    @routes.post("/trouble")
    async def trouble() -> Response:
        (await body_of(Trouble)).bring(troubles)
        return told()

    @routes.post("/weather")
    async def weather() -> Response:
        (await body_of(Weather)).bring(troubles)
        return told()

    def told() -> Response:
        state = views.trouble_of(troubles)
        stream.tell("trouble", state)
        return jsonify(state)

    @routes.app_errorhandler(SlackError)
    async def refused(error: SlackError) -> Response:
        return problem(422, "Not possible", say(REASONS.get(error.code, "not_possible")))

    return routes


def _file(file: File) -> Response:
    if request.headers.get("If-None-Match") == file.tag:
        return Response(b"", 304)
    return Response(file.body, content_type=file.kind, headers={"ETag": file.tag, "Cache-Control": "no-cache"})


def _stored(file: StoredFile) -> Response:
    """Return a file of Jeeves's: a picture as one, whatever else as bytes to keep, so that nothing of it runs here."""
    response = Response(file.content or b"", content_type=file.kind, headers={"Cache-Control": "private, max-age=3600"})
    if not file.kind.startswith("image/"):
        response.headers.set("Content-Disposition", "attachment", filename=file.name)
    return response
