from django.urls import path

from sessions import call_pages

app_name = "sessions"
urlpatterns = [
    # calls
    path("calls/", call_pages.calls, name="calls"),
    path("calls/<int:pk>/record/", call_pages.record, name="call_record"),
    path("calls/answer/<int:pk>/", call_pages.answer, name="call_answer"),
]
