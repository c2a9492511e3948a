"""How long a worker has been at a page: in seconds of its processor where the system tells, else on the wall."""

import os
from contextlib import suppress
from time import monotonic
from typing import Final

_PATIENCE: Final = 10
"""Seconds on the wall for each second of a processor: what waits that long for a core or a disk is stuck."""


class PageClock:
    """Counts from :meth:`start`.

    Processor time, because a page must not fail for what else a machine is doing.
    """

    def __init__(self, process_id: int | None) -> None:
        self._process_id = process_id
        self.start()

    def start(self) -> None:
        """Begin to count."""
        self._wall, self._worked = monotonic(), read_processor_seconds(self._process_id)

    def is_over(self, seconds: float) -> bool:
        """Whether the worker has worked for so long, or for ten times as long did not come to work."""
        waited = monotonic() - self._wall
        if waited <= seconds:
            return False
        worked = read_processor_seconds(self._process_id)
        if worked is None or self._worked is None or waited > _PATIENCE * seconds:
            return True
        return worked - self._worked > seconds


def read_processor_seconds(process_id: int | None) -> float | None:
    """What a process has used of processors, from Linux's ``/proc`` (proc_pid_stat(5)); ``None`` elsewhere.

    >>> used = read_processor_seconds(os.getpid())
    >>> used is None or used > 0
    True
    """
    with suppress(OSError, ValueError, IndexError):
        with open(f"/proc/{process_id}/stat", "rb") as file:
            # The second field is the program's name in brackets and may hold blanks.
            fields = file.read().rpartition(b")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return None
