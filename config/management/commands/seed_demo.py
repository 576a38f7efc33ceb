import unicodedata
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from accounts.models import User
from config.demo import seeding


class Command(BaseCommand):
    help = "Fill an empty database with made-up people and a season of classes around today."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scale", type=int, default=1, help="so many times as much, for measuring")

    def handle(self, *args: Any, scale: int, **options: Any) -> None:
        if scale < 1:
            raise CommandError(_("The scale must be 1 or more."))
        problem = seeding.why_not()
        if problem is not None:
            raise CommandError(str(problem.label))
        if not seeding.is_fresh(scale):
            seeding.seed(scale=scale, progress=self.stderr.write)
        self.show_sign_ins()

    def show_sign_ins(self) -> None:
        rows = [(_("User name"), _("Name"), _("Town and role"))]
        for user in User.objects.prefetch_related("memberships__municipality").order_by("pk"):
            roles = [f"{each.municipality} {each.get_role_display()}" for each in user.memberships.all()]
            rows.append((user.username, user.name, ", ".join(roles)))
        for username, name, work in rows:
            self.stdout.write(f"  {pad(username, 18)}{pad(name, 14)}{work}")
        self.stdout.write(_("The password is %(password)s for all of them.") % {"password": seeding.PASSWORD})


def pad(text: str, width: int) -> str:
    """Fill up to so many columns of a terminal, in which a Japanese character takes two."""
    columns = sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
    return text + " " * max(1, width - columns)
