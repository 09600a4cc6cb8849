"""A small web server for the page, for this machine alone."""

from __future__ import annotations

import functools
import http.server
import io
from pathlib import Path
from typing import BinaryIO

ADDRESS = "127.0.0.1"

TIMEOUT = 20.0
"""How long a client may say nothing, or take nothing [s]."""


def make_server(
    folder: str | Path, port: int = 0, timeout: float = TIMEOUT
) -> http.server.ThreadingHTTPServer:
    """A server of the files in a folder; its ``server_address`` tells the port.

    Args:
        folder: With an index.html.
        port: 0 takes a free one.
        timeout: A client that says or takes nothing for so long is left [s].

    Raises:
        ValueError: There is no page in the folder.
        OSError: The port is taken.
    """
    folder = Path(folder)
    if not (folder / "index.html").exists():
        raise ValueError(f"{folder} holds no page; build one: python -m benchmarks site")
    patient = type("_Patient", (_Quiet,), {"timeout": timeout})
    handler = functools.partial(patient, directory=str(folder))
    return _Server((ADDRESS, port), handler)


class _Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128  # a page asks for all its files at once


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def send_head(self) -> io.BytesIO | BinaryIO | None:
        """No file has a zero byte in its name, and the system refuses to look for one."""
        if "\0" in self.translate_path(self.path):
            self.send_error(http.HTTPStatus.NOT_FOUND, "File not found")
            return None
        return super().send_head()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: a page has many files."""

    def end_headers(self) -> None:
        """A page that was built anew is shown anew."""
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()
