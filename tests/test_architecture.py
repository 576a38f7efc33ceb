"""The house keeps its shape: one direction of imports, default deny, plain sizes."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(settings.BASE_DIR)
ORDER = [
    "accounts",
    "messaging",
    "participants",
    "programs",
    "sessions",
    "volunteers",
    "surveys",
    "phone",
    "config",
]

# Every page that opens without signing in; a new one is a decision, so it is written down here.
PUBLIC_PAGES = {
    "account_confirm_email",
    "account_confirm_login_code",
    "account_email_verification_sent",
    "account_inactive",
    "account_login",
    "account_logout",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_signup",
    "ask_administrator",
    "feeds:own",
    "feeds:town",
    "healthz",
    "mfa_authenticate",
    "no_email",
    "phone:nowhere",
    "phone:sms",
    "public:accessibility",
    "public:apply",
    "public:classes",
    "public:course",
    "public:events_csv",
    "public:events_json",
    "public:open_data",
    "public:leaflet",
    "public:privacy",
    "public:receipt",
    "public:send",
    "readyz",
    "set_language",
}

CJK = re.compile(r"[\u3001-\u30ff\u3400-\u9fff\uf900-\ufaff\uff01-\uffee]")


def modules(app: str = "*") -> list[Path]:
    folders = ORDER if app == "*" else [app]
    return sorted(
        file for name in folders for file in (ROOT / name).rglob("*.py") if "migrations" not in file.parts
    )


@cache
def tree_of(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), str(file))


def short(file: Path) -> str:
    return str(file.relative_to(ROOT))


def imported(tree: ast.Module) -> Iterator[str]:
    """The dotted names that a module imports; a relative import stays in its app and is left out."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


@pytest.mark.parametrize("app", ORDER)
def test_an_app_imports_only_from_itself_and_from_those_to_its_left(app):
    to_the_right = ORDER[ORDER.index(app) + 1 :]
    upward = [
        f"{short(file)}: {name}"
        for file in modules(app)
        for name in imported(tree_of(file))
        if name.split(".")[0] in to_the_right
    ]
    assert upward == []


def test_foreign_keys_point_only_to_the_left():
    labels = {"class_sessions" if name == "sessions" else name: ORDER.index(name) for name in ORDER}
    upward = [
        str(field)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if model._meta.app_label in labels and field.is_relation and field.concrete and field.related_model
        if labels.get(field.related_model._meta.app_label, -1) > labels[model._meta.app_label]
    ]
    assert upward == []


def test_our_sessions_leave_the_label_of_djangos_alone():
    assert apps.get_app_config("class_sessions").name == "sessions"
    assert apps.get_app_config("sessions").name == "django.contrib.sessions"


def test_nothing_is_imported_inside_a_function():
    local = [
        f"{short(file)}:{node.lineno}"
        for file in modules()
        for function in functions(tree_of(file))
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert local == []


def test_nothing_listens_to_signals():
    listening = [
        f"{short(file)}: {name}"
        for file in modules()
        for name in imported(tree_of(file))
        if name.startswith("django.dispatch") or "signals" in name.split(".")
    ]
    assert listening == []


def test_no_module_is_named_utils():
    assert [short(file) for file in modules() if {"utils", "helpers"} & {file.stem, *file.parts}] == []


def views(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            namespace = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from views(pattern.url_patterns, namespace)
        else:
            yield f"{prefix}{pattern.name}", pattern


def test_only_the_pages_listed_here_open_without_signing_in():
    open_to_all = {
        name
        for name, pattern in views(get_resolver().url_patterns)
        if not getattr(pattern.callback, "login_required", True)
    }
    assert open_to_all == PUBLIC_PAGES


def test_every_page_has_a_name():
    unnamed = [str(pattern.pattern) for name, pattern in views(get_resolver().url_patterns) if not pattern.name]
    assert unnamed == []


def test_sign_in_is_asked_for_by_the_middleware():
    assert "django.contrib.auth.middleware.LoginRequiredMiddleware" in settings.MIDDLEWARE


def test_templates_speak_through_the_catalogue():
    spoken_aloud = {"texts", "voice"}  # SMS and voice lines are Japanese themselves
    japanese = [
        f"{short(file)}: {found.group()}"
        for file in sorted((ROOT / "templates").rglob("*.html"))
        if not spoken_aloud & set(file.parts) and (found := CJK.search(file.read_text(encoding="utf-8")))
    ]
    assert japanese == []


def test_templates_carry_no_inline_script_or_style():
    inline = re.compile(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=\"|javascript:", re.IGNORECASE)
    found = [
        f"{short(file)}: {match.group().strip()}"
        for file in sorted((ROOT / "templates").rglob("*.html"))
        if (match := inline.search(file.read_text(encoding="utf-8")))
    ]
    assert found == []


def test_files_stay_within_400_lines_and_functions_within_40():
    large = [short(file) for file in modules() if len(file.read_text(encoding="utf-8").splitlines()) > 400]
    large += [
        f"{short(file)}: {function.name}"
        for file in modules()
        for function in functions(tree_of(file))
        if (function.end_lineno or 0) - function.lineno >= 40
    ]
    assert large == []


def test_tracked_files_name_no_package_index_and_no_machine():
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a clone")
    # Written in two halves, so that this file does not find itself.
    names = ("pypi" + ".org", "python" + "hosted.org", "npm" + "js.", "/ro" + "ot/", "/wo" + "rk/", "/ho" + "me/")
    found = [
        f"{name}: {word}"
        for name in listed.stdout.decode().split("\0")
        if name and (ROOT / name).is_file()
        for word in names
        if word.encode() in (ROOT / name).read_bytes()
    ]
    assert found == []
