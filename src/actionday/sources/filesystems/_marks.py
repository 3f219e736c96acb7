"""A set of small numbers (inodes, clusters) that costs a bit a member. Standard library only."""

PAGE = 4096
"""Numbers told about by one page of bits: pages are made where there is a member, whatever the highest number."""


class Marks:
    """Numbers >= 0; as large as its members, not as the file system claims to be."""

    def __init__(self) -> None:
        self._pages: dict[int, bytearray] = {}

    def add(self, number: int) -> bool:
        """Add ``number``; return whether it was new."""
        page = self._pages.get(number // PAGE)
        if page is None:
            page = self._pages[number // PAGE] = bytearray(PAGE // 8)
        at, bit = number % PAGE // 8, 1 << number % 8
        new = not page[at] & bit
        page[at] |= bit
        return new

    def __contains__(self, number: int) -> bool:
        page = self._pages.get(number // PAGE)
        return page is not None and bool(page[number % PAGE // 8] >> number % 8 & 1)
