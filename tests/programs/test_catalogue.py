"""The common catalogue: complete, loadable again, and written for those who come."""

import pytest
from django.core.management import call_command

from programs.catalogue import load_catalogue
from programs.models import Curriculum
from tests import make

CODES = ["B1", "B2", "B3", "B4", "B5", "A1", "A2", "A3", "A4", "A5", "S3", "C1", "T1"]


@pytest.fixture
def catalogue(db) -> list[Curriculum]:
    call_command("load_catalogue")
    return list(Curriculum.objects.all())


def test_the_catalogue_holds_every_class_in_its_order(catalogue):
    assert [entry.code for entry in catalogue] == CODES
    assert {entry.municipality for entry in catalogue} == {None}


def test_every_entry_would_pass_the_form(catalogue):
    for entry in catalogue:
        entry.full_clean()


def test_every_entry_says_for_whom_it_is_what_one_learns_and_what_to_bring(catalogue):
    assert [entry.code for entry in catalogue if not (entry.audience and entry.learn and entry.bring)] == []


def test_lines_stand_alone_without_empty_ones(catalogue):
    lines = [line for entry in catalogue for line in f"{entry.learn}\n{entry.bring}".split("\n")]
    assert [line for line in lines if line != line.strip() or not line] == []


@pytest.mark.parametrize(
    ("code", "kind", "sessions", "minutes", "capacity"),
    [
        ("B1", "basic", 1, 90, 8),
        ("B4", "basic", 2, 90, 8),
        ("A1", "applied", 1, 60, 4),
        ("S3", "series", 3, 90, 8),
        ("C1", "consultation", 1, 20, 1),
        ("T1", "training", 6, 120, 20),
    ],
)
def test_the_usual_length_and_size_are_set(catalogue, code, kind, sessions, minutes, capacity):
    entry = next(entry for entry in catalogue if entry.code == code)
    assert (entry.kind, entry.session_count, entry.minutes, entry.capacity) == (kind, sessions, minutes, capacity)


def test_loading_again_brings_wording_up_to_date_and_changes_nothing_else(catalogue):
    Curriculum.objects.filter(code="B1").update(title="古い題", is_active=False)
    own = make.make_curriculum(municipality=make.make_town(), code="B1", title="うちの講座")
    assert load_catalogue() == len(CODES)
    common = Curriculum.objects.get(code="B1", municipality=None)
    assert (common.title, common.is_active) == ("はじめてのスマホ", False)
    own.refresh_from_db()
    assert (own.title, Curriculum.objects.count()) == ("うちの講座", len(CODES) + 1)
