"""Structured logs: one JSON object a line, or pretty on a terminal. What is bound at ingress is on every line below it."""

import logging
import sys

import structlog
from structlog.stdlib import BoundLogger

bind = structlog.contextvars.bind_contextvars
clear = structlog.contextvars.clear_contextvars


def logger(name: str) -> BoundLogger:
    """Return the logger of a module."""
    bound: BoundLogger = structlog.get_logger(name)
    return bound


def configure(level: str = "INFO", *, pretty: bool | None = None) -> None:
    """Set up logging once, at a process's start. `pretty` defaults to whether standard error is a terminal."""
    pretty = sys.stderr.isatty() if pretty is None else pretty
    # Tracebacks without local variables: these hold people's words, and tokens.
    plain = structlog.dev.plain_traceback
    render = structlog.dev.ConsoleRenderer(exception_formatter=plain) if pretty else structlog.processors.JSONRenderer()
    frames = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
    exceptions = [] if pretty else [structlog.processors.ExceptionRenderer(frames)]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *exceptions,
            render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping().get(level.upper(), logging.INFO)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    for chatty in ("aiormq", "aio_pika"):  # the bus itself tells what becomes of its connection
        logging.getLogger(chatty).setLevel(logging.CRITICAL)
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s", force=True)
