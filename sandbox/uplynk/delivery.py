"""Sending an answer on a socket in the manner that a fault asks for."""

import os
import selectors
import socket
import struct
from threading import Event

from sandbox.uplynk.answers import Answer, Manner

_LINGER_OFF = struct.pack("ii", 1, 0)


def send(connection: socket.socket, head: bytes, answer: Answer, stopping: Event) -> int:
    """Send head and body in the answer's manner; returns the bytes sent. OSError if it breaks.

    Only a FULL answer leaves the connection fit for another request.
    """
    data = head + answer.body
    match answer.manner:
        case Manner.FULL:
            connection.sendall(data)
            return len(data)
        case Manner.HALF:
            cut = len(head) + len(answer.body) // 2 if answer.body else len(head) // 2
            connection.sendall(data[:cut])
            return cut
        case Manner.TRICKLE:
            return _trickle(connection, data, answer.pause, stopping)
        case Manner.RESET:
            _reset(connection)
        case Manner.HANG:
            _hang(connection)
        case Manner.CLOSE:
            pass
    return 0


def _trickle(connection: socket.socket, data: bytes, pause: float, stopping: Event) -> int:
    for sent in range(len(data)):
        connection.sendall(data[sent : sent + 1])
        if stopping.wait(pause):
            return sent + 1
    return len(data)


def _hang(connection: socket.socket) -> None:
    """Wait until the client closes or says more, or the stop shuts the connection down."""
    with selectors.DefaultSelector() as selector:
        selector.register(connection, selectors.EVENT_READ)
        selector.select()


def _reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_OFF)
    # close() would wait for the handler's file objects, and a FIN would go out first
    os.close(connection.detach())
