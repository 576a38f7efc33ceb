"""A clock for the demo: the verbs ask Django what time it is, and here they are told another one."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from unittest.mock import patch

from django.utils import timezone


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let it be `moment` for everything this process does inside the block; rows get the times of a real past."""
    with patch.object(timezone, "now", lambda: moment):
        yield
