"""How many bytes may come out of a container: by its ratio, with its neighbours, and by what the exhibit has left.

Source: ``docs/adr`` 15; ``docs/architecture.md``, *Limits*.
"""

from actionday.model import Limits, OverLimit


class Left:
    """Bytes that an exhibit may still unpack, shared by all containers of a job."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.used = 0

    def reset(self) -> None:
        """Begin to count anew: what was used has been reported."""
        self.count -= self.used
        self.used = 0


class Share:
    """What the members of a batch may unpack together beyond what the ratio gives each: none takes that of another."""

    def __init__(self, limits: Limits) -> None:
        self.room = limits.ratio_after

    def takes(self, count: int) -> bool:
        """Count bytes beyond a member's own; return whether there was room."""
        self.room -= count
        return self.room >= 0


class Budget:
    """How many bytes one container may unpack: by its ratio, and by what the exhibit has left.

    What containers within it unpack counts for it too. One with a ``share`` has ``ratio_after`` with others together.
    """

    def __init__(
        self,
        packed: int,
        limits: Limits,
        left: Left,
        around: "Budget | None" = None,
        share: Share | None = None,
    ) -> None:
        self._around, self._share = around, share
        self._allowed = max(0 if share else limits.ratio_after, packed * limits.ratio)
        self._ratio, self.left = limits.ratio, left
        self._used = 0
        self.exceeded: OverLimit | None = None

    @property
    def room(self) -> int:
        """Bytes that may still come out."""
        own = self._allowed - self._used
        if self._share is not None:
            own = max(0, own) + self._share.room
        return min(own, self.left.count - self.left.used, own if self._around is None else self._around.room)

    def spend(self, count: int) -> None:
        """Count bytes that came out. Raises OverLimit at the limit, and from then on."""
        self.left.used += count
        self._count(count)
        if self.exceeded is None and self.left.used > self.left.count:
            self.exceeded = OverLimit("more comes out of archives than the case allows for this exhibit")
        if self.exceeded is not None:
            raise self.exceeded

    def _count(self, count: int) -> None:
        """Count bytes for this container and those around it; the outermost that is exceeded is the reason of all."""
        if self._around is not None:
            self._around._count(count)
            self.exceeded = self._around.exceeded
        over = self._used + count - max(self._used, self._allowed)
        self._used += count
        if over > 0 and not (self._share and self._share.takes(over)) and self.exceeded is None:
            self.exceeded = OverLimit(f"more than {self._ratio} bytes come out for one that went in")
