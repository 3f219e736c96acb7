"""Who opens what waits in a box: each eight bytes are an item. Source: none."""

from collections.abc import Iterator

from actionday.model import Claim, Context, Found, Kind, Peek, Stream


class Carver:
    """Cuts what it is given into pieces."""

    name, sample, slow = "carver", "rest.bin", "carving"

    def claims(self, peek: Peek) -> Claim:
        """Say whether it is what waited."""
        return Claim.STRUCTURE if peek.name == "$Rest" and peek.head.startswith(b"REST") else Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield the pieces."""
        for at in range(0, stream.size, 8):
            yield Found(name=f"@{at}", kind=Kind.MEMBER, place=f"{at:08}", size=8, runs=((at, 8),))


SOURCE = Carver()
