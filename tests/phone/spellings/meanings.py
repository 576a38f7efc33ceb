"""How the tables of spellings write down what a text is taken to mean."""

from phone.reading import Meaning, Why


def code(digits: str) -> dict[str, object]:
    return {"meaning": Meaning.COURSE_CODE, "code": digits}


def digit(number: int) -> dict[str, object]:
    return {"meaning": Meaning.DIGIT, "digit": number}


def cancel(course: str = "", receipt: str = "") -> dict[str, object]:
    return {"meaning": Meaning.CANCEL, "code": course, "receipt": receipt}


def check(course: str = "", receipt: str = "") -> dict[str, object]:
    return {"meaning": Meaning.CHECK, "code": course, "receipt": receipt}


def named(name: str) -> dict[str, object]:
    return {"meaning": Meaning.NAME, "name": name}


def unclear(why: Why) -> dict[str, object]:
    return {"meaning": Meaning.UNCLEAR, "why": why}


YES, NO, STOP, START, HELP, CHANGE, EMPTY = (
    {"meaning": meaning}
    for meaning in (
        Meaning.YES,
        Meaning.NO,
        Meaning.STOP,
        Meaning.START,
        Meaning.HELP,
        Meaning.CHANGE,
        Meaning.EMPTY,
    )
)
