"""Ways out of the house. The simulator and the memory backend reach nobody; Twilio joins them later."""

import uuid
from dataclasses import dataclass
from typing import ClassVar, Protocol

from django.conf import settings

from messaging.lint import TWILIO_JAPAN, Capabilities
from messaging.models import Attempt, Message, State


@dataclass(frozen=True)
class Result:
    """What became of one call to the provider; `state` is the message's next state when it was accepted."""

    outcome: Attempt.Outcome
    sid: str = ""
    state: State = State.ACCEPTED
    error_code: str = ""
    http_status: int | None = None


class Backend(Protocol):
    name: str
    is_real: bool
    capabilities: Capabilities

    def send(self, message: Message) -> Result: ...


class SimulatorBackend:
    """Delivers at once to the handset of the practice page, under the same rules of text as Twilio in Japan."""

    name = "simulator"
    is_real = False
    capabilities = TWILIO_JAPAN

    def send(self, message: Message) -> Result:
        return Result(Attempt.Outcome.SENT, sid=f"SM{uuid.uuid4().hex}", state=State.DELIVERED)


class MemoryBackend:
    """Keeps what was sent in a list, as tests read it; `failing` numbers are refused for good."""

    name = "memory"
    is_real = False
    capabilities = TWILIO_JAPAN
    sent: ClassVar[list[Message]] = []
    failing: ClassVar[set[str]] = set()

    def send(self, message: Message) -> Result:
        if message.to in self.failing:
            return Result(Attempt.Outcome.REFUSED, error_code="30003")
        self.sent.append(message)
        return Result(Attempt.Outcome.SENT, sid=f"SM{uuid.uuid4().hex}", state=State.DELIVERED)


BACKENDS: dict[str, type[SimulatorBackend] | type[MemoryBackend]] = {
    "simulator": SimulatorBackend,
    "memory": MemoryBackend,
}


def backend() -> Backend:
    """The backend that MESSAGING_BACKEND names."""
    return BACKENDS[settings.MESSAGING_BACKEND]()
