"""What processes cost: CPU time and memory of whole process trees, as the system counts them."""

import contextlib
from collections.abc import Iterator, Mapping

import psutil


def tree(pid: int) -> Iterator[psutil.Process]:
    """Yield a process and all below it that live now."""
    with contextlib.suppress(psutil.NoSuchProcess):
        root = psutil.Process(pid)
        yield from (root, *root.children(recursive=True))


def cpu(roots: Mapping[str, int]) -> dict[str, float]:
    """Return the CPU seconds, user and system, that each tree has used so far, its ended children's included."""
    return {name: sum(map(_used, tree(pid))) for name, pid in roots.items()}


def memory(roots: Mapping[str, int]) -> dict[str, float]:
    """Return the resident memory of each tree, in MB (a million bytes)."""
    return {name: sum(map(_resident, tree(pid))) / 1e6 for name, pid in roots.items()}


def _used(process: psutil.Process) -> float:
    with contextlib.suppress(psutil.NoSuchProcess):
        times = process.cpu_times()
        return float(times.user + times.system + getattr(times, "children_user", 0) + getattr(times, "children_system", 0))
    return 0.0


def _resident(process: psutil.Process) -> float:
    with contextlib.suppress(psutil.NoSuchProcess):
        return float(process.memory_info().rss)
    return 0.0
