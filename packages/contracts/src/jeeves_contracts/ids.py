"""How ids are made. Everybody else passes them on unread."""

import base64
import hashlib
import zlib

LANES = 8  # queues a platform's replies are spread over


def message_id(installation_id: str, *parts: str) -> str:
    """Name a message by where it came from: `slack:T1` and `C1`, `169.1` make `slack:T1:C1:169.1`.

    `installation_id` begins with its platform.
    """
    return ":".join((installation_id, *parts))


def reference(message: str) -> str:
    """Return the short code by which people may speak of a message."""
    return base64.b32encode(hashlib.sha256(message.encode()).digest())[:8].decode()


def reply_id(message: str, number: int) -> str:
    """Name the `number`th reply of a message, counted from 1."""
    return f"{message}/{number}"


def split_reply_id(reply: str) -> tuple[str, int]:
    """Undo `reply_id`. Raises ValueError when it is none."""
    message, _, number = reply.rpartition("/")
    if not message:
        raise ValueError("a reply_id is <message_id>/<number>")
    return message, int(number)


def lane(installation_id: str, channel_id: str) -> int:
    """Return the lane of a channel: the same in every process and every release."""
    return zlib.crc32(f"{installation_id}\n{channel_id}".encode()) % LANES
