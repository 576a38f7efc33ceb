"""The telephone of somebody as a letter and a mark; each differs from the others without its colour."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import pgettext

from participants.models import Device, Participant

SHAPES = {
    Device.IPHONE: "●",
    Device.ANDROID: "▲",
    Device.SIMPLE: "■",
    Device.FEATURE: "◆",
    Device.TABLET: "★",
    Device.NONE: "○",
    Device.UNKNOWN: "□",
}


def letter_of(device: Device) -> str:
    return {
        Device.IPHONE: pgettext("letter of a telephone", "i"),
        Device.ANDROID: pgettext("letter of a telephone", "A"),
        Device.SIMPLE: pgettext("letter of a telephone", "E"),
        Device.FEATURE: pgettext("letter of a telephone", "F"),
        Device.TABLET: pgettext("letter of a telephone", "T"),
        Device.NONE: pgettext("letter of a telephone", "L"),
        Device.UNKNOWN: pgettext("letter of a telephone", "?"),
    }[device]


def device_of(person: Participant) -> Device:
    return Device(person.device) if person.device in Device.values else Device.UNKNOWN


def device_mark(device: Device) -> dict[str, Any]:
    return {
        "code": device.value,
        "letter": letter_of(device),
        "mark": SHAPES[device],
        "name": str(device.label),
    }


def legend_of(people: Iterable[Participant]) -> list[dict[str, Any]]:
    """The marks that stand on a paper, in the order of the choices."""
    used = {device_of(person) for person in people}
    return [device_mark(device) for device in Device if device in used]
