"""Many callers at once: threads with connections of their own, and processes on the same database."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.db import connection, connections

ROOT = Path(__file__).parent.parent


def run_at_once[T](calls: Sequence[Callable[[], T]], *, lanes: int = 40) -> list[T | Exception]:
    """What each call returned or raised, in their order. All lanes start together, each in a thread with a
    connection of its own; with more calls than lanes, a lane takes one call after another."""
    lanes = min(lanes, len(calls))
    results: list[Any] = [None] * len(calls)
    start = threading.Barrier(lanes)

    def run_lane(first: int) -> None:
        start.wait(timeout=60)
        try:
            for place in range(first, len(calls), lanes):
                try:
                    results[place] = calls[place]()
                except Exception as error:
                    results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run_lane, args=(lane,)) for lane in range(lanes)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def run_in_processes(function: str, arguments: Sequence[Any]) -> list[Any]:
    """What `function` ("tests.sessions.test_races:register_many") returned for each of the arguments, one
    operating-system process each, all let go together on the test's database. Arguments and results are JSON."""
    command = [sys.executable, "-m", "tests.concurrency", str(connection.settings_dict["NAME"]), function]
    processes = [
        subprocess.Popen(
            [*command, json.dumps(argument)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for argument in arguments
    ]
    try:
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n", f"{function} could not be started"
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        outputs = [process.communicate(timeout=120)[0] for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.wait()
    return [json.loads(output) for output in outputs]


def main(database: str, function: str, argument: str) -> None:
    settings.DATABASES["default"]["NAME"] = database
    django.setup()
    module, name = function.split(":")
    call = getattr(import_module(module), name)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    sys.stdout.write(json.dumps(call(json.loads(argument))))


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    main(*sys.argv[1:])
