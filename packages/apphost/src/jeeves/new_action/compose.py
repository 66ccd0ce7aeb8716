"""A service's place in docker-compose.yml, put there as a person would: beside its neighbours, comments kept."""

import re

from jeeves.new_action.names import Named
from jeeves_service.errors import PermanentError

BLOCK = """\
  {service}:
    <<: *service
    image: ${{IMAGE_PREFIX:-jeeves}}/{service}:${{TAG:-dev}}
    build: {{context: ., dockerfile: deploy/Dockerfile, args: {{SERVICE: {service}, BASE_IMAGE: "${{BASE_IMAGE:-docker.io/library/python:3.11-slim}}"}}}}
    environment:
      JEEVES_SERVICE_KEY_FILE: /run/secrets/{service}
      JEEVES_SERVICE_KEYS_FILE: /run/secrets/public
      JEEVES_LOG_LEVEL: ${{JEEVES_LOG_LEVEL:-INFO}}
    secrets: [{service}, public]
    networks: [actions]

"""  # noqa: E501
LISTED = '  {service}: {{file: "${{JEEVES_DATA_DIR:-.jeeves}}/keys/{service}.json"}}\n'
#: The comment above `secrets:` belongs to it.
SECRETS = re.compile(r"^(?:#.*\n)*secrets:\n(?P<listed>(?:  .*\n)*)", re.MULTILINE)
ACTIONS = re.compile(r"(?P<listed>JEEVES_ACTIONS: \$\{JEEVES_ACTIONS:-[^}]*)\}")


def added(text: str, named: Named) -> str:
    """Return docker-compose.yml with one more action. Raises PermanentError where it has another form than it had."""
    secrets, actions = SECRETS.search(text), ACTIONS.search(text)
    if secrets is None or actions is None:
        raise PermanentError("docker-compose.yml has no list of secrets, or no JEEVES_ACTIONS, where they are looked for")
    service = named.service
    parts = (
        text[: secrets.start()],
        BLOCK.format(service=service),
        text[secrets.start() : secrets.end("listed")],
        LISTED.format(service=service),
        text[secrets.end("listed") :],
    )
    return ACTIONS.sub(rf"\g<listed>,{named.name}=http://{service}:8000}}", "".join(parts), count=1)
