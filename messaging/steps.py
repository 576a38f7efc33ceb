"""Going through rows that are due, in a step of the background loop."""

import logging
from collections.abc import Callable, Iterable

log = logging.getLogger("engawa.worker")


class RowsLeftOver(Exception):
    """Some rows of a step failed; the others are done."""


def for_each[Row](rows: Iterable[Row], act: Callable[[Row], int]) -> int:
    """The sum of what `act` did for each row. A row that fails is logged and nobody after it has to wait for it;
    `RowsLeftOver` is raised after the last."""
    done, failed = 0, 0
    for row in rows:
        try:
            done += act(row)
        except Exception:  # whatever it is, the other rows have people waiting for them
            log.exception("failed for %s %s", type(row).__name__, getattr(row, "pk", ""))
            failed += 1
    if failed:
        raise RowsLeftOver(f"{failed} rows failed, {done} done")
    return done
