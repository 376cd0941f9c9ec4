"""Records between the server and its workers: JSON, with its length before it. Nothing else goes through."""

from __future__ import annotations

import json
from typing import Any, BinaryIO

HEAD = 8
LARGEST = 64 * 2**20


def packed(record: Any) -> bytes:
    """Return a record as bytes with its length before them.

    >>> packed({"x": 1})
    b'\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x08{"x": 1}'
    """
    body = json.dumps(record).encode("ascii")
    return len(body).to_bytes(HEAD, "big") + body


def length(head: bytes) -> int:
    """Return the length that a head tells; ValueError where it is none."""
    n = int.from_bytes(head, "big")
    if len(head) != HEAD or n > LARGEST:
        raise ValueError(f"a record of {n} bytes")
    return n


def receive(stream: BinaryIO) -> Any:
    """Return the next record of a stream; None at its end."""
    head = stream.read(HEAD)
    if len(head) < HEAD:
        return None
    body = stream.read(length(head))
    return json.loads(body)
