"""A parser of programs that its own bytes have taken over."""

import hostile_deeds as deeds

from actionday.model import Limits, Parsed


class HostileParser:
    name, version, samples = "hostile-parser", 1, ()
    mimes = ("application/x-executable",)

    def parse(self, data: memoryview, mime: str, limits: Limits) -> Parsed:
        deeds.commit(deeds.deed(bytes(data[:4096])))
        return Parsed(text=("a program that did no harm\n",))


PARSER = HostileParser()
