"""Near-empty classes of neighbouring towns are proposed as one."""

from datetime import timedelta

import pytest
from django.utils import timezone

from programs.models import Allocation, Curriculum
from sessions.models import Course
from sessions.proposing import may_merge, proposals
from tests import make
from tests.sessions.merging import FIRST, change

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def test_two_near_empty_classes_of_neighbours_are_proposed_the_smaller_into_the_larger(gone, into, shibukawa):
    (proposal,) = proposals(shibukawa)
    assert (proposal.gone.course, proposal.into.course) == (gone, into)
    assert (proposal.gone.seated, proposal.into.seated, proposal.together) == (2, 3, 5)
    assert 6.5 < proposal.km < 7.5
    assert proposal.works_both_ways
    assert proposal.deadline == into.closes_at


@pytest.mark.parametrize(
    "fields",
    [
        {"closes_at": timezone.now() - timedelta(days=3000)},
        {"published_at": None},
        {"by_slot": True},
        {"is_listed": False},
        {"capacity": 4},
        {"allocation": Allocation.LOTTERY},
        {"cancelled_at": FIRST},
    ],
)
def test_what_cannot_be_one_class_is_not_proposed(gone, into, shibukawa, fields):
    change(
        gone, **fields | ({"opens_at": fields["closes_at"] - timedelta(days=1)} if "closes_at" in fields else {})
    )
    assert proposals(shibukawa) == []


@pytest.mark.parametrize(("days", "found"), [(-14, 1), (-15, 0), (14, 1), (15, 0)])
def test_classes_within_fourteen_days_are_proposed(gone, into, shibukawa, days, found):
    start = FIRST + timedelta(days=days)
    gone.class_sessions.update(starts_at=start, ends_at=start + timedelta(hours=1))
    change(gone, starts_at=start, ends_at=start + timedelta(hours=1), closes_at=start - timedelta(hours=12))
    change(into, closes_at=FIRST - timedelta(hours=12))
    assert len(proposals(shibukawa)) == found


def test_another_lesson_of_the_same_kind_and_topic_is_like_enough(gone, into, shibukawa):
    change(gone, curriculum=make.make_curriculum())
    assert len(proposals(shibukawa)) == 1
    change(gone, curriculum=make.make_curriculum(topic=Curriculum.Topic.MAPS))
    assert proposals(shibukawa) == []


def test_a_series_is_not_proposed_with_a_single_class(program, into, shibukawa, yoshioka, lesson, gym):
    make.make_course(
        program=program, starts_at=FIRST, curriculum=lesson, venue=gym, host=yoshioka, session_count=3
    )
    assert proposals(shibukawa) == []


def test_the_distance_of_the_programme_decides_and_towns_stand_in_for_venues(gone, into, shibukawa, yoshioka, gym):
    program = into.program
    program.merge_km = 6
    program.save()
    assert proposals(shibukawa) == []
    type(gym).objects.filter(pk=gym.pk).update(latitude=None)
    assert proposals(shibukawa) == []
    type(yoshioka).objects.filter(pk=yoshioka.pk).update(latitude=36.45, longitude=139.01)
    assert [proposal.km_label for proposal in proposals(shibukawa)] == ["4.5"]


def test_only_the_way_in_which_everybody_fits_is_proposed(gone, into, shibukawa, hall):
    type(hall).objects.filter(pk=hall.pk).update(capacity=4)
    (proposal,) = proposals(shibukawa)
    assert (proposal.gone.course, proposal.into.course) == (into, gone)
    assert not proposal.works_both_ways


def test_a_stranger_is_proposed_nothing(gone, into, takasaki):
    assert proposals(takasaki) == []


def test_proposals_cost_the_same_for_2_and_300_classes(
    gone, into, program, shibukawa, yoshioka, lesson, hall, gym, django_assert_num_queries
):
    with django_assert_num_queries(2):
        proposals(shibukawa)
    make_many(program, lesson, ((shibukawa, hall), (yoshioka, gym)), into)
    with django_assert_num_queries(2):
        assert len(proposals(shibukawa)) > 300


def make_many(program, lesson, places, like: Course) -> None:
    rows = []
    for n in range(298):
        fields = {field.attname: getattr(like, field.attname) for field in Course._meta.concrete_fields}
        fields |= {"id": None, "code": f"{1000 + n}", "host_id": places[n % 2][0].pk, "code_released_at": FIRST}
        rows.append(Course(**fields))
    session = like.class_sessions.get()
    model = type(session)
    model.objects.bulk_create(
        model(
            course=course,
            number=1,
            starts_at=session.starts_at + timedelta(days=n % 20),
            ends_at=session.ends_at + timedelta(days=n % 20),
            venue=places[n % 2][1],
        )
        for n, course in enumerate(Course.objects.bulk_create(rows))
    )


def test_the_lead_may_merge_and_a_host_of_one_may_not(gone, into, shibukawa, yoshioka, takasaki):
    assert [may_merge(town, gone, into) for town in (shibukawa, yoshioka, takasaki)] == [True, False, False]
    into.program.lead = takasaki
    assert may_merge(yoshioka, gone, gone)
    assert not may_merge(shibukawa, into, gone)
