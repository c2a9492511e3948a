"""Addresses as inputs, against a server on the loopback."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from boilerstrip import clean
from boilerstrip.batch.inputs import web
from boilerstrip.cli import run
from tests.batches import read_lines, read_outputs
from tests.test_cli import assert_one_line

STORY = (
    "<title>Grüße</title><p>Am Abend kamen die Fischer zurück, müde und ohne Fang, und niemand fragte sie danach.</p>"
    "<p>Später saßen alle in der großen Küche, und die Älteste erzählte von früher, als das Meer noch voller war.</p>"
)


class Handler(BaseHTTPRequestHandler):
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/story")
            self.end_headers()
            return
        self.send_response(404 if self.path == "/missing" else 200)
        self.send_header("Content-Type", "text/html; charset=iso-8859-1")
        self.end_headers()
        self.wfile.write(STORY.encode("latin-1"))

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(web, "PAUSE", 0.0)
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return []


@pytest.fixture
def site(asked: list[str]) -> Iterator[str]:
    handler = type("Recording", (Handler,), {"asked": asked})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_page_is_downloaded_and_cleaned(site: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["clean", f"{site}/story"]) == 0
    captured = capfd.readouterr()
    assert captured.out.strip() == clean(STORY).text
    assert captured.err == ""


def test_a_page_that_moved_has_its_new_address(site: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["clean", "--json", f"{site}/moved"]) == 0
    assert f'"{site}/story"' in capfd.readouterr().out


def test_many_addresses_go_to_a_folder_one_at_a_time(site: str, asked: list[str], tmp_path: Path) -> None:
    out = tmp_path / "out"
    arguments = ["clean", f"{site}/story", f"{site}/missing", f"{site}/story?page=2", "-o", str(out), "--workers", "1"]
    assert run(arguments) == 1
    assert asked == ["/story", "/missing", "/story?page=2"]
    outputs = {name: content for name, content in read_outputs(out).items() if name.endswith(".txt")}
    assert len(outputs) == 2
    assert {content.decode().strip() for content in outputs.values()} == {clean(STORY).text}
    [error] = read_lines(out / "errors.jsonl")
    assert (error["id"], error["stage"]) == (f"{site}/missing", "read")
    assert "404" in error["message"]
    assert run([*arguments, "--resume"]) == 1
    assert len(asked) == 3, "what is done is not downloaded again"


def test_a_host_is_not_asked_twice_without_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(web, "sleep", slept.append)
    asked: dict[str, float] = {}
    for host in ("a.example", "b.example", "a.example"):
        web._wait(host, asked)
    assert len(slept) == 1 and 4.0 < slept[0] <= 5.0


@pytest.mark.parametrize("command", ["clean", "explain"])
def test_downloading_can_be_forbidden(
    command: str, site: str, asked: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    assert run([command, "--no-fetch", f"{site}/story"]) == 2
    assert_one_line(capfd.readouterr().err, "--no-fetch", site)
    assert asked == []


def test_many_addresses_can_be_forbidden(
    site: str, asked: list[str], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["clean", "--no-fetch", f"{site}/a", f"{site}/b", "-o", str(tmp_path / "out")]) == 2
    assert_one_line(capfd.readouterr().err, "--no-fetch")
    assert asked == [] and not (tmp_path / "out").exists()


def test_a_page_that_cannot_be_had_is_one_line(site: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["clean", f"{site}/missing"]) == 1
    assert_one_line(capfd.readouterr().err, "404", "/missing")
    assert run(["clean", "http://127.0.0.1:1/"]) == 1
    assert_one_line(capfd.readouterr().err, "cannot be downloaded", "refused")
    assert run(["clean", "http://[bad/"]) == 1
    assert_one_line(capfd.readouterr().err, "cannot be downloaded")
