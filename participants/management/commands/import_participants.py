from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from accounts.commands import add_table_arguments, named_rows, read_file, town_of
from accounts.table_fields import guess, missing_columns
from participants.people_import import FIELDS, Double, import_people, plan_people


class Command(BaseCommand):
    help = "Import residents of one town from a list (CSV or xlsx); all rows or none, known people are left out."

    def add_arguments(self, parser: CommandParser) -> None:
        add_table_arguments(parser)
        parser.add_argument(
            "--take", type=int, nargs="*", default=[], help="rows to import although somebody like them is known"
        )

    def handle(
        self, *args: Any, file: Path, municipality: str, dry_run: bool, take: list[int], **options: Any
    ) -> None:
        town, table = town_of(municipality), read_file(file, FIELDS)
        if not town.has_residents:
            raise CommandError(_("Only a town has participants."))
        columns = guess(table.headers, FIELDS)
        if sentence := missing_columns(columns, FIELDS):
            raise CommandError(sentence)
        if dry_run:
            plan = plan_people(table, columns, town=town)
        else:
            plan = import_people(table, columns, town=town, by=None, taken=take)
        if plan.errors:
            raise CommandError("\n".join([_("Nothing was written."), *named_rows(plan.errors)]))
        left_out = [double for double in plan.doubles if double.number not in take]
        for line in named_rows(sorted([*plan.notes, *map(self.told, left_out)])):
            self.stdout.write(line)
        counts = {"added": len(plan.chosen(take)), "skipped": len(left_out)}
        self.stdout.write(_("Participants: %(added)s added, %(skipped)s left out as known.") % counts)
        self.stdout.write(_("Rows of other towns, left out: %(count)s.") % {"count": len(plan.elsewhere)})
        if dry_run:
            self.stdout.write(_("Nothing was written."))

    def told(self, double: Double) -> tuple[int, str]:
        if double.people:
            return double.number, _("Somebody like them is known. To import the row all the same: --take")
        return double.number, _(
            "The same name stands in row %(row)s already. To import it all the same: --take"
        ) % {"row": double.rows[0]}
