"""The visual frame: every part keeps the markup its stylesheet and its readers rely on."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import django_tables2
import pytest
from django import forms
from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.http import QueryDict
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory
from django.utils import translation

ROOT = Path(__file__).parent.parent.parent
TEMPLATES = ROOT / "templates"
PAGES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))
SCREENS = [name for name in PAGES if not name.startswith(("texts/", "voice/"))]
COMPONENTS = sorted(path for path in (TEMPLATES / "components").glob("[!_]*.html"))
JAPANESE = re.compile(r"[\u3001-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
INLINE = re.compile(r"<style|<script(?![^>]*\ssrc=)|\sstyle=|\son[a-z]+=", re.IGNORECASE)
VOID = {"input", "img", "br", "hr", "link", "meta", "path", "use", "rect", "circle"}


@dataclass
class Element:
    tag: str
    attrs: dict[str, str | None]
    text: str = ""
    inside: list[str] = field(default_factory=list)

    @property
    def classes(self) -> list[str]:
        return (self.attrs.get("class") or "").split()


class Reader(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.all: list[Element] = []
        self.open: list[Element] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        element = Element(tag, dict(attrs), inside=[name for outer in self.open for name in outer.classes])
        self.all.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag):
        if any(element.tag == tag for element in self.open):
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data):
        for element in self.open:
            element.text += data

    def find(self, tag: str, css_class: str = "") -> list[Element]:
        return [e for e in self.all if e.tag == tag and (not css_class or css_class in e.classes)]

    def one(self, tag: str, css_class: str = "") -> Element:
        (element,) = self.find(tag, css_class)
        return element


def part(name: str, **context) -> Reader:
    with translation.override("en"):
        return Reader(render_to_string(f"components/{name}.html", context))


class Application(forms.Form):
    kana = forms.CharField(label="Name", help_text="As it is read.", widget=forms.TextInput({"placeholder": "x"}))
    phone = forms.CharField(label="Telephone", widget=forms.TextInput({"inputmode": "tel"}))
    town = forms.ChoiceField(label="Town", choices=[("1", "A"), ("2", "B")], widget=forms.RadioSelect)
    device = forms.ChoiceField(label="Device", choices=[("1", "A")], required=False)
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)
    consent = forms.BooleanField(label="I agree")


@pytest.mark.parametrize("name", PAGES)
def test_every_template_compiles(name):
    assert get_template(name)


@pytest.mark.parametrize("name", SCREENS)
def test_no_screen_carries_inline_script_or_style(name):
    assert INLINE.findall((TEMPLATES / name).read_text()) == []


@pytest.mark.parametrize("name", SCREENS)
def test_no_screen_carries_japanese_beside_its_translation(name):
    assert JAPANESE.findall((TEMPLATES / name).read_text()) == []


def test_components_are_few_short_and_tell_their_contract():
    assert len(COMPONENTS) <= 12
    for path in COMPONENTS:
        text = path.read_text()
        assert len(text.splitlines()) <= 30, path
        assert "{% comment %}" in text[:80], path


def test_every_icon_used_is_in_the_sprite():
    sprite = set(re.findall(r'id="i-(\w+)"', (TEMPLATES / "components/_icons.html").read_text()))
    used = {icon for name in PAGES for icon in re.findall(r'\{% icon "(\w+)" %\}', (TEMPLATES / name).read_text())}
    assert used - sprite == set()


def test_stylesheets_stay_readable_and_inside_their_layers():
    for path in (ROOT / "static/css").glob("*.css"):
        assert len(path.read_text().splitlines()) <= 400, path
    for path in (ROOT / "static/js").glob("*.js"):
        assert len(path.read_text().splitlines()) <= 60, path
    tokens = (ROOT / "static/css/tokens.css").read_text()
    assert "@layer reset, tokens, base, components, utilities;" in tokens


def test_a_field_ties_label_and_help_to_its_input():
    page = part("field", field=Application()["kana"])
    assert page.one("label", "field-label").attrs["for"] == "id_kana"
    assert page.one("p", "field-help").attrs["id"] == "id_kana-h"
    control = page.one("input")
    assert (control.classes, control.attrs["aria-describedby"]) == (["input"], "id_kana-h")
    assert "placeholder" not in control.attrs
    assert page.one("span", "need").text == "Required"
    assert "is-bad" not in page.one("div", "field").classes


def test_a_wrong_field_names_its_error_before_its_help():
    page = part("field", field=Application({})["kana"])
    assert "is-bad" in page.one("div", "field").classes
    assert page.one("p", "field-error").attrs["id"] == "id_kana-e"
    assert page.one("p", "field-error").text.strip() == "This field is required."
    control = page.one("input")
    assert control.attrs["aria-invalid"] == "true"
    assert control.attrs["aria-describedby"] == "id_kana-e id_kana-h"


@pytest.mark.parametrize(
    ("name", "tag", "classes"),
    [
        ("phone", "input", ["input", "input-num"]),
        ("device", "select", ["select"]),
        ("note", "textarea", ["textarea"]),
        ("consent", "input", []),
    ],
)
def test_each_kind_of_control_wears_its_class(name, tag, classes):
    control = part("field", field=Application()[name]).one(tag)
    assert control.classes == classes


def test_label_help_and_mark_can_be_given_by_the_page():
    page = part("field", field=Application()["kana"], label="Reading", help="Slowly.", bare=True)
    assert page.one("label", "field-label").text == "Reading"
    assert page.one("p", "field-help").text == "Slowly."
    assert page.find("span", "need") == []


def test_radio_buttons_are_rows_in_a_fieldset_with_its_question():
    page = part("field", field=Application({})["town"])
    assert page.one("legend", "field-label").text.startswith("Town")
    assert page.one("fieldset", "field").attrs["aria-describedby"].strip() == "id_town-e"
    radios = page.find("input")
    assert [radio.inside[-1] for radio in radios] == ["choice", "choice"]
    assert [label.text.strip() for label in page.find("label", "choice")] == ["A", "B"]


def test_the_error_summary_leads_to_every_wrong_field():
    form = Application({})
    form.add_error(None, "The class is full.")
    summary = part("error_summary", form=form)
    assert summary.one("div", "banner-error").attrs["role"] == "alert"
    targets = [(link.attrs["href"] or "").removeprefix("#") for link in summary.find("a")]
    assert targets == ["id_kana", "id_phone", "id_town_0", "id_consent"]
    assert summary.find("li")[0].text == "The class is full."
    shown = part("_fields", form=form)
    assert set(targets) <= {element.attrs.get("id") for element in shown.all}


def test_a_form_without_errors_has_no_summary():
    assert part("error_summary", form=Application()).all == []


def test_one_cushion_is_drawn_for_every_seat():
    town = {"name": "Town", "letter": "T"}
    pool = {
        "town": town,
        "tone": "0",
        "is_pool": True,
        "free": 1,
        "guests": [{"tone": "a", "taken": 2, "held": 1}],
    }
    rows = [{"town": town, "tone": "b", "taken": 3, "held": 1, "free": 2, "words": "4/6"}, pool]
    page = part("seat_meter", rows=rows)
    drawn = [" ".join(seat.classes) for seat in page.find("i")]
    assert drawn == ["t", "t", "t", "h", "", "", "t town-a", "t town-a", "h town-a", ""]
    assert page.find("span", "seat-text")[0].text == "4/6"
    assert [row.classes for row in page.find("li")] == [["town-b"], ["town-0", "pool"]]
    assert all(seats.attrs["aria-hidden"] == "true" for seats in page.find("span", "seats"))


@pytest.mark.parametrize(
    ("left", "can_wait", "tone", "words"),
    [
        (3, True, None, "3 seats left"),
        (2, True, "seat-few", "Only 2 left"),
        (0, True, "seat-full", "Full. You can join the waiting list."),
        (0, False, "seat-full", "Full."),
    ],
)
def test_seats_left_are_told_in_words(left, can_wait, tone, words):
    page = part("seat_words", left=left, can_wait=can_wait)
    assert page.one("p").classes == [name for name in ("seat-words", tone) if name]
    assert page.find("span")[-1].text == words
    assert page.one("span", "mark").attrs["aria-hidden"] == "true"


def test_a_town_is_letter_and_name_and_colour():
    page = part("town", town={"name": "Nisshin", "letter": "N"}, tone="c")
    assert page.find("span")[0].classes == ["inline", "town-c"]
    assert page.one("span", "town").text == "N"
    assert page.find("span")[0].text == "NNisshin"


def test_pages_of_a_list_keep_the_other_choices():
    page = part("pagination", page=Paginator(range(100), 10).page(2), query=QueryDict("town=1&page=2"))
    links = {link.text: link.attrs for link in page.find("a")}
    assert links["2"]["aria-current"] == "page"
    assert links["Next"]["href"] == "?town=1&page=3"
    assert part("pagination", page=Paginator([1], 10).page(1), query=QueryDict("")).all == []


def test_flash_messages_become_banners_of_their_level():
    flashes = [Message(messages.SUCCESS, "Done"), Message(messages.ERROR, "No"), Message(messages.INFO, "So")]
    page = part("_flashes", messages=flashes)
    assert [(b.classes[1:], b.attrs["role"]) for b in page.find("div", "banner")] == [
        (["banner-ok"], "status"),
        (["banner-error"], "alert"),
        ([], "status"),
    ]


class Roster(django_tables2.Table):
    number = django_tables2.Column()
    name = django_tables2.Column(orderable=False)
    caption = "Roster"
    row_header = "name"

    class Meta:
        empty_text = "Nobody yet"


def test_tables_read_aloud_well_and_say_how_they_are_sorted():
    table = Roster([{"number": n, "name": f"Name {n}"} for n in range(30)], order_by="-number")
    request = RequestFactory().get("/?town=1")
    django_tables2.RequestConfig(request, paginate={"per_page": 10}).configure(table)
    page = Reader(table.as_html(request))
    assert page.one("div", "table-wrap").attrs["aria-labelledby"] == page.one("caption").attrs["id"]
    columns = [cell for cell in page.find("th") if cell.attrs["scope"] == "col"]
    assert [cell.attrs.get("aria-sort") for cell in columns] == ["descending", None]
    assert page.find("th")[2].attrs["scope"] == "row"
    assert page.find("a")[-1].attrs["href"] == "?town=1&page=2"


def test_an_empty_table_says_so():
    page = Reader(Roster([]).as_html(RequestFactory().get("/")))
    assert page.one("b").text == "Nobody yet"
    assert page.find("table") == []
