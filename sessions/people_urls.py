from django.urls import path

from participants import import_pages, pages
from sessions import export_pages, people_pages

app_name = "participants"
urlpatterns = [
    path("people/", pages.people, name="people"),
    path("people/import/", import_pages.import_page, name="import"),
    path("people/export/", export_pages.export_page, name="export"),
    path("people/export/codes.csv", export_pages.export_codes, name="export_codes"),
    path("people/<int:pk>/", people_pages.person, name="person"),
    path("people/<int:pk>/edit/", pages.edit, name="edit"),
    path("people/<int:pk>/numbers/", pages.add_number, name="add_number"),
    path("people/<int:pk>/consents/", pages.consent, name="consent"),
    path("contacts/<int:pk>/stop/", pages.stop, name="stop_sms"),
    path("contacts/<int:pk>/resume/", pages.resume, name="resume_sms"),
]
