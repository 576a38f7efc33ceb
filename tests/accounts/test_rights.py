"""The permission matrix: every staff page x role x own town, partner, stranger, nobody signed in.

The table below is written by hand and compared with the URLs there are, so a new page is a decision.
"""

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from accounts.models import Membership, Municipality, Role
from participants.models import Channel
from phone.models import Conversation
from programs.models import Allocation, Program
from programs.sharing import invite
from sessions.broadcasts import call_off_many
from sessions.draw import settle
from sessions.models import Consultation, Course, DaySheet, Notice
from sessions.registration import cancel
from tests import make
from tests.test_architecture import views

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]  # about pages and words, the same on every database

ROLES = {
    "anybody": {Role.ADMIN, Role.COORDINATOR, Role.DESK, Role.VIEWER},
    "desk": {Role.ADMIN, Role.COORDINATOR, Role.DESK},
    "coordinator": {Role.ADMIN, Role.COORDINATOR},
    "admin": {Role.ADMIN},
}

# page, least role, whether it shows people (then no council opens it), thing it is about,
# and what its own town, a partner and a stranger get: opens, 403, 404.
TABLE = """
accounts:switch_town          anybody      -       -             opens
accounts:settings             admin        -       -             opens
accounts:set_population       admin        -       -             opens
accounts:audit                admin        -       -             opens
accounts:new_member           admin        -       -             opens
accounts:member               admin        -       member        opens  404    404
accounts:change_role          admin        -       member        opens  404    404
accounts:set_password         admin        -       member        opens  404    404
accounts:remove_member        admin        -       member        opens  404    404
programs:programs             anybody      -       -             opens
programs:new_program          coordinator  -       -             opens
programs:program              anybody      -       program       opens  opens  404
programs:edit_program         coordinator  -       program       opens  403    404
programs:invite               coordinator  -       program       opens  403    404
programs:accept               coordinator  -       invitation    opens  403    404
programs:decline              coordinator  -       invitation    opens  403    404
sessions:leave                coordinator  -       partnership   403    opens  404
programs:take_back            coordinator  -       partnership   opens  403    404
programs:expenses             anybody      -       program       opens  opens  404
programs:new_expense          coordinator  -       program       opens  opens  404
programs:edit_expense         coordinator  -       expense       opens  403    404
programs:remove_expense       coordinator  -       expense       opens  403    404
sessions:program_courses      anybody      -       program       opens  opens  404
sessions:copy_season          coordinator  -       program       opens  403    404
sessions:costs                anybody      -       program       opens  opens  404
sessions:costs_sheet          anybody      -       program       opens  opens  404
programs:curricula            anybody      -       -             opens
programs:new_curriculum       coordinator  -       -             opens
programs:curriculum           anybody      -       curriculum    opens  404    404
programs:edit_curriculum      coordinator  -       curriculum    opens  404    404
programs:venues               anybody      -       -             opens
programs:new_venue            coordinator  -       -             opens
programs:import_venues        coordinator  -       -             opens
programs:closing_days         anybody      -       -             opens
programs:add_closing_days     coordinator  -       -             opens
programs:remove_closing_days  coordinator  -       -             opens
programs:venue                anybody      -       venue         opens  404    404
programs:edit_venue           coordinator  -       venue         opens  404    404
sessions:calendar             anybody      -       -             opens
sessions:my_feed              anybody      -       -             opens
sessions:new_address          anybody      -       -             opens
sessions:close_feed           anybody      -       -             opens
sessions:busy                 anybody      -       venue         opens  404    404
sessions:import_busy          coordinator  -       venue         opens  404    404
sessions:remove_busy          coordinator  -       busy          opens  404    404
sessions:courses              anybody      -       -             opens
sessions:new_course           coordinator  -       -             opens
sessions:course               anybody      -       course        opens  opens  404
sessions:register             desk         people  course        opens  opens  404
sessions:roster               anybody      people  course        opens  opens  404
sessions:papers               anybody      people  course        opens  opens  404
sessions:paper                anybody      people  course        opens  opens  404
sessions:rota                 anybody      -       course        opens  opens  404
sessions:put_down             coordinator  -       session       opens  opens  404
sessions:record_hours         coordinator  -       session       opens  opens  404
sessions:repeat_duties        coordinator  -       session       opens  opens  404
sessions:duty                 coordinator  -       duty          opens  403    404
sessions:take_off             coordinator  -       duty          opens  403    404
sessions:publish              coordinator  -       course        opens  403    404
sessions:seats                coordinator  -       course        opens  403    404
sessions:release_now          coordinator  -       course        opens  403    404
sessions:window               coordinator  -       course        opens  403    404
sessions:call_off             coordinator  -       course        opens  403    404
sessions:draw                 anybody      -       drawn         opens  opens  404
sessions:draw_record          anybody      -       drawn         opens  opens  404
sessions:draw_settle          coordinator  -       drawn         opens  403    404
sessions:draw_hold            coordinator  -       drawn         opens  403    404
sessions:draw_publish         coordinator  -       drawn         opens  403    404
sessions:move_session         coordinator  -       session       opens  403    404
sessions:call_off_session     coordinator  -       session       opens  403    404
sessions:merges               coordinator  -       -             opens
sessions:merge                coordinator  -       course        opens  403    404
sessions:broadcast            coordinator  -       -             opens
sessions:broadcast_reach      anybody      -       broadcast     opens  opens  404
sessions:outreach_list        anybody      -       -             opens
sessions:new_outreach         desk         people  -             opens
sessions:outreach             anybody      -       outreach      opens  404    404
sessions:plan_outreach        coordinator  -       outreach      opens  404    404
sessions:decline_outreach     coordinator  -       outreach      opens  404    404
sessions:withdraw_outreach    desk         people  outreach      opens  404    404
sessions:count_people         desk         people  outreach      opens  404    404
sessions:day                  desk         people  session       opens  403    404
sessions:mark                 desk         people  session       opens  403    404
sessions:undo                 desk         people  session       opens  403    404
sessions:helpers              desk         people  session       opens  403    404
sessions:walk_in              desk         people  session       opens  403    404
sessions:undo_walk_in         desk         people  session       opens  403    404
sessions:day_sheet            desk         people  session       opens  403    404
sessions:print_sheet          desk         people  sheet         opens  403    404
sessions:day_sheet_pdf        desk         people  sheet         opens  403    404
sessions:key_sheet            desk         people  sheet         opens  403    404
sessions:consultations        desk         people  by_slot       opens  403    404
sessions:join_queue           desk         people  by_slot       opens  403    404
sessions:finish_turn          desk         people  by_slot       opens  403    404
sessions:absent               desk         people  by_slot       opens  403    404
sessions:reopen_turn          desk         people  turn          opens  403    404
sessions:accept               desk         people  offered       opens  403    404
sessions:decline              desk         people  offered       opens  403    404
sessions:cancel               desk         people  registration  opens  403    404
sessions:calls                anybody      people  -             opens
sessions:call_record          desk         people  notice        opens  404    404
sessions:call_answer          desk         people  offered       opens  404    404
participants:people           anybody      people  -             opens
participants:import           coordinator  people  -             opens
participants:export           coordinator  people  -             opens
participants:export_codes     coordinator  people  -             opens
participants:person           anybody      people  person        opens  404    404
participants:edit             desk         people  person        opens  404    404
participants:add_number       desk         people  person        opens  404    404
participants:consent          desk         people  person        opens  404    404
participants:stop_sms         desk         people  contact       opens  404    404
participants:resume_sms       desk         people  contact       opens  404    404
desk:desk                     desk         people  -             opens
desk:count                    desk         people  -             opens
desk:hold                     desk         people  -             opens
desk:release                  desk         people  -             opens
desk:register                 desk         people  -             opens
desk:receipt                  desk         people  registration  opens  404    404
desk:cancel                   desk         people  registration  opens  404    404
desk:accept                   desk         people  offered       opens  404    404
desk:decline                  desk         people  offered       opens  404    404
phone:today                   anybody      -       -             opens
phone:threads                 anybody      people  -             opens
phone:thread                  anybody      people  thread        opens  404    404
phone:thread_answer           desk         people  thread        opens  404    404
phone:thread_close            desk         people  thread        opens  404    404
phone:simulator               desk         people  -             opens
phone:simulator_send          desk         people  -             opens
phone:simulator_deliver       desk         people  -             opens
"""


class Page(NamedTuple):
    name: str
    least: str
    shows: str
    thing: str
    own: str
    partner: str = "opens"
    stranger: str = "opens"


PAGES = {page.name: page for page in (Page(*line.split()) for line in TABLE.strip().splitlines())}
TOWN_APPS = {name.split(":")[0] for name in PAGES}


@pytest.fixture
def things(program, shibukawa, yoshioka, takasaki, staff, settings) -> dict[str, int]:
    """One thing of each kind that belongs to 渋川市; `partnership` is the one of 吉岡町,
    which leads the programme of the `invitation`."""
    settings.MESSAGING_BACKEND = "simulator"
    course = make.make_course(program=program, capacity=1)
    taken = make.make_registration(course=course, town=shibukawa)
    offered = make.make_registration(course=course, town=shibukawa, state="waiting")
    cancel(taken, channel=Channel.PHONE)
    open_course = make.make_course(program=program)
    by_call = make.make_person(town=shibukawa, sms=False)
    registration = make.make_registration(course=open_course, person=by_call, channel=Channel.FAX)
    invitation = invite(make.make_program(lead=yoshioka), shibukawa, by=staff)
    talk = Conversation.objects.create(
        line=program.line, number=by_call.contact_points.get().number, municipality=shibukawa
    )
    day = make.make_course(program=program)
    announced = call_off_many(day.class_sessions.all(), reason="大雪", by=staff, municipality=shibukawa)
    return {
        "broadcast": announced.broadcast.pk,
        "busy": make.make_busy_calendar(venue=make.make_venue(town=shibukawa)).pk,
        "program": program.pk,
        "partnership": program.partnerships.get(municipality=yoshioka).pk,
        "expense": make.make_expense(program=program, town=shibukawa).pk,
        "duty": make.make_duty(class_session=open_course.class_sessions.get(), town=shibukawa).pk,
        "invitation": invitation.pk,
        "member": make.make_user(town=shibukawa).memberships.get().pk,
        "curriculum": make.make_curriculum(municipality=shibukawa).pk,
        "venue": make.make_venue(town=shibukawa).pk,
        "course": open_course.pk,
        "drawn": settled_lottery(program).pk,
        "session": open_course.class_sessions.get().pk,
        "sheet": day_sheet_of(open_course).pk,
        **consultation_day(program, shibukawa),
        "registration": registration.pk,
        "offered": offered.pk,
        "outreach": make.make_outreach(program=program, town=shibukawa).pk,
        "notice": Notice.objects.to_do_by_hand().get(registration=registration).pk,
        "person": by_call.pk,
        "contact": by_call.contacts.get().pk,
        "thread": talk.pk,
    }


