"""The settings of the tests: config.settings with what a test run needs besides."""

import os

os.environ.setdefault("SECRET_KEY", "a-key-for-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz")
os.environ.setdefault("MESSAGING_BACKEND", "memory")

from config.settings import *  # noqa: F403
from config.settings import BASE_DIR, DATABASES

DATABASES["default"]["CONN_MAX_AGE"] = 0  # a connection kept would keep the test database from being removed
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file of this run, since threads and processes must meet in it: one in memory has but one connection.
    DATABASES["default"]["TEST"] = {"NAME": BASE_DIR / ".cache" / f"test-{os.getpid()}.sqlite3"}
WHITENOISE_USE_FINDERS = False  # every test client would scan the disk; the live server finds files by itself
