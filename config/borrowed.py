"""Sentences of Django and django-allauth that people read here: listed so that our catalogue can say them in
the words of this house (ours come before theirs)."""

from django.utils.translation import gettext_noop

SENTENCES = (
    gettext_noop("Be patient, you are sending too many requests."),
    gettext_noop("The username and/or password you specified are not correct."),
    gettext_noop("This field is required."),
    gettext_noop("Too many failed login attempts. Try again later."),
    gettext_noop("Username"),
    gettext_noop("You have signed out."),
)
