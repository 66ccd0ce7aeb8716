"""Files as Slack takes them: an address for their bytes, the bytes, and what is then to be done with them.

https://docs.slack.dev/reference/methods/files.getUploadURLExternal and files.completeUploadExternal
"""

import re
import secrets
from typing import Any

from jeeves_sandbox import people
from jeeves_sandbox.chat import parsed, text_of
from jeeves_sandbox.errors import Json, SlackError
from jeeves_sandbox.workspace import Post, StoredFile, Workspace

UPLOAD = "/upload/v1/"  # below the Web API's address; what follows is a secret, and good for one file
LARGEST = 2 * 1024 * 1024  # bytes of a file
ALT = 1000  # characters
WAITING = 50  # uploads that were begun and not completed
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
SIZE = re.compile(r"[0-9]{1,12}", re.ASCII)


class Uploads:
    """Uploads that are under way, by their secrets."""

    def __init__(self) -> None:
        self._begun: dict[str, StoredFile] = {}

    def begin(self, args: Json, address: str) -> Json:
        """`files.getUploadURLExternal`; `address` is where who asks reaches the Web API. Raises SlackError."""
        name, length = text_of(args, "filename"), text_of(args, "length")
        if not name or not length:
            raise SlackError("missing_argument")
        if not SIZE.fullmatch(length) or int(length) < 1:
            raise SlackError("invalid_arguments")
        if int(length) > LARGEST:
            raise SlackError("file_upload_size_restricted")
        if len(text_of(args, "alt_txt")) > ALT:
            raise SlackError("alt_txt_too_large")
        secret = secrets.token_urlsafe(32)
        file = StoredFile(f"F{''.join(secrets.choice(LETTERS) for _ in range(10))}", name[:255], int(length))
        self._begun[secret] = file
        if len(self._begun) > WAITING:
            del self._begun[next(iter(self._begun))]
        return {"ok": True, "upload_url": f"{address}{UPLOAD}{secret}", "file_id": file.id}

    def named(self, secret: str) -> Json:
        """Return what may be told of an upload: never its secret."""
        file = self._begun.get(secret)
        return {"file": file.id, "filename": file.name} if file else {}

    def take(self, secret: str, content: bytes) -> tuple[int, bytes]:
        """Take the bytes; return the HTTP status and what is answered."""
        file = self._begun.get(secret)
        if file is None or file.content is not None:
            return 404, b"not found"
        if len(content) != file.size:
            return 400, b"the size is not what was said"
        file.content = content
        return 200, f"OK - {file.size}".encode()

    def complete(self, space: Workspace, args: Json) -> Json:
        """`files.completeUploadExternal`: all of them or none. Raises SlackError."""
        listed = parsed(args, "files", "invalid_arguments")
        if not isinstance(listed, list) or not listed or not all(isinstance(one, dict) for one in listed):
            raise SlackError("invalid_arguments")
        channel, thread = text_of(args, "channel_id"), text_of(args, "thread_ts")
        if channel and people.is_person(channel):  # a person's id stands for no conversation here
            raise SlackError("channel_not_found")
        place = space.place(channel) if channel else ""
        root = space.root_of(place, thread) if place and thread else None
        files = [self._completed(space, one) for one in listed]
        for file, one in zip(files, listed, strict=True):
            file.title = text_of(one, "title") or file.name
            space.keep_file(file)
        self._begun = {secret: file for secret, file in self._begun.items() if file not in files}
        if place:
            space.add(Post(place, _message(space, files, text_of(args, "initial_comment"), root), args=args))
        return {"ok": True, "files": [file.told for file in files]}

    def _completed(self, space: Workspace, one: Any) -> StoredFile:
        name = text_of(one, "id")
        known = [*self._begun.values(), *space.files.values()]
        file = next((file for file in known if file.id == name), None)
        if file is None or file.content is None:
            raise SlackError("file_not_found")
        return file


def _message(space: Workspace, files: list[StoredFile], comment: str, root: str | None) -> Json:
    message: Json = {"type": "message", "subtype": "file_share", "user": people.BOT_USER, "bot_id": people.BOT}
    message |= {"app_id": people.APP, "team": space.team, "text": comment, "files": [file.told for file in files]}
    return {**message, **({"thread_ts": root} if root else {}), "ts": space.new_ts()}
