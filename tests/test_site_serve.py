"""The local server shows a page, and this machine's alone."""

import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from benchmarks.site.serve import TIMEOUT, make_server


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


@pytest.mark.parametrize("path", ["a%00b", "%00", "missing"])
def test_a_path_that_no_file_has_is_not_found(tmp_path, path):
    (tmp_path / "index.html").write_text("<p>hello")
    with make_server(tmp_path) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with pytest.raises(HTTPError, match="404"):
            urlopen(f"http://127.0.0.1:{server.server_address[1]}/{path}")
        server.shutdown()


@pytest.mark.parametrize("said", [b"", b"GET /index.html HT"])
def test_a_client_that_stalls_is_left(tmp_path, said):
    assert TIMEOUT <= 60
    (tmp_path / "index.html").write_text("<p>hello")
    with make_server(tmp_path, timeout=0.2) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with socket.create_connection(server.server_address, timeout=20) as client:
            client.sendall(said)
            assert client.recv(1) == b""  # hung up
        server.shutdown()
