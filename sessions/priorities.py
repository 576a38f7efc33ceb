"""Who is drawn before others, as far as the programme has switched it on.

Of those who come together the highest priority counts for all, so that nobody loses by not coming alone.
"""

from collections.abc import Iterable, Sequence

from django.db.models import Exists, F, OuterRef

from programs.models import DrawPriority
from sessions.models import Course, Registration, SeatOffer
from sessions.waiting_list import tickets

# Each counts more than all after it together.
WEIGHTS = {DrawPriority.LOST_BEFORE: 4, DrawPriority.FIRST_TIME: 2, DrawPriority.RESIDENT: 1}


def priorities_of(course: Course, applied: Sequence[Registration]) -> dict[int, int]:
    """The priority of each registration by its key."""
    people = [row.participant_id for row in applied]
    favoured = {
        DrawPriority.LOST_BEFORE: who_lost_before(course, people),
        DrawPriority.FIRST_TIME: set(people) - who_had_a_seat(people),
        DrawPriority.RESIDENT: {row.participant_id for row in applied if row.municipality_id == course.host_id},
    }
    on = [(favoured[each], weight) for each, weight in WEIGHTS.items() if each in course.program.draw_priorities]
    own = {row.pk: sum(weight for persons, weight in on if row.participant_id in persons) for row in applied}
    return {member.pk: max(own[each.pk] for each in ticket) for ticket in tickets(applied) for member in ticket}


def who_had_a_seat(people: Iterable[int]) -> set[int]:
    """Those who ever had a confirmed seat, but for classes that we called off and walk-ins that were a slip."""
    rows = Registration.objects.filter(participant__in=people, confirmed_at__isnull=False)
    return set(
        rows.exclude(ended_reason__in=["called_off", "walk_in_undone"]).values_list("participant", flat=True)
    )


def who_lost_before(course: Course, people: Iterable[int]) -> set[int]:
    """Those who were not drawn in the last draw of the programme they took part in, and were offered no seat
    later. Who cancelled before its result was published took no part."""
    offered = SeatOffer.objects.filter(registration=OuterRef("pk"))
    rows = (
        Registration.objects.filter(
            participant__in=people,
            course__program=course.program_id,
            draw_rank__isnull=False,
            course__draw__published_at__isnull=False,
        )
        .exclude(course=course)
        .annotate(at=F("course__draw__published_at"), was_offered=Exists(offered))
        .order_by("at")
        .values_list("participant", "state", "confirmed_at", "waiting_since", "was_offered")
    )
    lost: dict[int, bool] = {}
    for person, state, confirmed_at, waiting_since, was_offered in rows:
        if confirmed_at or waiting_since or state == Registration.State.LOST:
            lost[person] = confirmed_at is None and not was_offered
    return {person for person, has_lost in lost.items() if has_lost}
