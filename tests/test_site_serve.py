"""The local server shows a page, and this machine's alone."""

import threading
from urllib.request import urlopen

import pytest

from benchmarks.site.serve import make_server


def test_a_page_is_served_to_this_machine(tmp_path):
    (tmp_path / "index.html").write_text("<p>hello")
    with make_server(tmp_path) as server:
        assert server.server_address[0] == "127.0.0.1"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with urlopen(f"http://127.0.0.1:{server.server_address[1]}/") as answer:
            assert answer.read() == b"<p>hello"
        server.shutdown()


def test_a_folder_without_a_page_is_refused(tmp_path):
    with pytest.raises(ValueError, match="holds no page; build one"):
        make_server(tmp_path)
