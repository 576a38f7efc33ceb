from django.urls import path

from sessions import call_pages, course_pages, desk, planning_pages

app_name = "sessions"
urlpatterns = [
    # courses
    path("courses/", course_pages.course_list, name="courses"),
    path("courses/new/", planning_pages.new_course, name="new_course"),
    path("courses/<int:pk>/", course_pages.course, name="course"),
    path("courses/<int:pk>/register/", desk.by_hand, name="register"),
    path("courses/<int:pk>/roster/", course_pages.roster, name="roster"),
    path("courses/<int:pk>/publish/", planning_pages.publish, name="publish"),
    path("courses/<int:pk>/seats/", planning_pages.seats, name="seats"),
    path("courses/<int:pk>/window/", planning_pages.window, name="window"),
    path("courses/<int:pk>/call-off/", planning_pages.call_off, name="call_off"),
    # sessions
    path("sessions/<int:pk>/move/", planning_pages.move, name="move_session"),
    path("sessions/<int:pk>/call-off/", planning_pages.call_off_session, name="call_off_session"),
    # registrations
    path("registrations/<int:pk>/accept/", course_pages.accept, name="accept"),
    path("registrations/<int:pk>/decline/", course_pages.decline, name="decline"),
    path("registrations/<int:pk>/cancel/", course_pages.cancel, name="cancel"),
    # calls
    path("calls/", call_pages.calls, name="calls"),
    path("calls/<int:pk>/record/", call_pages.record, name="call_record"),
    path("calls/answer/<int:pk>/", call_pages.answer, name="call_answer"),
]
