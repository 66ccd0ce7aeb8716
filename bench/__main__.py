"""`make bench`: measure in turns, print one table, exit with 1 when a figure is below its floor."""

import asyncio
import contextlib
import os
import sys
import tempfile
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TypeVar

import uvloop

from bench import budget, parts, profile, whole
from bench.figures import figures
from bench.measure import Bench, Row
from bench.parts import BOLT_ACK, BOLT_SAY, Queue
from bench.results import Results, by_process, machine, show
from bench.sizes import Sizes
from bench.slack import Slack
from bench.start import seconds_to_first_answer
from jeeves.quit import by_exception

Entered = TypeVar("Entered")


async def run(sizes: Sizes, results: Results, folder: Path) -> tuple[list[Row], float, Slack]:
    """Start all subjects, measure each in every round, in turn; return what was measured."""
    rows: list[Row] = []

    def tell(row: Row) -> None:
        rows.append(row)
        results.row(row)

    async with Slack().listening() as slack:
        with contextlib.ExitStack() as ends:

            async def started(one: AbstractContextManager[Entered]) -> Entered:
                return await asyncio.to_thread(ends.enter_context, one)  # meanwhile our Slack answers

            show("Starting slack-bolt, slack-ingest with a broker, and Jeeves in both forms …")
            ack = await started(parts.bolt(BOLT_ACK, folder, {}))
            say = await started(parts.bolt(BOLT_SAY, folder, {"BENCH_SLACK": slack.url}))
            rabbit = await started(parts.broker(folder))
            ingest = await started(parts.ingest(folder, slack, rabbit))
            embedded = await started(whole.embedded(folder, slack))
            stack = await started(whole.stack(folder, slack))
            async with Queue.of(rabbit) as queue:
                results.write("run", machine(sizes, queue.version))
                bench = Bench(sizes, slack, tell)
                for number in range(1, sizes.rounds + 1):
                    await bench.acks(ack, number)
                    await bench.acks(ingest, number, queue.empty)
                    await bench.replies(say, number)
                    await bench.replies(embedded, number)
                    await bench.replies(stack, number)
            await asyncio.to_thread(ends.close)
        second = await seconds_to_first_answer(folder, slack)
    return rows, second, slack


def main() -> int:
    """Run the benchmark; return the exit code."""
    try:
        sizes, wanted = Sizes.of(os.environ), budget.read()
    except ValueError as error:
        sys.exit(str(error))
    with tempfile.TemporaryDirectory(prefix="jeeves-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL may run as another user
        if os.environ.get("BENCH_PROFILE"):
            uvloop.run(profile.profile(sizes, folder))
            return 0
        results = Results()
        rows, second, slack = uvloop.run(run(sizes, results, folder))
    found = figures(rows, second, slack.doubled)
    results.write("figures", found)
    show("\nCPU of each process, a message (median of the rounds):")
    for words in by_process(rows):
        show(f"  {words}")
    show("")
    for words in budget.table(wanted, found):
        show(words)
    show(f"\nEvery measurement: {results.path}")
    if slack.odd:
        show(f"{slack.odd} calls of Slack that nobody expected: the measured path is not the usual one")
    if wrong := budget.failing(wanted, found):
        show(f"Below its floor: {', '.join(wrong)}")
        return 1
    return 0


if __name__ == "__main__":
    by_exception()  # so that what was begun is ended on SIGTERM as well
    with contextlib.suppress(KeyboardInterrupt):
        sys.exit(main())
    sys.exit(130)
