"""The one place that asks what time it is. Everything below the edge takes time as an argument."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

JAPAN = ZoneInfo("Asia/Tokyo")


@dataclass(frozen=True, slots=True)
class Clock:
    """The wall clock, or one stopped at ``frozen_at`` (an aware instant)."""

    frozen_at: datetime | None = None

    def now(self) -> datetime:
        """The present instant, in UTC."""
        return self.frozen_at or datetime.now(UTC)

    def today(self) -> date:
        """The present day in Japan, which decides every deadline."""
        return in_japan(self.now()).date()


def in_japan(instant: datetime) -> datetime:
    """The same aware instant, told in Japan's time."""
    return instant.astimezone(JAPAN)
