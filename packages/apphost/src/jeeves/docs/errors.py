"""What keeps a document from being made."""


class DocsError(Exception):
    """`lines` are one sentence for each thing that nobody described, or that is described and not there."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines
