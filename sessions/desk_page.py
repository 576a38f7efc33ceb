"""What the telephone desk shows: everything follows from what was typed and chosen so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from accounts.models import Municipality, User
from participants.models import Participant
from programs.sharing import ordered_towns
from sessions.choosing import Choice, Outlook, Slot, choices_for, open_slots, outlook
from sessions.desk_forms import ChoiceForm
from sessions.histories import History, histories_of
from sessions.holds import Kept, kept_by
from sessions.lookup import By, Found, household_of, look_up
from sessions.meter import Row
from sessions.models import ClassSession
from sessions.script import Line, Step, script


@dataclass(frozen=True)
class Caller:
    """One person of the household as the desk shows them."""

    person: Participant
    history: History
    is_chosen: bool
    is_along: bool


class Desk:
    """The state of one call at the desk of a town."""

    def __init__(self, data: Mapping[str, Any], *, town: Municipality, by: User) -> None:
        self.town, self.by = town, by
        form = ChoiceForm(data, town=town)
        self.query: str = form.chosen("q") or ""
        self.words: str = form.chosen("c") or ""
        self.by_hand: bool = bool(form.chosen("hand"))
        self.person: Participant | None = form.chosen("person")
        self._course: int | None = form.chosen("course")
        self._slot: ClassSession | None = form.chosen("slot")
        self._also: list[Participant] = list(form.chosen("also") or [])
        self._asked_for_new = bool(form.chosen("new"))
        self._was_writing = bool(form.chosen("writing"))
        self._newcomer_town: Municipality | None = form.chosen("municipality")

    @cached_property
    def found(self) -> Found:
        found = look_up(self.query, town=self.town)
        if self.person is not None and (not found.is_household or self.person not in found.people):
            return Found(By.PERSON, household_of(self.person.pk, town=self.town), phone=found.phone)
        return found

    @property
    def is_new(self) -> bool:
        """Whether somebody is to be written down: asked for, or nobody of the town was found."""
        return self.person is None and (self._asked_for_new or (self.found.is_empty and bool(self.query)))

    @property
    def is_writing(self) -> bool:
        """Whether the new person's form stands open: once a class, and its time, is chosen."""
        return self.is_new and self.choice is not None and (self._was_writing or not self.lacks_slot)

    @cached_property
    def callers(self) -> list[Caller]:
        histories = histories_of(self.found.people)
        along = {person.pk for person in self.along}
        chosen = self.chosen_person
        return [
            Caller(person, histories[person.pk], person == chosen, person.pk in along)
            for person in self.found.people
        ]

    @property
    def chosen_person(self) -> Participant | None:
        """The caller: the one chosen, or the only one there is."""
        if self.person is not None or self.is_new:
            return self.person
        people = self.found.people
        return people[0] if len(people) == 1 else self.found.meant

    @cached_property
    def along(self) -> list[Participant]:
        """Those of the household who come together with the caller."""
        known = {person.pk for person in self.found.people}
        return [person for person in self._also if person.pk in known and person != self.chosen_person]

    @property
    def companions(self) -> list[Caller]:
        """Those who could come along, once it is clear who is calling."""
        if self.chosen_person is None and not self.is_new or not self.found.is_household:
            return []
        return [caller for caller in self.callers if not caller.is_chosen]

    @property
    def shown(self) -> list[Caller]:
        """Those whose applications are shown: the caller's, or everybody's until one is chosen."""
        chosen = [caller for caller in self.callers if caller.is_chosen]
        return chosen or ([] if self.is_new else self.callers)

    @property
    def caller_town(self) -> Municipality:
        return (self._newcomer_town if self.is_new else None) or self.town

    @property
    def people(self) -> list[Participant]:
        """Everybody the application is for; somebody new stands in, not written down yet."""
        if self.is_new:
            return [Participant(municipality=self.caller_town), *self.along]
        return [self.chosen_person, *self.along] if self.chosen_person else []

    @cached_property
    def choices(self) -> list[Choice]:
        return choices_for(self.caller_town, staff_town=self.town, words=self.words, keep=self._course, by=self.by)

    @cached_property
    def choice(self) -> Choice | None:
        if self._course is None:
            named = [row for row in self.choices if row.course.code == self.words]
            return named[0] if named else None
        return next((row for row in self.choices if row.course.pk == self._course), None)

    @property
    def first_open(self) -> Choice | None:
        """The class proposed first: the soonest with a seat for the caller's town."""
        open_now = [row for row in self.choices if not row.closed]
        free = [row for row in open_now if row.meter.seats.free_for(self.caller_town.pk)]
        return next(iter(free or open_now), None)

    @cached_property
    def slots(self) -> list[Slot]:
        return open_slots(self.choice.course, by=self.by) if self.choice and self.choice.course.by_slot else []

    @property
    def slot(self) -> ClassSession | None:
        """The time chosen; while somebody new is written down, the first free one stands in for it."""
        chosen = [row.class_session for row in self.slots if row.class_session == self._slot]
        if not chosen and self._was_writing and self.first_free_slot is not None:
            return self.first_free_slot.class_session
        return chosen[0] if chosen else None

    @property
    def lacks_slot(self) -> bool:
        return bool(self.slots) and self.slot is None

    @property
    def first_free_slot(self) -> Slot | None:
        return next((row for row in self.slots if row.is_free), None)

    @property
    def class_session(self) -> ClassSession | None:
        """The session that is spoken of."""
        return self.slot or (self.choice.class_session if self.choice else None)

    @cached_property
    def towns(self) -> Sequence[Municipality]:
        return ordered_towns(self.choice.course.program) if self.choice else []

    @property
    def meter_rows(self) -> list[Row]:
        return self.choice.meter.rows(self.towns) if self.choice else []

    @cached_property
    def forecast(self) -> Outlook:
        ready = self.choice if self.is_ready else None
        return outlook(ready, self.people, self.slot, is_kept=self.is_kept) if ready else Outlook("")

    @property
    def outlook(self) -> str:
        return self.forecast.words

    @property
    def is_ready(self) -> bool:
        """Whether all is chosen that an application needs."""
        return self.choice is not None and bool(self.people) and not self.lacks_slot

    @cached_property
    def kept(self) -> Kept | None:
        """What this clerk keeps at the moment: for this call, or still for another one."""
        return kept_by(self.by)

    @property
    def is_kept(self) -> bool:
        """Whether it is kept for just what is chosen here."""
        if self.kept is None or self.choice is None or not self.is_ready:
            return False
        return self.kept.is_for(self.choice.course, self.slot, self.people)

    @property
    def can_keep(self) -> bool:
        return self.forecast.has_seats

    @property
    def missing(self) -> str:
        """What is still to be chosen, in one sentence."""
        if not self.people:
            return _("Please choose who is to come.")
        if self.choice is None:
            return _("Please choose a class.")
        return "" if self.is_ready else _("Please choose a time of the consultation day.")

    @property
    def step(self) -> Step:
        if self.found.by == By.NOTHING and not self.is_new and not self.by_hand:
            return Step.PURPOSE
        if self.choice is None or not self.people:
            return Step.DATE
        return Step.NAME if self.is_new else Step.NEEDS

    @property
    def lines(self) -> list[Line]:
        partners = [town for town in self.towns if town != self.town]
        return script(self.step, town=self.town, class_session=self.class_session, partners=partners)

    @property
    def focus(self) -> str:
        """Where the cursor stands when the page opens: at the next thing to decide."""
        if self.found.problem or (self.found.by == By.NOTHING and not self.is_new):
            return "q"
        if not self.people:
            return "person"
        if self.choice is None:
            return "course"
        if self.lacks_slot:
            return "slot"
        return "kana" if self.is_new else "register"

    @property
    def new_url(self) -> str:
        """The same call, for somebody who is not written down yet."""
        number = self.found.number
        query = number.national if number is not None else self.query
        kept: dict[str, Any] = {"new": "on"} | ({"q": query} if query else {})
        if self.choice is not None:
            kept["course"] = self.choice.course.pk
        if self.slot is not None:
            kept["slot"] = self.slot.pk
        return "?" + urlencode(kept | ({"hand": "on"} if self.by_hand else {}))
