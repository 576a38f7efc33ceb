"""Tables of the staff pages, a page at a time."""

import django_tables2 as tables
from django.http import HttpRequest

ROWS_A_PAGE = 25


def show_page(table: tables.Table, request: HttpRequest, *, rows: int = ROWS_A_PAGE) -> None:
    """Sort the table and turn it to the page asked for, or the nearest there is; its length is ours to say."""
    tables.RequestConfig(request, paginate=False).configure(table)
    table.paginate(per_page=rows)
    table.page = table.paginator.get_page(request.GET.get(table.prefixed_page_field))
