"""From `make new-action` to the first answer, timed: `PYTHONPATH=tests .venv/bin/python -m sdk.timed`.

In a copy of the checkout whose environment is made, beside a Jeeves that runs there and is not started anew.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from support.beginner import Beginner
from support.slack import SlackStandIn

NAME = "pub-quiz"


def first_answer(beginner: Beginner, told: Callable[[str, float], None]) -> str:
    """Make an action, run it, ask it; tell each step with the seconds it took. Raises AssertionError when one fails."""
    began = time.monotonic()

    def tell(step: str) -> None:
        nonlocal began
        told(step, time.monotonic() - began)
        began = time.monotonic()

    made = beginner.types(f"make new-action NAME={NAME}")
    assert made.returncode == 0, made.stdout
    tell(f"make new-action NAME={NAME}")
    with beginner.running(f"make action NAME={NAME}", lambda words: "answers now" in words):
        tell(f"make action NAME={NAME}")
        answer = beginner.says(f"{NAME} hello there")
        tell("asked in Slack and answered")
    return answer


def main() -> None:
    """Print the steps and their sum."""
    steps: list[float] = []

    def told(step: str, seconds: float) -> None:
        steps.append(seconds)
        sys.stdout.write(f"{seconds:6.1f} s  {step}\n")

    with tempfile.TemporaryDirectory() as folder, SlackStandIn() as slack:
        beginner = Beginner(Path(folder), slack)
        made = beginner.types("make .venv/ready")
        assert made.returncode == 0, made.stdout
        with beginner.jeeves():
            answer = first_answer(beginner, told)
    sys.stdout.write(f"{sum(steps):6.1f} s  from the command to the answer: {answer}\n")


if __name__ == "__main__":
    main()
