"""The local server shows a page, and this machine's alone."""

import threading
from concurrent.futures import ThreadPoolExecutor
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


def test_many_files_may_be_asked_for_at_once(tmp_path):
    (tmp_path / "index.html").write_text("x" * 1000)
    with make_server(tmp_path) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}/index.html"
        with ThreadPoolExecutor(40) as crowd:
            answers = list(crowd.map(lambda _: len(urlopen(address).read()), range(80)))
        server.shutdown()
    assert answers == [1000] * 80


def test_a_folder_without_a_page_is_refused(tmp_path):
    with pytest.raises(ValueError, match="holds no page; build one"):
        make_server(tmp_path)
