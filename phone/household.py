"""Who is writing. A number is no person: several people share one, and somebody new may write from it.

What a number is told about its people is never more than their family names. Where those are the same, as with
most couples, a list would say nothing and given names would say too much: then the person's own name is asked
for and compared with those on the number.
"""

from collections.abc import Sequence
from typing import Any

from participants.kana import kana_key, normalise_kana
from participants.models import Participant
from participants.people import people_on
from phone.models import Conversation
from phone.replies import Question, ask

MOST_NAMES = 4
SOMEBODY_ELSE = 9


def household(talk: Conversation) -> list[Participant]:
    return list(people_on(talk.number).select_related("municipality"))


def ask_who(
    talk: Conversation, people: Sequence[Participant], *, gathered: dict[str, Any], others: bool = False
) -> None:
    """Ask which of the people on this number is meant; `others` when somebody new may be, too."""
    names = [person.family_kana for person in people]
    if len(set(names)) < len(names) or len(names) > MOST_NAMES:
        ask(talk, Question.WHO, "reply_ask_name", gathered=gathered | {"choices": []}, whose=True)
    else:
        keys = [person.pk for person in people]
        ask(talk, Question.WHO, "reply_ask_who", gathered=gathered | {"choices": keys}, names=names, others=others)


def named(people: Sequence[Participant], kana: str, *, town: int | None = None) -> Participant | None:
    """The one of these people who goes by the whole name; None if nobody or more than one does."""
    key = kana_key(normalise_kana(kana))
    same = [p for p in people if p.kana_key == key and (town is None or p.municipality_id == town)]
    return same[0] if len(same) == 1 else None
