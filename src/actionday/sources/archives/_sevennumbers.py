"""Numbers and bytes of a 7z's list, one behind the other.

Source: 7-Zip's 7zFormat.txt (notes on numbers: as many bytes follow as the first one has leading bits).
"""


class Numbers:
    """Goes through a list; raises ValueError where it ends early: no count in it can make anybody go on for long."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data, self.at = data, at

    def take(self, length: int) -> bytes:
        """Return the next ``length`` bytes."""
        if length > len(self.data) - self.at:
            raise ValueError("the list ends early")
        self.at += length
        return self.data[self.at - length : self.at]

    def number(self) -> int:
        """Return the next number, below 2^64."""
        first, value, mask = self.take(1)[0], 0, 0x80
        for index in range(8):
            if not first & mask:
                return value | (first & (mask - 1)) << (8 * index)
            value |= self.take(1)[0] << (8 * index)
            mask >>= 1
        return value

    def expect(self, kind: int) -> None:
        """Pass over the mark of what follows, which must be ``kind``."""
        if self.take(1)[0] != kind:
            raise ValueError(f"no {kind:#x} where it should be")

    def defined(self, count: int) -> int:
        """Pass over what says of ``count`` things which are defined, return of how many that is said."""
        if self.take(1) != b"\0":
            return count
        return bits(self.take((count + 7) // 8), count)


def bits(data: bytes, count: int) -> int:
    """Return how many of the first ``count`` bits, the highest of each byte first, are set."""
    return (int.from_bytes(data[: (count + 7) // 8], "big") >> -count % 8).bit_count()
