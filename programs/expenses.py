"""What a programme cost: who paid how much, when and for what."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models, transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import Municipality, User
from programs.models import Expense, Program
from programs.sharing import bodies_of, lock_program

SETTLED_BY = (5, 31)


class Problem(models.TextChoices):
    """Why an expense cannot be written: one plain sentence each."""

    BODY = "body", _("Only a town or organisation of this programme can have paid.")
    YEAR = "year", _("The day of payment must lie in the fiscal year, or in its settlement until 31 May.")
    YEN = "yen", _("The amount must be at least one yen.")
    SAME = "same", _("This payment is on record already. If there was a second one, tell it apart in the note.")
    GONE = "gone", _("This payment has been removed meanwhile.")


@dataclass(frozen=True)
class Payment:
    """An expense as it is to be."""

    paid_by: Municipality
    category: str
    yen: int
    paid_on: date
    note: str = ""

    @property
    def fields(self) -> dict[str, Any]:
        return {
            "paid_by": self.paid_by,
            "category": self.category,
            "yen": self.yen,
            "paid_on": self.paid_on,
            "note": self.note,
        }


def add_expense(program: Program, payment: Payment, *, by: User) -> Expense | Problem:
    """Write down a payment; the same one once more is refused, so that a double click is one."""
    with transaction.atomic():
        lock_program(program)
        problem = what_is_wrong(program, payment)
        if problem is not None:
            return problem
        expense = Expense.objects.create(program=program, **payment.fields)
        note(expense, "expense.added", {payment.paid_by.pk: payment.paid_by}, by=by)
    return expense


def change_expense(expense: Expense, payment: Payment, *, by: User) -> Expense | Problem:
    with transaction.atomic():
        lock_program(expense.program)
        found = Expense.objects.select_related("paid_by", "program__lead").filter(pk=expense.pk).first()
        if found is None:
            return Problem.GONE
        problem = what_is_wrong(found.program, payment, except_for=found)
        if problem is not None:
            return problem
        concerned = {town.pk: town for town in (found.paid_by, payment.paid_by)}
        for name, value in payment.fields.items():
            setattr(found, name, value)
        found.save(update_fields=list(payment.fields))
        note(found, "expense.changed", concerned, by=by)
    return found


def remove_expense(expense: Expense, *, by: User) -> Expense | Problem:
    with transaction.atomic():
        lock_program(expense.program)
        found = Expense.objects.select_related("paid_by").filter(pk=expense.pk).first()
        if found is None:
            return Problem.GONE
        note(found, "expense.removed", {found.paid_by_id: found.paid_by}, by=by)
        Expense.objects.filter(pk=found.pk).delete()
    return found


def what_is_wrong(program: Program, payment: Payment, *, except_for: Expense | None = None) -> Problem | None:
    settled_by = date(program.fiscal_year + 1, *SETTLED_BY)
    if payment.paid_by not in bodies_of(program):
        return Problem.BODY
    if not program.starts_on <= payment.paid_on <= settled_by:
        return Problem.YEAR
    if payment.yen < 1:
        return Problem.YEN
    same = program.expenses.filter(**payment.fields)
    if except_for is not None:
        same = same.exclude(pk=except_for.pk)
    return Problem.SAME if same.exists() else None


def note(expense: Expense, act: str, towns: Mapping[int, Municipality], *, by: User) -> None:
    """On record with every town whose money it is, or was."""
    for town in towns.values():
        audit.record(act, expense, by=by, municipality=town, yen=expense.yen, category=expense.category)


def paid_by_town(program: Program) -> dict[int, int]:
    """Yen by the key of the town that paid."""
    return dict(program.expenses.order_by().values_list("paid_by").annotate(Sum("yen")))


def paid_by_category(program: Program) -> list[tuple[str, int]]:
    """Yen by category in words, in the order of the categories."""
    sums = dict(program.expenses.order_by().values_list("category").annotate(Sum("yen")))
    return [(str(each.label), sums[each.value]) for each in Expense.Category if each.value in sums]
