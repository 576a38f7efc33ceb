from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from programs.catalogue import load_catalogue


class Command(BaseCommand):
    help = "Load the catalogue of classes common to all towns; run again, it brings the wording up to date."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(_("The catalogue holds %(count)s classes.") % {"count": load_catalogue()})
