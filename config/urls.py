from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.generic import TemplateView
from django.views.i18n import set_language

from config.health import healthz, readyz

# Accounts have no e-mail address: passwords are set by an administrator, never by a letter.
ask_administrator = login_not_required(TemplateView.as_view(template_name="account/password_reset.html"))

urlpatterns = [
    path("", include("sessions.public_urls")),
    path("", include("sessions.feed_urls")),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("accounts/password/reset/", ask_administrator, name="ask_administrator"),
    path("accounts/email/", ask_administrator, name="no_email"),
    path("accounts/", include("allauth.urls")),
    path("i18n/setlang/", login_not_required(set_language), name="set_language"),
    path("staff/", include("accounts.urls")),
    path("staff/", include("programs.urls")),
    path("staff/", include("sessions.urls")),
    path("staff/", include("sessions.people_urls")),
    path("staff/phone/", include("sessions.desk_urls")),
    path("", include("phone.urls")),
]
