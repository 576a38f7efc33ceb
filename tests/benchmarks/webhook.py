"""How long the SMS webhook takes at a steady rate: python -m tests.benchmarks.webhook [--rate 50] [--seconds 20]

Residents apply for a class in four texts each (number, town and name, yes, look-up), signed, over HTTP, to a
server of its own on a database of its own (DATABASE_URL, or SQLite in a temporary folder). Texts are sent at
their time whether or not earlier ones have been answered, so that a slow answer is not hidden by waiting.
"""

import argparse
import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).parent.parent.parent
PORT = 8799
TEXTS = ("5205", "2 ヨシオカ {kana}", "1", "確認")
KANA = "アイウエオカキクケコサシスセソタチツテト"
APART = 2  # seconds between two texts of one telephone


def prepare(folder: Path) -> None:
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder / 'benchmark.sqlite3'}")
    os.environ.update(
        DJANGO_SETTINGS_MODULE="config.settings",
        SECRET_KEY="a-key-for-measuring-only-0123456789-abcdefghijklmnop",
        MESSAGING_BACKEND="simulator",
        PUBLIC_BASE_URL=f"http://127.0.0.1:{PORT}",
    )
    subprocess.run([sys.executable, "manage.py", "migrate", "-v", "0"], cwd=ROOT, check=True)
    subprocess.run([sys.executable, "-m", "tests.benchmarks.webhook", "--fill"], cwd=ROOT, check=True)


def fill() -> None:
    import django  # noqa: PLC0415  the settings are read from the environment made above

    django.setup()
    from tests import make  # noqa: PLC0415  needs Django to be set up

    towns = [make.make_town(name=name) for name in ("渋川市", "吉岡町", "榛東村")]
    program = make.make_program(lead=towns[0], partners=tuple(towns[1:]))
    make.make_course(program=program, code="5205", capacity=30, quotas=dict.fromkeys(towns, 8))
    sys.stdout.write(make.make_line().number)


def signed_form(number: int, step: int) -> tuple[bytes, dict[str, str]]:
    from messaging.twilio import FORM, sign  # noqa: PLC0415  needs Django to be set up

    kana = "".join(KANA[number // 20**place % 20] for place in range(4))
    form = {
        "AccountSid": "AC" + "0" * 32,
        "MessageSid": f"SM{number:024x}{step:08x}",
        "From": f"+81900{number:07d}",
        "To": "+819002100999",
        "Body": TEXTS[step].format(kana=kana),
        "NumMedia": "0",
    }
    return urlencode(form).encode(), {"Content-Type": FORM, **sign("/webhooks/twilio/sms/", form)}


def post(due: float, content: bytes, headers: dict[str, str]) -> tuple[float, int]:
    """Seconds from the moment the text was due to its answer, and the status."""
    time.sleep(max(0.0, due - time.perf_counter()))
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
    connection.request("POST", "/webhooks/twilio/sms/", content, headers)
    status = connection.getresponse().status
    connection.close()
    return time.perf_counter() - due, status


def measure(rate: int, seconds: int) -> None:
    import django  # noqa: PLC0415  the settings are read from the environment made above

    django.setup()
    lag = APART * rate // len(TEXTS) * len(TEXTS)
    plan = []
    for place in range(rate * seconds):
        block, offset = divmod(place, lag)
        step, number = divmod(offset, lag // len(TEXTS))
        plan.append(signed_form(block * lag // len(TEXTS) + number, step))
    start = time.perf_counter() + 1
    with ThreadPoolExecutor(max_workers=64) as pool:
        calls = [pool.submit(post, start + n / rate, *text) for n, text in enumerate(plan)]
        answers = [call.result() for call in calls]
    times = sorted(1000 * took for took, _status in answers)
    good = sum(status == 200 for _took, status in answers)
    cuts = statistics.quantiles(times, n=100)
    sys.stdout.write(
        f"{len(times)} texts at {rate}/s, {good} answered 200: "
        f"median {cuts[49]:.0f} ms, p95 {cuts[94]:.0f} ms, p99 {cuts[98]:.0f} ms, longest {times[-1]:.0f} ms\n"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--workers", type=int, default=2, help="processes of the web server")
    parser.add_argument("--fill", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.fill:
        fill()
        return
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder))
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(PORT)]
        command += [
            "--workers",
            str(options.workers),
            "--blocking-threads",
            "4",
            "--log-level",
            "error",
            "config.wsgi:application",
        ]
        server = subprocess.Popen(command, cwd=ROOT)
        try:
            wait_for_server()
            measure(options.rate, options.seconds)
        finally:
            server.terminate()
            server.wait()


def wait_for_server() -> None:
    for _ in range(120):
        try:
            post(time.perf_counter(), b"", {})
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise SystemExit("The server did not start.")


if __name__ == "__main__":
    main()
