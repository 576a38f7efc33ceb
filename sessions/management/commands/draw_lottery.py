from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from sessions.draw import Problem, draw, record_of, settle, verify
from sessions.models import Course


class Command(BaseCommand):
    help = "Settle the entries of a lottery and draw; nobody is told before the result is published on its page."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("course", type=int, help="key of the course, as in the address of its page")
        parser.add_argument(
            "--verify", action="store_true", help="draw again from the record and compare; write nothing"
        )

    def handle(self, *args: Any, course: int, verify: bool, **options: Any) -> None:
        found = Course.objects.filter(pk=course).first()
        if found is None:
            raise CommandError(_("There is no class with the key %(key)s.") % {"key": course})
        self.stdout.write(checked(found) if verify else drawn(found))


def checked(course: Course) -> str:
    difference = verify(course)
    if difference is not None:
        raise CommandError(str(difference.label))
    record = record_of(course)
    if record is None or record.drawn_at is None:
        return _("The recorded entries match their hash. The lots are not drawn yet.")
    return _("Drawn again, the result is the same byte for byte. Seed %(seed)s, hash of the entries %(hash)s.") % {
        "seed": record.seed,
        "hash": record.entries_hash,
    }


def drawn(course: Course) -> str:
    """Take the steps that are still to be taken, and say which."""
    done = []
    if record_of(course) is None:
        outcome = settle(course, by=None)
        if isinstance(outcome, Problem):
            raise CommandError(str(outcome.label))
        done.append(_("The entries are settled: seed %(seed)s, hash %(hash)s.") % fingerprint(course))
    outcome = draw(course, by=None)
    if isinstance(outcome, Problem):
        raise CommandError("\n".join([*done, str(outcome.label)]))
    return "\n".join([*done, _("The lots are drawn. Nobody is told before the result is published on its page.")])


def fingerprint(course: Course) -> dict[str, str]:
    record = record_of(course)
    return {"seed": record.seed, "hash": record.entries_hash} if record is not None else {}
