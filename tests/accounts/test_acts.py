"""Whatever is done, the audit list says it in words."""

import ast

import pytest

from accounts.acts import DEEDS, THINGS, act_label
from programs.models import Partnership
from sessions.calls import CallResult
from sessions.models import Registration
from tests.test_architecture import modules, tree_of


def written_acts() -> set[str]:
    """Every act that stands in the code as a plain word, and those that are put together from a state."""
    texts = {
        constant.value
        for file in modules()
        for call in ast.walk(tree_of(file))
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "audit.record"
        for constant in ast.walk(call.args[0])
        if isinstance(constant, ast.Constant)
    }
    plain = {text for text in texts if not text.endswith(".") and "." in text}
    states = {f"registration.{state}" for state in Registration.State}
    answers = {f"partner.{state}" for state in Partnership.State}
    results = {f"notice.{result}" for result in CallResult}
    kept = {f"{thing}.{deed}" for thing in ("program", "curriculum", "venue") for deed in ("added", "changed")}
    return plain | states | answers | results | kept


def test_every_act_of_the_code_has_words():
    acts = written_acts()
    assert len(acts) > 40
    unsaid = {act for act in acts if act.split(".")[0] not in THINGS or act.split(".")[1] not in DEEDS}
    assert unsaid == set()


@pytest.mark.parametrize("act", ["", "course", "meteor.landed", "course.", ".moved"])
def test_an_act_without_words_stays_as_it_is_written(act):
    assert act_label(act) == act
