"""The background loop, or one pass of it."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections

from config.worker import work_once


class Command(BaseCommand):
    help = "Send messages, queue reminders, close and make offers; loops until it is told to stop."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="one pass, then stop")
        parser.add_argument("--every", type=float, default=1.0, help="seconds between passes")

    def handle(self, *args: Any, once: bool, every: float, **options: Any) -> None:
        stop = threading.Event()
        if not once:
            signal.signal(signal.SIGTERM, lambda *_: stop.set())
            signal.signal(signal.SIGINT, lambda *_: stop.set())
        while True:
            done = work_once()
            did = ", ".join(f"{name} {count}" for name, count in done.items() if count)
            if did:
                self.stdout.write(did)
            if once or stop.wait(every):
                return
            close_old_connections()
