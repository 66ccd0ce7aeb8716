"""Slack's Web API as an ASGI app: a call, what goes wrong with it, its answer. A bare callable, for Jeeves waits for it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from jeeves_sandbox import chat, reading
from jeeves_sandbox.errors import Json, SlackError
from jeeves_sandbox.record import Record
from jeeves_sandbox.troubles import Befallen, Fault, Troubles
from jeeves_sandbox.uploads import UPLOAD, Uploads
from jeeves_sandbox.workspace import Workspace
from jeeves_service.clock import Clock

MAX_BODY = 4 * 1024 * 1024  # bytes
FORM = "application/x-www-form-urlencoded"
JSON, HTML = b"application/json; charset=utf-8", b"text/html"
BYTES = "upload"  # what the upload of a file's bytes is called here: its address has no name, but a secret
METHODS: dict[str, Callable[[Workspace, Json], Json]] = {
    "api.test": lambda _, args: {"ok": True, "args": args},
    "auth.test": reading.auth_test,
    "users.info": reading.users_info,
    "users.list": reading.users_list,
    "conversations.open": reading.conversations_open,
    "conversations.info": reading.conversations_info,
    "conversations.list": reading.conversations_list,
    "conversations.members": reading.conversations_members,
    "conversations.history": reading.conversations_history,
    "conversations.replies": reading.conversations_replies,
    "chat.postMessage": chat.post_message,
    "chat.postEphemeral": chat.post_ephemeral,
    "chat.update": chat.update,
    "chat.delete": chat.delete,
    "assistant.threads.setStatus": chat.set_status,
}
BEGIN, COMPLETE = "files.getUploadURLExternal", "files.completeUploadExternal"
CALLS = (*METHODS, BEGIN, BYTES, COMPLETE)  # all that may be called, and go wrong on purpose
Do = Callable[[], tuple[int, Json | bytes]]


@dataclass
class Call:
    """A call as it came. `at` in monotonic seconds; `fault` when it was not answered as it should have been.

    `befallen` says in words what went wrong with it, be it by a fault, in the dark, or slowly.
    """

    method: str
    args: Json
    at: float
    fault: Fault | None = None
    befallen: str = ""


class WebApi:
    """Answers for `…/<method>`. `token` is the only one that it knows; `on_call` hears of each call."""

    def __init__(self, space: Workspace, troubles: Troubles, record: Record, clock: Clock, *, token: str) -> None:
        self.token = token
        self.on_call: Callable[[Call], None] = lambda _: None
        self._space, self._troubles, self._record, self._clock = space, troubles, record, clock
        self._uploads = Uploads()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = await _read(receive)
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        call, do = self._understood(scope, headers, body)
        if call.befallen:
            self._troubles.last = Befallen(call.method, call.befallen, self._clock.now().isoformat())
        self.on_call(call)
        status, answer, note = await self._served(call, do)
        ok = status == 200 and (call.method == BYTES or (isinstance(answer, dict) and answer.get("ok") is True))  # noqa: PLR2004
        told = answer if isinstance(answer, dict) else answer.decode("utf-8", "replace")
        if not note:
            note = str(answer.get("error", "")) if isinstance(answer, dict) else ""
        seconds, sent = self._clock.monotonic() - call.at, call.args
        self._record.add("to_slack", call.method, status=status, ok=ok, seconds=seconds, note=note, sent=sent, answered=told)
        retry = call.fault.headers if call.fault else {}
        await _send(send, status, answer, retry)

    def _understood(self, scope: Any, headers: dict[str, str], body: bytes) -> tuple[Call, Do]:
        """Return the call that a request is, and what it does."""
        base, _, secret = scope["path"].partition(UPLOAD)
        if secret:  # an address that was given for the bytes of a file: whoever has it may, without a token
            return self._call(BYTES, {**self._uploads.named(secret), "bytes": len(body)}), lambda: self._uploads.take(
                secret, body
            )
        base, _, method = base.rpartition("/")
        try:
            args, wrong = _args(headers.get("content-type", ""), scope.get("query_string", b""), body), None
        except SlackError as error:
            args, wrong = {}, error
        call, address = self._call(method, args), f"http://{headers.get('host', '')}{base}"
        return call, lambda: (200, wrong.answer if wrong else self._answer(call, headers.get("authorization", ""), address))

    def _call(self, method: str, args: Json) -> Call:
        fault = self._troubles.take(method, args)
        return Call(method, args, self._clock.monotonic(), fault, self._troubles.befalls(fault))

    async def _served(self, call: Call, do: Do) -> tuple[int, Json | bytes, str]:
        """Return status, body, and what was made of it on purpose."""
        fault = call.fault
        if fault and not fault.stored:
            return await self._spoilt(call, fault)
        if self._troubles.dark:
            self._record.add("to_slack", call.method, status=0, ok=False, seconds=None, note="Slack is dark", sent=call.args)
            await self._troubles.light()
            return 503, b"", "it was dark, and nothing was done"
        status, answer = do()
        await self._troubles.linger()
        return await self._spoilt(call, fault) if fault else (status, answer, "")

    async def _spoilt(self, call: Call, fault: Fault) -> tuple[int, Json | bytes, str]:
        if fault.hang:
            self._record.add("to_slack", call.method, status=0, ok=False, seconds=None, note=fault.words, sent=call.args)
            await self._troubles.hang()
        return fault.status, fault.body, f"on purpose: {fault.words}"

    def _answer(self, call: Call, authorization: str, address: str) -> Json:
        if authorization != f"Bearer {self.token}":
            return SlackError("invalid_auth" if authorization else "not_authed").answer
        if call.method in self._troubles.without:
            return SlackError("missing_scope", needed="some:scope", provided="chat:write").answer
        try:
            return self._done(call, address)
        except SlackError as error:
            return error.answer

    def _done(self, call: Call, address: str) -> Json:
        if call.method == BEGIN:
            return self._uploads.begin(call.args, address)
        if call.method == COMPLETE:
            return self._uploads.complete(self._space, call.args)
        if call.method not in METHODS:
            raise SlackError("unknown_method", req_method=call.method)
        return METHODS[call.method](self._space, call.args)


def _args(kind: str, query: bytes, body: bytes) -> Json:
    """Return the arguments, from the query, a form, or JSON. Raises SlackError."""
    args: Json = dict(parse_qsl(query.decode("latin-1"), keep_blank_values=True))
    if not body:
        return args
    if kind.partition(";")[0].strip().lower() == FORM:
        return {**args, **dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))}
    try:
        sent = json.loads(body)
    except ValueError:
        raise SlackError("invalid_json") from None
    if not isinstance(sent, dict):
        raise SlackError("json_not_object")
    return {**args, **sent}


async def _read(receive: Any) -> bytes:
    """Return a body, and no more of it than MAX_BODY."""
    body, more = b"", True
    while more:
        event = await receive()
        body += event.get("body", b"")[: MAX_BODY - len(body)]
        more = event.get("more_body", False)
    return body


async def _send(send: Any, status: int, answer: Json | bytes, more: dict[str, str]) -> None:
    body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    kind = HTML if isinstance(answer, bytes) else JSON
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
    headers += [(name.lower().encode(), value.encode()) for name, value in more.items()]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
