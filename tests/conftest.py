"""The cast: 渋川市 leads, 吉岡町 and 榛東村 are partners, and 高崎市 is a stranger."""

import pytest
from django.core.cache import cache
from django.utils import translation
from hypothesis import settings as hypothesis_settings

from accounts.models import Municipality, Role, User
from messaging.backends import MemoryBackend
from messaging.models import Line, Message
from programs.models import Program
from tests import make

pytest_plugins = ["tests.browser_fixtures"]


hypothesis_settings.register_profile("unhurried", deadline=None)
hypothesis_settings.load_profile("unhurried")


@pytest.fixture(autouse=True)
def memory_backend(settings):
    settings.MESSAGING_BACKEND = "memory"
    settings.TWILIO_AUTH_TOKENS = ["test-token-primary", "test-token-secondary"]
    MemoryBackend.sent.clear()
    MemoryBackend.failing.clear()


@pytest.fixture(autouse=True)
def in_japanese(settings):
    """Whatever language the test before it spoke last."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def nothing_counted_yet():
    """What the cache counts, as how often somebody applies, starts anew with each test."""
    cache.clear()


@pytest.fixture
def line(db) -> Line:
    return make.make_line()


@pytest.fixture
def shibukawa(db) -> Municipality:
    return make.make_town(name="渋川市", code="102083")


@pytest.fixture
def yoshioka(db) -> Municipality:
    return make.make_town(name="吉岡町", code="103454")


@pytest.fixture
def shinto(db) -> Municipality:
    return make.make_town(name="榛東村", code="103446")


@pytest.fixture
def takasaki(db) -> Municipality:
    return make.make_town(name="高崎市", code="102024")


@pytest.fixture
def program(shibukawa, yoshioka, shinto, line) -> Program:
    return make.make_program(name="渋川・吉岡・榛東スマホ講座", lead=shibukawa, partners=(yoshioka, shinto))


@pytest.fixture
def staff(shibukawa) -> User:
    return make.make_user(town=shibukawa, username="tsuzuki", name="都築")


@pytest.fixture
def desk(shibukawa) -> User:
    return make.make_user(town=shibukawa, role=Role.DESK, username="isobe", name="磯部")


@pytest.fixture
def partner_staff(yoshioka) -> User:
    return make.make_user(town=yoshioka, username="kamiya", name="神谷")


@pytest.fixture
def stranger(takasaki) -> User:
    return make.make_user(town=takasaki, username="makino", name="牧野")


@pytest.fixture
def outbox(db):
    """Every message written, oldest first, as `messaging.Message` rows."""
    return lambda **conditions: list(Message.objects.filter(**conditions).order_by("pk"))
