"""Object code put into memory without LLVM, which takes longer to load than a small file to run.

Only what LLVM makes of a kernel on Linux for x86-64 (an ELF file that is to be linked, System V ABI
AMD64 supplement 4.4): code and constants, and addresses in them. Whatever else there is, None is
given, and LLVM does it.
"""

import ctypes
import mmap
import struct
import sys
from collections.abc import Iterator
from typing import NamedTuple

from attrs import frozen

_HEADER = struct.Struct("<16s H H I Q Q Q I H H H H H H")
_SECTION = struct.Struct("<I I Q Q Q Q I I Q Q")
_SYMBOL = struct.Struct("<I B B H Q Q")
_RELOCATION = struct.Struct("<Q Q q")
_MAGIC = b"\x7fELF\x02\x01\x01"
_LINKED, _AMD64 = 1, 62
_BITS, _SYMBOLS, _ADDENDS, _NO_ADDENDS = 1, 2, 4, 9
_WRITTEN, _IN_MEMORY, _BY_THREAD = 1, 2, 0x400
_UNWINDING = 0x70000001
_NOWHERE, _RESERVED = 0, 0xFF00
_WHOLE_ADDRESS, _DISTANCE, _CALL = 1, 2, 4
_PAGE = mmap.PAGESIZE
_LIBRARY = ("memcpy", "memmove", "memset")
"""Functions of C that LLVM calls of its own accord."""


class _Section(NamedTuple):
    name: int
    kind: int
    flags: int
    address: int
    offset: int
    size: int
    link: int
    info: int
    align: int
    each: int


@frozen(eq=False)
class Placed:
    """Code in memory: the address of a function, and the memory, which must live as long."""

    address: int
    memory: object


class _Unknown(Exception):
    """There is something that is left to LLVM."""


def placed(code: bytes, name: str) -> Placed | None:
    """The function of a name in object code that LLVM made for this processor; None if LLVM must.

    >>> placed(b"", "rows") is None
    True
    """
    if sys.platform != "linux":
        return None
    try:
        return _Linking(code).placed(name)
    except (_Unknown, struct.error):
        return None


class _Linking:
    """Links one file of object code."""

    def __init__(self, code: bytes) -> None:
        self.code = code
        magic, kind, machine, *_, start, _, _, _, _, size, count, _ = _HEADER.unpack_from(code)
        if magic[:7] != _MAGIC or (kind, machine, size) != (_LINKED, _AMD64, _SECTION.size):
            raise _Unknown
        self.sections = [
            _Section(*_SECTION.unpack_from(code, start + at * size)) for at in range(count)
        ]
        self.begins: dict[int, int] = {}

    def placed(self, name: str) -> Placed:
        """The function of a name; _Unknown for what is left to LLVM."""
        total = self._lay()
        memory = mmap.mmap(-1, total, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        base = ctypes.addressof(ctypes.c_char.from_buffer(memory))
        for at, begin in self.begins.items():
            own = self.sections[at]
            memory[begin : begin + own.size] = self.code[own.offset : own.offset + own.size]
        addresses = {}
        for each in self.sections:
            if each.kind == _SYMBOLS:
                found = list(self._symbols(each, base))
                addresses = dict(found)
                for target, place, value in self._relocations([value for _, value in found], base):
                    memory[target : target + place] = value
        address = addresses.get(name)
        if address is None:
            raise _Unknown
        # Nothing is both written and run.
        if ctypes.CDLL(None).mprotect(
            ctypes.c_void_p(base), ctypes.c_size_t(total), mmap.PROT_READ | mmap.PROT_EXEC
        ):
            raise _Unknown
        return Placed(address, memory)

    def _lay(self) -> int:
        """Where each section begins in memory; gives how much they take, in whole pages."""
        end = 0
        for at, each in enumerate(self.sections):
            if each.kind == _NO_ADDENDS or each.flags & (_WRITTEN | _BY_THREAD):
                raise _Unknown
            if not each.flags & _IN_MEMORY or each.kind == _UNWINDING:
                continue
            if each.kind != _BITS:
                raise _Unknown
            self.begins[at] = end = -(-end // max(1, each.align)) * max(1, each.align)
            end += each.size
        if not end:
            raise _Unknown
        return -(-end // _PAGE) * _PAGE

    def _symbols(self, table: _Section, base: int) -> Iterator[tuple[str, int | None]]:
        """The names and addresses of a table of symbols; None for what is not in memory."""
        texts = self.sections[table.link]
        for at in range(table.offset, table.offset + table.size, _SYMBOL.size):
            begin, _, _, section, value, _ = _SYMBOL.unpack_from(self.code, at)
            start = texts.offset + begin
            name = self.code[start : self.code.index(b"\0", start)].decode()
            if section in self.begins and section < _RESERVED:
                yield name, base + self.begins[section] + value
            elif section == _NOWHERE and name in _LIBRARY:
                yield name, ctypes.cast(getattr(ctypes.CDLL(None), name), ctypes.c_void_p).value
            else:
                yield name, None

    def _relocations(
        self, symbols: list[int | None], base: int
    ) -> Iterator[tuple[int, int, bytes]]:
        """Where an address belongs in memory, how long it is, and its bytes."""
        for each in self.sections:
            begin = self.begins.get(each.info)
            if each.kind != _ADDENDS or begin is None:
                continue
            for at in range(each.offset, each.offset + each.size, _RELOCATION.size):
                offset, info, more = _RELOCATION.unpack_from(self.code, at)
                target, address = begin + offset, symbols[info >> 32]
                if address is None:
                    raise _Unknown
                kind = info & 0xFFFFFFFF
                if kind == _WHOLE_ADDRESS:
                    yield target, 8, struct.pack("<Q", address + more)
                elif kind in (_DISTANCE, _CALL):
                    # What is too far away is a struct.error.
                    yield target, 4, struct.pack("<i", address + more - base - target)
                else:
                    raise _Unknown
