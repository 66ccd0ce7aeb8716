"""Which tests cite which number: in a comment at the test, in its docstring, or in those of its file."""

import ast
import io
import re
import tokenize
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jeeves.checks import sources

#: A letter for the list that a number is of: S and C what Jeeves must do, P known mistakes, A to G and I reliability.
NUMBER = re.compile(r"(?<![\w:/-])[SPA-GI][0-9]{1,3}(?![\w:/-])")
NOQA = re.compile(r"#\s*noqa.*")
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True)
class Part:
    """A test or a class of tests with its lines, decorators included."""

    name: str
    first: int
    last: int
    node: Definition


def cited(root: Path) -> dict[str, list[str]]:
    """Return `file::test`, or the file where no test of it is meant in particular, by number."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for path in sources(root, "test_*.py"):
        name = path.relative_to(root).as_posix()
        if "/tests/" not in f"/{name}":
            continue
        tests: defaultdict[str, set[str]] = defaultdict(set)
        for number, test in in_file(path.read_text(encoding="utf-8")):
            tests[number].add(test)
        for number, named in tests.items():
            found[number] += [f"{name}::{test}" for test in sorted(named) if test] or [name]
    return {number: sorted(tests) for number, tests in found.items()}


def in_file(text: str) -> Iterator[tuple[str, str]]:
    """Yield each number with the test that cites it; without one (``) where it stands for all of the file."""
    tree = ast.parse(text)
    parts = list(_parts(tree))
    for number in NUMBER.findall(ast.get_docstring(tree) or ""):
        yield number, ""
    for part in parts:
        for number in NUMBER.findall(ast.get_docstring(part.node) or ""):
            yield number, part.name
    for line, comment in _comments(text):
        for number in NUMBER.findall(NOQA.sub("", comment)):
            for name in _owners(tree, parts, line):
                yield number, name


def _comments(text: str) -> Iterator[tuple[int, str]]:
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def _parts(tree: ast.Module) -> Iterator[Part]:
    for node in ast.walk(tree):
        if isinstance(node, Definition) and node.name.startswith(("test_", "Test")):
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            yield Part(node.name, first, node.end_lineno or node.lineno, node)


def _owners(tree: ast.Module, parts: list[Part], line: int) -> list[str]:
    """Return the innermost test around a line; for a line of a table, the tests that use it; else all of the file."""
    around = [part for part in parts if part.first <= line <= part.last]
    if around:
        return [min(around, key=lambda part: part.last - part.first).name]
    tables = {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign) and node.lineno <= line <= (node.end_lineno or node.lineno)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    users = [part.name for part in parts if tables & {n.id for n in ast.walk(part.node) if isinstance(n, ast.Name)}]
    following = [part.name for part in parts if part.first == line + 1]
    return users or following or [""]
