from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.generic import TemplateView

from sessions import open_data_pages, printing_pages, public

app_name = "public"


privacy = login_not_required(TemplateView.as_view(template_name="public/privacy.html"))
accessibility = login_not_required(TemplateView.as_view(template_name="public/accessibility.html"))

urlpatterns = [
    path("", public.classes, name="classes"),
    path("classes/<str:code>/", public.course, name="course"),
    path("classes/<str:code>/leaflet.pdf", printing_pages.leaflet, name="leaflet"),
    path("classes/<str:code>/apply/", public.apply, name="apply"),
    path("classes/<str:code>/apply/send/", public.send, name="send"),
    path("receipt/<str:token>/", public.receipt, name="receipt"),
    path("privacy/", privacy, name="privacy"),
    path("accessibility/", accessibility, name="accessibility"),
    path("opendata/", open_data_pages.open_data, name="open_data"),
    path("opendata/events.csv", open_data_pages.events_csv, name="events_csv"),
    path("opendata/events.json", open_data_pages.events_json, name="events_json"),
]
