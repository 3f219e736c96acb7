"""What main says to the process that forks workers off, and what that answers."""

import msgspec


class Fork(msgspec.Struct, frozen=True, tag="fork"):
    """Fork a worker; with two descriptors, its connection and its marker."""


class Forked(msgspec.Struct, frozen=True, tag="forked"):
    """The next one ordered runs as process ``number``; with a descriptor of it (pidfd_open(2))."""

    number: int


class Ended(msgspec.Struct, frozen=True, tag="ended"):
    """The process ``number`` has ended; ``code`` as subprocess.Popen.returncode tells it."""

    number: int
    code: int


Told = Forked | Ended
