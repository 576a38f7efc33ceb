"""The number of a class that is held together with another leads to the joint one."""

import pytest

from sessions.merging import Merged, merge
from sessions.models import Refusal, Registration
from tests import make

pytestmark = pytest.mark.django_db


def test_the_old_number_is_answered_with_the_new_one(handset, program, shibukawa, yoshioka, staff):
    lesson = make.make_curriculum()
    gone, into = (
        make.make_course(program=program, curriculum=lesson, host=town, code=code)
        for town, code in ((yoshioka, "5205"), (shibukawa, "5206"))
    )
    assert isinstance(merge(gone, into, by=staff), Merged)
    phone = handset()
    make.make_person(town=yoshioka, phone=phone.number)
    [reply] = phone.send("5205")
    assert "教室番号5206の教室と合同で行います。お申込みは5206と送ってください" in reply
    assert Refusal.objects.get().code == "called_off"
    phone.send("5206", "1")
    assert Registration.objects.get().course == into
