"""Refusing system calls, through libseccomp.

Source: seccomp(2); seccomp_init(3), seccomp_rule_add(3), seccomp_load(3) of libseccomp 2.
"""

import ctypes
from typing import ClassVar

LIBRARY = "libseccomp.so.2"
ALLOW = 0x7FFF0000
ERRNO = 0x00050000
NOT_EQUAL, MASKED_EQUAL = 1, 7


class _Comparison(ctypes.Structure):
    """``struct scmp_arg_cmp``: argument ``arg`` masked with ``mask`` equals ``value``, or is not ``mask``."""

    _fields_: ClassVar = [
        ("arg", ctypes.c_uint),
        ("op", ctypes.c_int),
        ("mask", ctypes.c_uint64),
        ("value", ctypes.c_uint64),
    ]


class Filter:
    """A list of refused calls, all others being allowed, or with ``otherwise`` a list of allowed ones.

    Several may be in force: a call must pass them all. Raises OSError without libseccomp.
    """

    def __init__(self, otherwise: int = 0) -> None:
        """``otherwise``: the error of each call that is not named, 0 where that is allowed."""
        self._library = ctypes.CDLL(LIBRARY)  # by its name: ctypes.util would run a compiler to find it
        self._library.seccomp_init.restype = ctypes.c_void_p
        self._library.seccomp_init.argtypes = [ctypes.c_uint32]
        for name in ("seccomp_load", "seccomp_release"):
            getattr(self._library, name).argtypes = [ctypes.c_void_p]
        self._library.seccomp_rule_add_array.argtypes = [
            ctypes.c_void_p,
            ctypes.c_uint32,
            ctypes.c_int,
            ctypes.c_uint,
            ctypes.POINTER(_Comparison),
        ]
        self._context = self._library.seccomp_init(ERRNO | otherwise if otherwise else ALLOW)

    def allow(self, call: str, masked: tuple[int, int, int] | None = None) -> bool:
        """Let ``call`` pass, if ``masked`` only where argument (number, mask, value) fits; as ``refuse`` returns."""
        return self._rule(ALLOW, call, _masked(masked))

    def refuse(self, call: str, error: int, masked: tuple[int, int, int] | None = None) -> bool:
        """Let ``call`` fail with ``error``, if ``masked`` only where argument (number, mask, value) fits.

        Return False for a call that this architecture does not have.
        """
        return self._rule(ERRNO | error, call, _masked(masked))

    def refuse_unless(self, call: str, error: int, argument: int, value: int) -> bool:
        """Let ``call`` fail with ``error`` unless its argument of that number is ``value``."""
        return self._rule(ERRNO | error, call, _Comparison(argument, NOT_EQUAL, value, 0))

    def _rule(self, action: int, call: str, compared: _Comparison | None) -> bool:
        number = self._library.seccomp_syscall_resolve_name(call.encode())
        if number < 0:
            return False
        pointer = ctypes.pointer(compared) if compared is not None else None
        done = self._library.seccomp_rule_add_array(
            self._context, action, number, int(pointer is not None), pointer
        )
        return bool(done == 0)

    def load(self) -> bool:
        """Put the filter into force, for good; return whether the kernel took it."""
        done = self._library.seccomp_load(self._context)
        self._library.seccomp_release(self._context)
        return bool(done == 0)


def _masked(masked: tuple[int, int, int] | None) -> _Comparison | None:
    return None if masked is None else _Comparison(masked[0], MASKED_EQUAL, masked[1], masked[2])
