from django.apps import AppConfig


class SessionsConfig(AppConfig):
    name = "sessions"
    label = "class_sessions"  # Django's own sessions app holds the label "sessions"
    verbose_name = "Classes"
