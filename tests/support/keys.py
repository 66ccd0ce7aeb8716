"""Keys as the app host makes them: each service may sign for what its `service.toml` says."""

from jeeves import operator, registry
from jeeves_service.tokens import new_keys


def service_keys() -> tuple[dict[str, str], str]:
    """Return every service's private key, and all public ones."""
    return new_keys(operator.scopes(registry.services()))
