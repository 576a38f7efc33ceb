from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from accounts.municipalities import OWN_FILE, read_municipalities, write_municipalities

MOST_SHOWN = 20


class Command(BaseCommand):
    help = (
        "Load prefectures, municipalities and wards; run again, it follows renamed ones and keeps contact facts."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", nargs="?", type=Path, default=OWN_FILE, help="CSV, UTF-8 (default: our own list)"
        )
        parser.add_argument("--dry-run", action="store_true", help="check the file and write nothing")

    def handle(self, *args: Any, file: Path, dry_run: bool, **options: Any) -> None:
        reading = read_municipalities(file)
        if reading.problems:
            shown = reading.problems[:MOST_SHOWN]
            if len(reading.problems) > MOST_SHOWN:
                shown.append(_("And %(count)s more.") % {"count": len(reading.problems) - MOST_SHOWN})
            raise CommandError("\n".join([_("Nothing was written."), *shown]))
        if dry_run:
            self.stdout.write(_("%(count)s rows are right. Nothing was written.") % {"count": len(reading.rows)})
            return
        loaded = write_municipalities(reading.rows)
        self.stdout.write(
            _("Municipalities: %(added)s added, %(changed)s changed, %(unchanged)s unchanged.")
            % {"added": loaded.added, "changed": loaded.changed, "unchanged": loaded.unchanged}
        )
