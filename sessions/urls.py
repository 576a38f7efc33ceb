from django.urls import include, path

from sessions import (
    broadcast_pages,
    call_pages,
    copy_pages,
    cost_pages,
    course_pages,
    desk,
    draw_pages,
    merge_pages,
    outreach_pages,
    planning_pages,
    program_pages,
    rota_pages,
)

app_name = "sessions"
urlpatterns = [
    # programmes
    path("programs/<int:pk>/courses/", program_pages.program_courses, name="program_courses"),
    path("programs/<int:pk>/costs/", cost_pages.costs, name="costs"),
    path("programs/<int:pk>/costs/print/", cost_pages.costs_sheet, name="costs_sheet"),
    path("programs/<int:pk>/copy/", copy_pages.copy_season, name="copy_season"),
    path("partnerships/<int:pk>/leave/", program_pages.leave, name="leave"),
    # courses
    path("courses/", course_pages.course_list, name="courses"),
    path("courses/new/", planning_pages.new_course, name="new_course"),
    path("courses/<int:pk>/", course_pages.course, name="course"),
    path("courses/<int:pk>/register/", desk.by_hand, name="register"),
    path("courses/<int:pk>/roster/", course_pages.roster, name="roster"),
    path("courses/<int:pk>/publish/", planning_pages.publish, name="publish"),
    path("courses/<int:pk>/seats/", planning_pages.seats, name="seats"),
    path("courses/<int:pk>/release/", planning_pages.release_now, name="release_now"),
    path("courses/<int:pk>/window/", planning_pages.window, name="window"),
    path("courses/<int:pk>/call-off/", planning_pages.call_off, name="call_off"),
    # requests of groups
    path("outreach/", outreach_pages.request_list, name="outreach_list"),
    path("outreach/new/", outreach_pages.new_request, name="new_outreach"),
    path("outreach/<int:pk>/", outreach_pages.detail, name="outreach"),
    path("outreach/<int:pk>/plan/", outreach_pages.plan, name="plan_outreach"),
    path("outreach/<int:pk>/decline/", outreach_pages.decline, name="decline_outreach"),
    path("outreach/<int:pk>/withdraw/", outreach_pages.withdraw, name="withdraw_outreach"),
    path("outreach/<int:pk>/count/", outreach_pages.count_people, name="count_people"),
    # the draw
    path("courses/<int:pk>/draw/", draw_pages.board, name="draw"),
    path("courses/<int:pk>/draw/record/", draw_pages.record, name="draw_record"),
    path("courses/<int:pk>/draw/settle/", draw_pages.settle, name="draw_settle"),
    path("courses/<int:pk>/draw/hold/", draw_pages.hold, name="draw_hold"),
    path("courses/<int:pk>/draw/publish/", draw_pages.publish, name="draw_publish"),
    # staff
    path("courses/<int:pk>/rota/", rota_pages.rota, name="rota"),
    path("sessions/<int:pk>/duties/new/", rota_pages.put_down, name="put_down"),
    path("sessions/<int:pk>/duties/repeat/", rota_pages.repeat, name="repeat_duties"),
    path("sessions/<int:pk>/hours/", rota_pages.record_hours, name="record_hours"),
    path("duties/<int:pk>/", rota_pages.duty, name="duty"),
    path("duties/<int:pk>/remove/", rota_pages.take_off, name="take_off"),
    # sessions
    path("sessions/<int:pk>/move/", planning_pages.move, name="move_session"),
    path("sessions/<int:pk>/call-off/", planning_pages.call_off_session, name="call_off_session"),
    path("", include("sessions.day_urls")),
    path("", include("sessions.paper_urls")),
    path("", include("sessions.calendar_urls")),
    # announcements
    path("broadcasts/new/", broadcast_pages.broadcast, name="broadcast"),
    path("broadcasts/<int:pk>/", broadcast_pages.reach, name="broadcast_reach"),
    # classes held together
    path("merges/", merge_pages.merges, name="merges"),
    path("merges/<int:pk>/", merge_pages.merge, name="merge"),
    # registrations
    path("registrations/<int:pk>/accept/", course_pages.accept, name="accept"),
    path("registrations/<int:pk>/decline/", course_pages.decline, name="decline"),
    path("registrations/<int:pk>/cancel/", course_pages.cancel, name="cancel"),
    # calls
    path("calls/", call_pages.calls, name="calls"),
    path("calls/<int:pk>/record/", call_pages.record, name="call_record"),
    path("calls/answer/<int:pk>/", call_pages.answer, name="call_answer"),
]
