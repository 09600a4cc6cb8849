"""A small web server for the page, for this machine alone."""

from __future__ import annotations

import functools
import http.server
from pathlib import Path

ADDRESS = "127.0.0.1"


def make_server(folder: str | Path, port: int = 0) -> http.server.ThreadingHTTPServer:
    """A server of the files in a folder; its ``server_address`` tells the port.

    Args:
        folder: With an index.html.
        port: 0 takes a free one.

    Raises:
        ValueError: There is no page in the folder.
        OSError: The port is taken.
    """
    folder = Path(folder)
    if not (folder / "index.html").exists():
        raise ValueError(f"{folder} holds no page; build one: python -m benchmarks site")
    handler = functools.partial(_Quiet, directory=str(folder))
    return _Server((ADDRESS, port), handler)


class _Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128  # a page asks for all its files at once


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: a page has many files."""

    def end_headers(self) -> None:
        """A page that was built anew is shown anew."""
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()
