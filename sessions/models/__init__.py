from sessions.models.courses import ClassSession, Course, SeatQuota
from sessions.models.notices import Notice
from sessions.models.registrations import (
    Attendance,
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
    "ClassSession",
    "Course",
    "LotteryDraw",
    "Notice",
    "Refusal",
    "Registration",
    "SeatHold",
    "SeatOffer",
    "SeatQuota",
    "receipt_key",
    "receipt_number",
]
