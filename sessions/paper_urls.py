"""Addresses of the papers; names in the namespace `sessions`."""

from django.urls import path

from sessions import printing_pages

urlpatterns = [
    path("courses/<int:pk>/papers/", printing_pages.papers, name="papers"),
    path("courses/<int:pk>/paper/", printing_pages.paper, name="paper"),
    path("day-sheets/<int:pk>/pdf/", printing_pages.day_sheet_pdf, name="day_sheet_pdf"),
]
