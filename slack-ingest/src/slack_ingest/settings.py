"""What slack-ingest is told by its environment."""

from typing import Annotated

from pydantic import AfterValidator, SecretStr

from jeeves_service.settings import PeerSettings, checked


def _web_api(url: str) -> str:
    if not url.startswith(("https://", "http://")):
        raise ValueError("it begins with https:// or http://")
    return url.rstrip("/") + "/"


def _secrets(text: str) -> None:
    if not any(part.strip() for part in text.split(",")):
        raise ValueError("it holds no secret")


class Settings(PeerSettings):
    """Without a bot token no installation is known, and nothing is sent."""

    slack_signing_secret: Annotated[SecretStr, checked(_secrets)]
    slack_bot_token: SecretStr = SecretStr("")
    slack_api_url: Annotated[str, AfterValidator(_web_api)] = "https://slack.com/api/"
    jeeves_reply_in_thread: bool = True

    @property
    def signing_secrets(self) -> tuple[bytes, ...]:
        """All secrets that a request may be signed with: several while one replaces another."""
        parts = (part.strip() for part in self.slack_signing_secret.get_secret_value().split(","))
        return tuple(part.encode() for part in parts if part)
