"""What Slack answers when it will not: HTTP 200 with `ok: false` and a code."""

from typing import Any

Json = dict[str, Any]


class SlackError(Exception):
    """`code` is Slack's word for it; `more` stands beside it in the answer."""

    def __init__(self, code: str, **more: Any) -> None:
        super().__init__(code)
        self.code, self.more = code, more

    @property
    def answer(self) -> Json:
        """The answer's body."""
        return {"ok": False, "error": self.code, **self.more}
