"""What a text means at this moment: which question or offer it answers, or what it asks for."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import ObjectDoesNotExist

from messaging.models import InboundText
from participants.models import Participant
from phone import applying, cancelling, household, offers, stopping
from phone.models import Conversation
from phone.reading import Meaning, Reading, Why, read_text
from phone.replies import Question, close, hand_over, say, unclear

YES_OR_NO = (Question.READ_BACK, Question.CANCEL, Question.OFFER, Question.STOP)
MENUS = (Question.WHO, Question.SLOT, Question.WHICH)


def answer(talk: Conversation, text: InboundText) -> None:
    """Act on one text. Commands and class numbers are heard at any time; a bare answer belongs to the newest
    question or offer that was put before it."""
    reading = read_text(text.body)
    if reading.meaning is Meaning.UNCLEAR and reading.why is Why.COURTESY:
        return  # thanks need no answer
    question = talk.open_question(text.received_at)
    if question == Question.NONE and talk.question != Question.NONE:
        close(talk)
    if obey(talk, reading, question):
        return
    wish = yes_or_no(reading)
    told = offers.told(talk.number, before=text.received_at) if wish is not None else []
    waiting = [offer for offer in told if offer.is_open]
    newer = [offer for offer in waiting if talk.asked_at is None or offer.told_at > talk.asked_at]
    if wish is not None and newer:
        offers.answer(talk, waiting, is_yes=wish)
    elif question != Question.NONE:
        try:
            answer_question(talk, question, reading)
        except ObjectDoesNotExist:  # what was asked about is gone meanwhile
            close(talk)
            unclear(talk)
    elif wish is not None and waiting:
        offers.answer(talk, waiting, is_yes=wish)
    elif wish is not None and (told or "last" in talk.gathered):
        offers.say_what_became(talk, told, is_yes=wish)
    else:
        unclear(talk)


def yes_or_no(reading: Reading) -> bool | None:
    if reading.meaning is Meaning.YES or reading.digit == 1:
        return True
    if reading.meaning is Meaning.NO or reading.digit == 2:
        return False
    return None


def obey(talk: Conversation, reading: Reading, question: str) -> bool:
    """Commands and class numbers. False if the text is neither."""
    named = reading.code or reading.receipt
    if question == Question.WHICH and named and cancelling.take_named(talk, named):
        return True
    if reading.meaning is Meaning.CANCEL and not named and question in applying.QUESTIONS:
        applying.give_up(talk)
        return True
    match reading.meaning:
        case Meaning.STOP if question == Question.STOP:
            stopping.stop(talk)  # said twice, it is meant
        case Meaning.STOP:
            stopping.ask_first(talk)
        case Meaning.START:
            stopping.resume(talk)
        case Meaning.HELP:
            say(talk, "reply_help")
        case Meaning.CHECK:
            cancelling.show(talk, named)
        case Meaning.CANCEL:
            cancelling.begin(talk, named)
        case Meaning.CHANGE:
            close(talk)
            hand_over(talk, Conversation.Reason.CHANGE)
            say(talk, "reply_handed_over")
        case Meaning.COURSE_CODE:
            applying.begin(talk, reading.code)
        case _:
            return False
    talk.unclear_count = talk.unclear_count if reading.meaning is Meaning.COURSE_CODE else 0
    return True


def answer_question(talk: Conversation, question: str, reading: Reading) -> None:
    wish = yes_or_no(reading)
    if question == Question.READ_BACK and reading.digit == household.SOMEBODY_ELSE:
        applying.start_over(talk)
    elif question in YES_OR_NO:
        if wish is None:
            unclear(talk, wants="yes_or_no")
        else:
            ANSWERS[question, wish](talk)
    elif question in MENUS:
        answer_menu(talk, question, reading)
    else:
        answer_in_words(talk, question, reading)


ANSWERS: dict[tuple[str, bool], Callable[[Conversation], None]] = {
    (Question.READ_BACK, True): applying.finish,
    (Question.READ_BACK, False): applying.start_over,
    (Question.CANCEL, True): cancelling.confirm,
    (Question.CANCEL, False): cancelling.keep,
    (Question.OFFER, True): offers.accept_asked,
    (Question.OFFER, False): offers.decline_asked,
    (Question.STOP, True): stopping.stop,
    (Question.STOP, False): stopping.go_on,
}


def answer_menu(talk: Conversation, question: str, reading: Reading) -> None:
    choices = talk.gathered.get("choices", [])
    if reading.digit is not None and 1 <= reading.digit <= len(choices):
        take_choice(talk, question, choices[reading.digit - 1])
    elif question == Question.WHO and reading.digit == household.SOMEBODY_ELSE and is_applying(talk):
        applying.take_person(talk, None)
    elif question == Question.WHO and is_name(reading):
        take_name(talk, reading)
    elif reading.meaning is Meaning.NO:
        leave(talk)
    else:
        unclear(talk, wants="digit" if choices else "name")


def take_choice(talk: Conversation, question: str, key: int) -> None:
    act = talk.gathered.get("act")
    if question == Question.SLOT:
        applying.take_slot(talk, key)
    elif question == Question.WHICH:
        (offers.take_choice if act == "offer" else cancelling.take_choice)(talk, key)
    else:
        take_person(talk, Participant.objects.select_related("municipality").get(pk=key))


def take_person(talk: Conversation, person: Participant) -> None:
    if is_applying(talk):
        applying.take_person(talk, person)
    elif talk.gathered.get("act") == "check":
        cancelling.show_of(talk, person)
    else:
        cancelling.begin_of(talk, person)


def take_name(talk: Conversation, reading: Reading) -> None:
    """Whose name it is. To apply, a name that nobody here goes by is somebody new; otherwise it is nobody."""
    if is_applying(talk):
        applying.take_words(talk, reading.name or reading.text)
        return
    person = household.named(household.household(talk), reading.name or reading.text)
    if person is None:
        unclear(talk, wants="name")
    else:
        take_person(talk, person)


def answer_in_words(talk: Conversation, question: str, reading: Reading) -> None:
    if is_name(reading) or reading.meaning is Meaning.DIGIT:
        applying.take_words(talk, reading.name or reading.text)
    elif reading.meaning is Meaning.NO:
        applying.give_up(talk)
    else:
        unclear(talk, wants="name" if question == Question.NAME else "town_and_name")


def is_name(reading: Reading) -> bool:
    """A name, or a text that may hold one beside the number of a town."""
    mixed = reading.meaning is Meaning.UNCLEAR and reading.why in {Why.FREE_TEXT, Why.WRONG_NUMBER}
    return reading.meaning is Meaning.NAME or mixed


def is_applying(talk: Conversation) -> bool:
    return talk.gathered.get("act") == "apply"


def leave(talk: Conversation) -> None:
    if is_applying(talk):
        applying.give_up(talk)
    else:
        cancelling.keep(talk)
