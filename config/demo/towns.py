"""The towns of the demo: whom to call, where classes are held, who works there, who holds classes together."""

from dataclasses import dataclass, field
from datetime import date

from accounts.japanese import fiscal_year
from accounts.models import Membership, Municipality, Role, User
from accounts.municipalities import OWN_FILE, read_municipalities, write_municipalities
from accounts.numbers import PhoneNumber, read_number
from config.demo.facts import PROGRAMS, STAFF, TOWNS, VENUES, Joint, Place
from messaging.models import Line
from programs.closing import Span, close
from programs.models import Curriculum, Partnership, Program, Venue

LINE_NUMBER = "+819002100999"
HOURS = "平日 9時～17時"


@dataclass
class Places:
    """What the season is played on, by the keys that `season` uses."""

    line: Line
    towns: dict[str, Municipality] = field(default_factory=dict)
    venues: dict[str, Venue] = field(default_factory=dict)
    programs: dict[str, Program] = field(default_factory=dict)
    curricula: dict[str, Curriculum] = field(default_factory=dict)
    coordinators: dict[str, User] = field(default_factory=dict)

    def staff_of(self, town: Municipality) -> User:
        return self.coordinators[town.code]


def number(text: str) -> PhoneNumber:
    found = read_number(text)
    if not isinstance(found, PhoneNumber):
        raise ValueError(f"{text}: {found.code}")
    return found


def prepare(today: date, *, password: str) -> Places:
    """Write towns, venues, programmes and staff; `password` is hashed already."""
    places = Places(line=Line.objects.create(name="えんがわ代表", number=LINE_NUMBER, is_default=True))
    places.towns = open_offices(today)
    places.line.municipalities.set(places.towns.values())
    places.curricula = {entry.code: entry for entry in Curriculum.objects.filter(municipality=None)}
    for place in VENUES:
        places.venues[place.name] = add_venue(places.towns[place.town], place)
    for joint in PROGRAMS:
        places.programs[joint.key] = add_program(joint, places, fiscal_year(today))
    for username, name, roles in STAFF:
        user = User.objects.create(username=username, name=name, password=password)
        for code, role in roles.items():
            Membership.objects.create(user=user, municipality=places.towns[code], role=role)
            if role == Role.COORDINATOR:
                places.coordinators.setdefault(code, user)
    close_for_new_year(places, fiscal_year(today))
    return places


def close_for_new_year(places: Places, year: int) -> None:
    """Every town with a coordinator closes its halls over New Year, as `days.NEW_YEAR` has it."""
    holidays = Span(date(year, 12, 28), date(year + 1, 1, 4), "年末年始")
    for code, coordinator in places.coordinators.items():
        close(places.towns[code], holidays, by=coordinator)


def open_offices(today: date) -> dict[str, Municipality]:
    """The towns by code, with the office that residents call; loads the country's list where they are missing."""
    codes = [office.code for office in TOWNS]
    if Municipality.objects.filter(code__in=codes).count() < len(codes):
        write_municipalities(read_municipalities(OWN_FILE).rows)
    towns = {town.code: town for town in Municipality.objects.filter(code__in=codes)}
    counted = date(today.year if today.month > 10 else today.year - 1, 10, 1)
    for office in TOWNS:
        town = towns[office.code]
        town.office, town.hours = office.office, HOURS
        town.phone = number(office.phone).e164 if office.phone else ""
        town.population, town.population_on = office.population, counted if office.population else None
        town.save(update_fields=["office", "hours", "phone", "population", "population_on"])
    return towns


def add_venue(town: Municipality, place: Place) -> Venue:
    """A hall near the town's middle: its place on the map is as made up as its name."""
    return Venue.objects.create(
        municipality=town,
        name=place.name,
        kana=place.kana,
        room=place.room,
        postal_code=place.postal_code,
        address=f"{town.name}見本町{place.lot}",
        phone=town.phone,
        latitude=round(town.latitude + place.north, 6) if town.latitude else None,
        longitude=round(town.longitude + place.east, 6) if town.longitude else None,
        capacity=place.capacity,
        access="\n".join(place.access),
        note=place.note,
        **place.facts,
    )


def add_program(joint: Joint, places: Places, year: int) -> Program:
    lead, *partners = (places.towns[code] for code in joint.towns)
    program = Program.objects.create(
        name=joint.name,
        fiscal_year=year,
        lead=lead,
        line=places.line,
        cost_share=joint.cost_share,
        offer_hours=joint.offer_hours,
    )
    for position, town in enumerate(partners):
        Partnership.objects.create(
            program=program, municipality=town, state=Partnership.State.ACCEPTED, position=position
        )
    return program
