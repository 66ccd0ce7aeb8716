"""The docs page: the OpenAPI document for people, without a script and without anything from elsewhere."""

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, select_autoescape
from markupsafe import Markup
from quart import Response

POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
PAGES = Environment(
    loader=PackageLoader("users_service.api", "."), autoescape=select_autoescape(["html"]), trim_blocks=True, lstrip_blocks=True
)
LIMITS = {
    "minLength": "at least {} characters", "maxLength": "at most {} characters", "minimum": "from {}", "maximum": "to {}",
    "exclusiveMinimum": "above {}", "exclusiveMaximum": "below {}", "minItems": "at least {}", "maxItems": "at most {}",
}  # fmt: skip
Schema = Mapping[str, Any]


def marked(text: str) -> Markup:
    """Return a text with what stands in backticks as code."""
    parts = text.split("`")
    code, plain = Markup("<code>{}</code>"), Markup("{}")
    return Markup("").join((code if at % 2 else plain).format(part) for at, part in enumerate(parts))


PAGES.filters["marked"] = marked


def docs_page(document: dict[str, Any]) -> Response:
    """Return the page."""
    text = PAGES.get_template("docs.html").render(document=document, groups=_groups(document), kind=kind, named=named)
    headers = {"Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
    return Response(text, content_type="text/html; charset=utf-8", headers=headers)


def kind(schema: Schema) -> str:
    """Return what a value is, in words."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "const" in schema:
        return f"“{schema['const']}”"
    if "enum" in schema:
        return " or ".join(f"“{one}”" for one in schema["enum"])
    for way in ("anyOf", "oneOf", "allOf"):
        if way in schema:
            return " or ".join(dict.fromkeys(kind(one) for one in schema[way]))
    usual = schema.get("type", "any JSON")
    if usual == "array":
        words = f"list of {kind(schema.get('items', {}))}"
    elif usual == "object" and isinstance(schema.get("additionalProperties"), dict):
        words = f"object of {kind(schema['additionalProperties'])} by name"
    else:
        words = schema.get("format", usual)
    limits = [said.format(schema[name]) for name, said in LIMITS.items() if name in schema and schema[name] not in (0, 1)]
    return ", ".join([words, *limits])


def named(schema: Schema) -> list[str]:
    """Return the schemas that a schema refers to, each once."""
    found: dict[str, None] = {}
    for name, value in schema.items():
        if name == "$ref":
            found[str(value).rpartition("/")[2]] = None
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                found |= dict.fromkeys(named(one))
    return list(found)


def _groups(document: Schema) -> dict[str, list[tuple[str, str, Any]]]:
    """Return (method, path, operation) of each by its tag."""
    found: dict[str, list[tuple[str, str, Any]]] = {tag["name"]: [] for tag in document["tags"]}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            found[operation["tags"][0]].append((method.upper(), path, operation))
    return found