def settled_lottery(program: Program) -> Course:
    """A course whose entries are settled and not drawn yet."""
    course = make.make_course(program=program, allocation=Allocation.LOTTERY)
    make.make_registration(course=course)
    Course.objects.filter(pk=course.pk).update(closes_at=timezone.now())
    settle(course, by=None)
    return course


def day_sheet_of(course: Course) -> DaySheet:
    return DaySheet.objects.create(class_session=course.class_sessions.get(), rows=[], printed_at=timezone.now())


def consultation_day(program: Program, town: Municipality) -> dict[str, int]:
    """A course of slots and one finished turn of it."""
    course = make.make_course(program=program, by_slot=True)
    now = timezone.now()
    turn = Consultation.objects.create(
        class_session=course.class_sessions.get(),
        way=Consultation.Way.WALK_IN,
        municipality=town,
        queued_at=now,
        done_at=now,
        outcome=Consultation.Outcome.SOLVED,
    )
    return {"by_slot": course.pk, "turn": turn.pk}


def visit(page: Page, things: dict[str, int], member: Membership | None) -> HttpResponse:
    """Open the page, or press its button; what that changed is undone."""
    client = Client()
    if member is not None:
        client.force_login(member.user)
    url = reverse(page.name, args=[] if page.thing == "-" else [things[page.thing]])
    with transaction.atomic():
        response = client.get(url)
        if response.status_code == 405:
            response = client.post(url)
        transaction.set_rollback(True)
    return response


def answer(page: Page, things: dict[str, int], member: Membership) -> str:
    status = visit(page, things, member).status_code
    return "opens" if status in {200, 302} else str(status)


def member_of(town: Municipality, role: str = Role.ADMIN) -> Membership:
    return make.make_user(town=town, role=role).memberships.get()


def staff_pages() -> Iterator[tuple[str, object]]:
    for name, pattern in views(get_resolver().url_patterns):
        if name.split(":")[0] in TOWN_APPS and getattr(pattern.callback, "login_required", True):
            yield name, pattern.callback


def test_every_staff_page_stands_in_the_table():
    assert sorted(name for name, _view in staff_pages()) == sorted(PAGES)


def test_every_staff_page_asks_for_a_right():
    assert [name for name, view in staff_pages() if not hasattr(view, "right")] == []


def test_a_page_opens_to_the_roles_of_the_table_and_to_nobody_else(things, shibukawa):
    members = {role: member_of(shibukawa, role) for role in Role}
    opened = {
        name: {role for role, member in members.items() if answer(page, things, member) != "403"}
        for name, page in PAGES.items()
    }
    assert opened == {name: ROLES[page.least] if page.own != "403" else set() for name, page in PAGES.items()}


def test_a_page_tells_own_town_partner_and_stranger_apart(things, shibukawa, yoshioka, takasaki):
    members = [member_of(town) for town in (shibukawa, yoshioka, takasaki)]
    told = {name: [answer(page, things, member) for member in members] for name, page in PAGES.items()}
    assert told == {name: [page.own, page.partner, page.stranger] for name, page in PAGES.items()}


def test_a_council_that_leads_the_programme_opens_no_page_about_people(things, program):
    council = make.make_town(name="協議会", kind=Municipality.Kind.COUNCIL)
    program.lead = council
    program.save()
    member = member_of(council)
    about_people = [page for page in PAGES.values() if page.shows == "people"]
    assert {page.name: answer(page, things, member) for page in about_people} == {
        page.name: "403" for page in about_people
    }


def test_nobody_opens_a_staff_page_without_signing_in(things):
    opened = [page.name for page in PAGES.values() if not sent_to_sign_in(visit(page, things, None))]
    assert opened == []


def sent_to_sign_in(response: HttpResponse) -> bool:
    return response.status_code == 302 and response.url.startswith("/accounts/login/")


def test_nobody_opens_a_staff_page_without_a_town(things):
    homeless = Membership(user=make.make_user())
    assert {answer(page, things, homeless) for page in PAGES.values()} == {"403"}
