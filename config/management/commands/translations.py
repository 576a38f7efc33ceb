from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from config import catalog


class Command(BaseCommand):
    help = "Collects every translatable string into locale/ja, checks the catalogue, or compiles it."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        act = parser.add_mutually_exclusive_group()
        act.add_argument("--check", action="store_true", help="fail unless every string has its Japanese")
        act.add_argument("--compile", action="store_true", help="write the .mo file that Django reads")

    def handle(self, *args: object, **options: object) -> None:
        if options["compile"]:
            catalog.compile_catalog()
        elif options["check"]:
            self.check_complete()
        else:
            catalog.write(catalog.merged())
            self.stdout.write(f"{catalog.path()}: {len(catalog.read(catalog.path()))} messages")
            self.stdout.write("\n".join(catalog.faults()))

    def check_complete(self) -> None:
        waiting = [f"not merged: locale/parts/{part.name}" for part in catalog.parts()]
        if faults := waiting + catalog.faults():
            raise CommandError("The Japanese catalogue is not complete:\n" + "\n".join(faults))
