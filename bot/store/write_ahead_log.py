"""Reads a write-ahead log of SQLite (`-wal`) without SQLite, which takes one that it cannot read for an empty one.

The format: https://sqlite.org/fileformat2.html#the_write_ahead_log
"""

import struct
from array import array
from collections.abc import Iterator
from dataclasses import dataclass

_MAGIC_LITTLE, _MAGIC_BIG = 0x377F0682, 0x377F0683
_HEADER = struct.Struct(">8I")  # magic, version, page size, checkpoint number, two salts, two checksums
_FRAME = struct.Struct(">6I")  # page number, size of the database after a commit or 0, two salts, two checksums
_VERSION = 3007000


class NotALog(Exception):  # noqa: N818 - the caller says what it means
    """What is there is no write-ahead log, or a damaged one: something that was committed cannot be read."""


@dataclass(frozen=True)
class Log:
    """What is committed in a log. `first_page` is the newest content of the database's page 1, if it is in there."""

    frames: int
    first_page: bytes | None


def read_log(content: bytes) -> Log:
    """The log that `content` is; an empty one has no frames. Raises `NotALog`."""
    if not content:
        return Log(0, None)
    if len(content) < _HEADER.size:
        raise NotALog
    magic, version, page_size, _, *salts_and_sums = _HEADER.unpack_from(content)
    if magic not in {_MAGIC_LITTLE, _MAGIC_BIG} or version != _VERSION:
        raise NotALog
    big = magic == _MAGIC_BIG
    sums = _checksum(content[: _HEADER.size - 8], (0, 0), big=big)
    if sums != tuple(salts_and_sums[2:]):
        raise NotALog
    committed, first_page, newest = 0, None, None
    readable, commits_unread = True, 0
    for number, frame in enumerate(_frames(content, page_size), 1):
        sums = frame.checksum(sums, big=big) if readable else sums
        # From the first that does not fit SQLite reads nothing. Those of an earlier round of the log have other salts.
        readable = readable and frame.salts == tuple(salts_and_sums[:2]) and frame.sums == sums
        if not readable:
            commits_unread += frame.salts == tuple(salts_and_sums[:2]) and frame.is_commit
            continue
        newest = frame.data if frame.page == 1 else newest
        if frame.is_commit:
            committed, first_page = number, newest
    if commits_unread > 1:
        # One may be of a transaction that a power cut interrupted; a second one begins only after the first is kept.
        raise NotALog
    return Log(committed, first_page)


@dataclass(frozen=True)
class _Frame:
    page: int
    is_commit: bool
    salts: tuple[int, ...]
    sums: tuple[int, ...]
    head: bytes
    data: bytes

    def checksum(self, before: tuple[int, int], *, big: bool) -> tuple[int, int]:
        """What its checksum must be, after the one of the frame before."""
        return _checksum(self.data, _checksum(self.head, before, big=big), big=big)


def _frames(content: bytes, page_size: int) -> Iterator[_Frame]:
    step = _FRAME.size + page_size
    for begin in range(_HEADER.size, len(content) - step + 1, step):
        page, size, *rest = _FRAME.unpack_from(content, begin)
        data = content[begin + _FRAME.size : begin + step]
        yield _Frame(page, size > 0, tuple(rest[:2]), tuple(rest[2:]), content[begin : begin + 8], data)


def _checksum(data: bytes, start: tuple[int, int], *, big: bool) -> tuple[int, int]:
    words = array("I", data)
    if big != (struct.pack("=H", 1) == struct.pack(">H", 1)):
        words.byteswap()
    first, second = start
    pairs = iter(words)
    for one, other in zip(pairs, pairs, strict=True):
        first = (first + one + second) & 0xFFFFFFFF
        second = (second + other + first) & 0xFFFFFFFF
    return first, second
