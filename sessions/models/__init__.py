from sessions.models.calendars import BusyCalendar, BusyTime, EventText, FeedToken
from sessions.models.courses import ClassSession, Course, SeatQuota
from sessions.models.days import Attendance, Consultation, DaySheet, Headcount, StaffDuty
from sessions.models.notices import Broadcast, Notice
from sessions.models.outreach import OutreachRequest
from sessions.models.registrations import (
    LotteryDraw,
    Refusal,
    Registration,
    SeatHold,
    SeatOffer,
    receipt_key,
    receipt_number,
)

__all__ = [
    "Attendance",
    "Broadcast",
    "BusyCalendar",
    "BusyTime",
    "ClassSession",
    "Consultation",
    "Course",
    "DaySheet",
    "EventText",
    "FeedToken",
    "Headcount",
    "LotteryDraw",
    "Notice",
    "OutreachRequest",
    "Refusal",
    "Registration",
    "SeatHold",
    "SeatOffer",
    "SeatQuota",
    "StaffDuty",
    "receipt_key",
    "receipt_number",
]
