"""Fields for figures as people write them: full width, with commas, with their unit behind."""

import re
import unicodedata
from abc import ABC, abstractmethod
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

UNITS = re.compile(r"^[¥\\]|(円|人|名|時間|yen|h)$", re.IGNORECASE)
LONGEST = 40


class FigureField(forms.Field, ABC):
    """A number written by hand."""

    complaint = _("Write a number.")
    keyboard = "numeric"
    width = ""

    def __init__(self, *, least: int, most: int, **options: Any) -> None:
        attrs = {"inputmode": self.keyboard, "autocomplete": "off", "class": self.width}
        options.setdefault("widget", forms.TextInput(attrs))
        super().__init__(**options)
        self.validators += [MinValueValidator(least), MaxValueValidator(most)]

    def to_python(self, value: Any) -> int | Decimal | None:
        text = "" if value is None else re.sub(r"\s", "", unicodedata.normalize("NFKC", str(value)[:LONGEST]))
        text = UNITS.sub("", text)
        if not text:
            return None
        figure = self.read(text)
        if figure is None:
            raise forms.ValidationError(self.complaint)
        return figure

    @abstractmethod
    def read(self, text: str) -> int | Decimal | None:
        """The number, made out of half-width digits; None if it is none."""


class WholeField(FigureField):
    complaint = _("Write a whole number.")

    def read(self, text: str) -> int | None:
        digits = re.sub("[,、]", "", text)
        return int(digits) if re.fullmatch(r"-?[0-9]{1,15}", digits) else None


class HoursField(FigureField):
    """Hours of a day with up to two decimals."""

    complaint = _("Write hours as a number, for example 1.5.")
    keyboard = "decimal"
    width = "input-2"

    def __init__(self, **options: Any) -> None:
        super().__init__(least=0, most=24, **options)

    def read(self, text: str) -> Decimal | None:
        return Decimal(text) if re.fullmatch(r"-?[0-9]{1,3}(\.[0-9]{1,2})?", text) else None

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value
