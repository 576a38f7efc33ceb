"""A coordinator imports a list of public facilities and a list of people; every page they come to is checked."""

import pytest
from django.urls import reverse

from participants.models import Participant
from programs.models import Venue
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FACILITIES = (
    "全国地方公共団体コード,名称,名称_カナ,所在地_連結表記,緯度,経度,バリアフリー情報\r\n"
    "102083,中央公民館,ﾁｭｳｵｳｺｳﾐﾝｶﾝ,群馬県渋川市石原80,36.489,139.0003,多目的トイレ;エレベーター\r\n"
    "10208,東公民館,,群馬県渋川市渋川1,36.49,139.0,\r\n"
    "103454,吉岡会館,,群馬県吉岡町1,36.44,139.0,\r\n"
)
WRONG = FACILITIES + "102083,,,,,,\r\n"
PEOPLE = (
    "氏名,フリガナ,電話番号\r\n佐藤 花子,サトウ ハナコ,09003100401\r\n鈴木 一郎,スズキ イチロウ,0279-00-0310\r\n"
)


def choose(page, text: str) -> None:
    page.locator("#id_file").set_input_files(
        {"name": "list.csv", "mimeType": "text/csv", "buffer": text.encode("cp932")}
    )
    page.locator("main form .btn").first.click()


@pytest.mark.parametrize(("width", "javascript"), [(1366, True), (390, False)])
def test_a_list_of_venues_is_looked_at_and_then_imported(new_visitor, staff, yoshioka, width, javascript):
    visitor = new_visitor(width=width, javascript=javascript)
    visitor.sign_in(staff)
    page = visitor.visit(reverse("programs:venues"))
    page.locator(f"a[href='{reverse('programs:import_venues')}']").click()
    visitor.check()
    page.locator("#id_capacity").fill("24")
    visitor.picture("import-venues")
    choose(page, WRONG)
    visitor.check()
    visitor.picture("import-venues-wrong")
    assert page.locator("button[name=save]").count() == 0
    page.locator(f"form a[href='{reverse('programs:import_venues')}']").click()
    visitor.check()
    page.locator("#id_capacity").fill("24")
    choose(page, FACILITIES)
    visitor.check()
    visitor.picture("import-venues-plan")
    page.locator("details summary").last.click()
    page.locator("#id_column-kana").select_option("2")
    page.locator("button[name=again]").click()
    visitor.check()
    page.locator("button[name=save]").click()
    visitor.check()
    visitor.picture("import-venues-done")
    assert set(Venue.objects.values_list("name", "capacity", "capacity_is_assumed")) == {
        ("中央公民館", 24, True),
        ("東公民館", 24, True),
    }


def test_a_list_of_people_is_looked_at_and_then_imported(new_visitor, staff, shibukawa):
    make.make_person(town=shibukawa, kana="スズキ イチロウ")
    visitor = new_visitor(width=390)
    visitor.sign_in(staff)
    page = visitor.visit(reverse("participants:people"))
    page.locator(f"a[href='{reverse('participants:import')}']").click()
    visitor.check()
    visitor.picture("import-people")
    choose(page, PEOPLE)
    visitor.check()
    visitor.picture("import-people-plan")
    page.locator("button[name=save]").click()
    visitor.check()
    assert set(Participant.objects.values_list("kana", flat=True)) == {"スズキ イチロウ", "サトウ ハナコ"}


def test_the_pages_of_open_data_and_of_the_export_are_well_made(new_visitor, staff, program):
    make.make_course(program=program)
    for width in (390, 1366):
        visitor = new_visitor(width=width)
        visitor.visit(reverse("public:open_data"))
        visitor.picture("open-data")
        visitor.sign_in(staff)
        visitor.visit(reverse("participants:export"))
        visitor.picture("export")
        visitor.visit(reverse("participants:import"))
        visitor.picture("import-people")
