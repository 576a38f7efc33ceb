"""Courses, their sessions and their quotas."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Municipality
from messaging.models import Line
from programs.models import Allocation, Curriculum, Partnership, Program, Venue

# The live states of a registration, which is defined after the course it belongs to.
LIVE = ("applied", "confirmed", "waiting", "offered")


class CourseQuerySet(models.QuerySet["Course"]):
    def published(self) -> CourseQuerySet:
        return self.exclude(published_at=None).filter(cancelled_at=None)

    def listed(self) -> CourseQuerySet:
        """Those the public may find; the others are held for a group."""
        return self.filter(is_listed=True)

    def upcoming(self) -> CourseQuerySet:
        """Published courses with a session still to come."""
        return self.published().filter(ends_at__gt=timezone.now())

    def not_over(self) -> CourseQuerySet:
        """Courses still to come or under way, drafts too, but none that is called off."""
        return self.filter(ends_at__gt=timezone.now(), cancelled_at=None)

    def open_for_registration(self) -> CourseQuerySet:
        now = timezone.now()
        return self.published().filter(opens_at__lte=now, closes_at__gt=now)

    def to_be_drawn(self) -> CourseQuerySet:
        """Lottery courses whose applications are closed and whose result is not published yet."""
        now = timezone.now()
        due = self.published().filter(closes_at__lte=now, starts_at__gt=now)
        return due.filter(allocation=Allocation.LOTTERY, draw__published_at=None)

    def by_next_session(self, *, not_before: datetime | None = None) -> CourseQuerySet:
        """In the order of the next session that is still held, perhaps only those from a day on."""
        now = timezone.now()
        coming = ClassSession.objects.filter(course=models.OuterRef("pk"), cancelled_at=None, ends_at__gt=now)
        # Sessions are looked up only for the few courses that are under way.
        next_at = models.Case(
            models.When(starts_at__gt=now, then=F("starts_at")),
            default=models.Subquery(coming.order_by("starts_at").values("starts_at")[:1]),
        )
        dated = self.annotate(next_at=next_at)
        if not_before is not None:
            dated = dated.filter(next_at__gte=not_before)
        return dated.order_by("next_at", "pk")

    def visible_to(self, municipality: Municipality) -> CourseQuerySet:
        """Courses of the programmes the town leads or takes part in; of one that it left, those planned
        before and those in which its residents still have an application."""
        own = Partnership.objects.filter(municipality=municipality)
        taking_part = own.filter(state=Partnership.State.ACCEPTED)
        left = own.filter(left_at__isnull=False)
        planned_before = left.filter(
            program=models.OuterRef("program"), left_at__gte=models.OuterRef("created_at")
        )
        of_residents = Course.objects.filter(
            program__in=left.values("program"),
            registrations__municipality=municipality,
            registrations__state__in=LIVE,
        )
        return self.filter(
            Q(program__lead=municipality)
            | Q(program__in=taking_part.values("program"))
            | models.Exists(planned_before)
            | Q(pk__in=of_residents.values("pk"))
        )

    def editable_by(self, municipality: Municipality) -> CourseQuerySet:
        return self.filter(Q(program__lead=municipality) | Q(host=municipality))


class Course(models.Model):
    """What people apply to: a curriculum held once or as a series. Seats are computed, never stored."""

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="courses")
    curriculum = models.ForeignKey(Curriculum, on_delete=models.PROTECT, related_name="courses")
    host = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="hosted_courses", verbose_name=_("held by")
    )
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="courses")
    title = models.CharField(_("title"), max_length=60)
    code = models.CharField(_("class number"), max_length=4)
    code_released_at = models.DateTimeField(null=True, blank=True)
    capacity = models.PositiveSmallIntegerField(_("capacity"))
    allocation = models.CharField(_("allocation"), max_length=12, choices=Allocation)
    by_slot = models.BooleanField(default=False, help_text="A consultation day: a registration names one session.")
    opens_at = models.DateTimeField(_("applications from"))
    closes_at = models.DateTimeField(_("applications until"))
    quota_release_at = models.DateTimeField(_("free quota seats are released"), null=True, blank=True)
    starts_at = models.DateTimeField(help_text="Start of the first session still held; kept by changes.")
    ends_at = models.DateTimeField(help_text="End of the last session still held; kept by changes.")
    completion_needed = models.PositiveSmallIntegerField(
        _("sessions needed to complete it"), null=True, blank=True, help_text="None: every session that is held."
    )
    is_listed = models.BooleanField(default=True, help_text="False: held for a group, not shown to the public.")
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged_from"
    )
    copied_from = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="copies"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CourseQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "code"], condition=Q(code_released_at=None), name="course_code_per_line"
            ),
            models.UniqueConstraint(
                fields=["program", "copied_from"], condition=Q(cancelled_at=None), name="course_copied_once"
            ),
            models.CheckConstraint(condition=Q(capacity__gte=1), name="course_has_a_seat"),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="course_window_is_forward"),
        ]
        indexes = [models.Index(fields=["ends_at", "starts_at"], name="course_upcoming")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("public:course", args=[self.code])

    def is_visible_to(self, municipality: Municipality) -> bool:
        """The row's own answer to `visible_to`."""
        if self.program.is_led_by(municipality):
            return True
        partnership = self.program.partnerships.filter(municipality=municipality).first()
        if partnership is None or partnership.takes_part or partnership.left_at is None:
            return partnership is not None and partnership.takes_part
        own = self.registrations.filter(municipality=municipality, state__in=LIVE)
        return self.created_at <= partnership.left_at or own.exists()

    def is_editable_by(self, municipality: Municipality) -> bool:
        """The row's own answer to `editable_by`."""
        return municipality.pk in self.run_by

    @property
    def run_by(self) -> set[int]:
        """Keys of the towns that plan it and stand there on the day: the lead and the host."""
        return {self.program.lead_id, self.host_id}

    @property
    def is_published(self) -> bool:
        return self.published_at is not None and self.cancelled_at is None

    @property
    def is_open(self) -> bool:
        return self.is_published and self.opens_at <= timezone.now() < self.closes_at

    @property
    def has_started(self) -> bool:
        return self.starts_at <= timezone.now()

    @property
    def is_over(self) -> bool:
        return self.ends_at <= timezone.now()

    @property
    def takes_until(self) -> datetime:
        """Until when somebody can apply: a class moved to before its closing date closes with its beginning."""
        return self.closes_at if self.by_slot else min(self.closes_at, self.starts_at)

    @property
    def quota_is_released(self) -> bool:
        return self.quota_release_at is not None and self.quota_release_at <= timezone.now()

    @property
    def is_first_come(self) -> bool:
        return self.allocation == Allocation.FIRST_COME

    @property
    def held_as(self) -> Course:
        """The course itself, or the one it is held together with in the end."""
        course = self
        while course.merged_into is not None:
            course = course.merged_into
        return course

    @property
    def awaits_draw(self) -> bool:
        """Whether who applies now is to be drawn; once the result is published, the waiting list rules.
        Lists of courses select `draw` with their rows."""
        if self.is_first_come:
            return False
        draw = getattr(self, "draw", None)
        return draw is None or draw.published_at is None

    @property
    def draw_is_under_way(self) -> bool:
        """Settled and not published yet: nothing it depends on may change."""
        return self.awaits_draw and hasattr(self, "draw")

    @property
    def is_to_be_drawn(self) -> bool:
        """Whether the next step of the draw can be taken: applications are closed, the class has not begun."""
        return self.is_published and self.awaits_draw and self.closes_at <= timezone.now() < self.starts_at


class ClassSession(models.Model):
    """One meeting of a course, or one slot of a consultation day."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="class_sessions")
    number = models.PositiveSmallIntegerField(default=1)
    starts_at = models.DateTimeField(db_index=True)
    ends_at = models.DateTimeField()
    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="class_sessions")
    seats = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Of a consultation slot only.")
    helpers = models.PositiveSmallIntegerField(
        _("helpers on the day"), null=True, blank=True, help_text="As counted on the day; None: as in the rota."
    )
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.CharField(max_length=60, blank=True)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["starts_at", "number"]
        constraints = [
            models.UniqueConstraint(fields=["course", "number"], name="session_number_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="session_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.course} {self.number}"

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    @property
    def day(self) -> date:
        return timezone.localdate(self.starts_at)


class SeatQuota(models.Model):
    """Seats of a course kept for the residents of one town until the quota is released."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="quotas")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    seats = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["course", "municipality"], name="one_quota_per_town")]

    def __str__(self) -> str:
        return f"{self.municipality} {self.seats}"
