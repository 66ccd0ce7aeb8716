"""An operator's mistake is a line, not a trace."""

import contextlib
import sys
from collections.abc import Iterator


@contextlib.contextmanager
def told() -> Iterator[None]:
    """End the command with exit code 1 and a line for each thing that is wrong."""
    from jeeves.hold import AlreadyRunningError
    from jeeves.servers.processes import ServerError
    from jeeves_service.errors import JeevesError, SettingsError

    try:
        yield
    except SettingsError as error:
        sys.exit("\n".join(f"jeeves: {line}" for line in error.lines))
    except (AlreadyRunningError, ServerError, JeevesError) as error:
        sys.exit(f"jeeves: {error}")
