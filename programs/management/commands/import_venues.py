from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from accounts.commands import add_table_arguments, named_rows, read_file, town_of
from accounts.table_fields import guess, missing_columns
from programs.forms import LARGEST_VENUE
from programs.venue_import import FIELDS, import_venues, plan_venues


class Command(BaseCommand):
    help = "Import venues of one town from a list of public facilities (CSV or xlsx); all rows or none."

    def add_arguments(self, parser: CommandParser) -> None:
        add_table_arguments(parser)
        parser.add_argument(
            "--capacity", type=int, default=20, help="of new venues whose row does not say (default: 20)"
        )

    def handle(
        self, *args: Any, file: Path, municipality: str, dry_run: bool, capacity: int, **options: Any
    ) -> None:
        town, table = town_of(municipality), read_file(file, FIELDS)
        columns = guess(table.headers, FIELDS)
        if sentence := missing_columns(columns, FIELDS):
            raise CommandError(sentence)
        if not 1 <= capacity <= LARGEST_VENUE:
            raise CommandError(_("The capacity must be a number from 1 to %(most)s.") % {"most": LARGEST_VENUE})
        if dry_run:
            plan = plan_venues(table, columns, town=town, capacity=capacity)
        else:
            plan = import_venues(table, columns, town=town, capacity=capacity, by=None)
        if plan.errors:
            raise CommandError("\n".join([_("Nothing was written."), *named_rows(plan.errors)]))
        self.stdout.write("\n".join(named_rows(plan.notes)))
        for sentence in self.summary(plan.counts, len(plan.without_kana), len(plan.elsewhere)):
            self.stdout.write(sentence)
        if dry_run:
            self.stdout.write(_("Nothing was written."))

    def summary(self, counts: dict[str, int], without_kana: int, elsewhere: int) -> list[str]:
        return [
            _("Venues: %(added)s added, %(changed)s changed, %(unchanged)s unchanged.") % counts,
            _("Without kana: %(count)s. Rows of other towns, left out: %(others)s.")
            % {"count": without_kana, "others": elsewhere},
        ]
