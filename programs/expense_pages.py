"""The expenses of a programme: what the towns paid, and the form for one payment."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.middleware import StaffRequest
from accounts.models import Membership
from accounts.paging import show_page
from accounts.rights import coordinate, staff_page
from programs import expenses
from programs.forms import ExpenseForm
from programs.models import Expense, Program
from programs.sharing import bodies_of
from programs.tables import ExpenseTable


def find_shared(request: StaffRequest, pk: int) -> Program:
    """A programme whose money and staff this town shares; others get 404."""
    shared = Program.objects.shared_with(request.membership.municipality)
    return get_object_or_404(shared.select_related("lead"), pk=pk)


def may_write(membership: Membership, program: Program, expense: Expense) -> bool:
    """The lead writes for all, every other town what it paid itself."""
    town = membership.municipality
    return membership.can_coordinate and (program.is_led_by(town) or expense.paid_by_id == town.pk)


@staff_page()
def expense_list(request: StaffRequest, pk: int) -> HttpResponse:
    program = find_shared(request, pk)
    rows = program.expenses.select_related("paid_by").order_by("-paid_on", "-pk")
    table = ExpenseTable(rows, may_write=lambda expense: may_write(request.membership, program, expense))
    show_page(table, request)
    paid = expenses.paid_by_town(program)
    context = {
        "program": program,
        "table": table,
        "by_category": expenses.paid_by_category(program),
        "by_town": [(town, paid.get(town.pk, 0)) for town in bodies_of(program)],
        "total": sum(paid.values()),
        "may_add": request.membership.can_coordinate,
    }
    return render(request, "programs/expenses.html", context)


@staff_page(coordinate)
def new_expense(request: StaffRequest, pk: int) -> HttpResponse:
    program = find_shared(request, pk)
    form = ExpenseForm(request.POST or None, program=program, town=request.membership.municipality)
    if request.method == "POST" and form.is_valid():
        outcome = expenses.add_expense(program, form.payment, by=request.user)
        if isinstance(outcome, Expense):
            messages.success(request, _("The payment is on record."))
            return redirect("programs:expenses", pk)
        form.refuse(outcome)
    return render(request, "programs/expense_form.html", {"form": form, "program": program})


def find_own_expense(request: StaffRequest, pk: int) -> Expense:
    """A payment this town may correct; a partner's gets 403, a stranger 404."""
    shared = Program.objects.shared_with(request.membership.municipality)
    rows = Expense.objects.select_related("program__lead", "paid_by")
    expense = get_object_or_404(rows, pk=pk, program__in=shared)
    if not may_write(request.membership, expense.program, expense):
        raise PermissionDenied
    return expense


@staff_page(coordinate)
def edit_expense(request: StaffRequest, pk: int) -> HttpResponse:
    expense = find_own_expense(request, pk)
    town, program = request.membership.municipality, expense.program
    form = ExpenseForm(request.POST or None, program=program, town=town, expense=expense)
    if request.method == "POST" and form.is_valid():
        outcome = expenses.change_expense(expense, form.payment, by=request.user)
        if isinstance(outcome, Expense):
            messages.success(request, _("Saved."))
            return redirect("programs:expenses", program.pk)
        form.refuse(outcome)
    context = {"form": form, "program": program, "expense": expense}
    return render(request, "programs/expense_form.html", context)


@require_POST
@staff_page(coordinate)
def remove_expense(request: StaffRequest, pk: int) -> HttpResponse:
    expense = find_own_expense(request, pk)
    outcome = expenses.remove_expense(expense, by=request.user)
    if isinstance(outcome, Expense):
        messages.success(request, _("The payment is removed."))
    else:
        messages.error(request, outcome.label)
    return redirect("programs:expenses", expense.program_id)
