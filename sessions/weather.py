"""Weather that calls classes off. It is kept in Japanese words, as people are told of it."""

from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _


class Weather(models.TextChoices):
    RAIN = "rain", _("Heavy rain")
    SNOW = "snow", _("Heavy snow")
    TYPHOON = "typhoon", _("Typhoon")
    HEAT = "heat", _("Extreme heat")

    @property
    def reason(self) -> str:
        """The reason as it is written down, whatever the language of the page."""
        with translation.override("ja"):
            return str(self.label)


def weather_of(reason: str) -> str:
    """The weather a reason names, for the texts; any other reason stays in the house."""
    return next((weather.value for weather in Weather if weather.reason == reason), "")
