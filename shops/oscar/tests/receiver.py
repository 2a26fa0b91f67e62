"""A real HTTP server in the engine's place: stores what is delivered, answers as told."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook

PATIENCE = 120.0
"""Seconds after which what has still not happened is taken to hang; nothing is asserted about
how quick anything is."""
SECRET = "whsec_c2FuZGJveC1zZWNyZXQtb2YtdGhlLXRlc3Rz"
STORE = "str_01test"


class Receiver:
    """Listens on a port of its own; ``status`` is what it answers from now on."""

    def __init__(self, port: int = 0) -> None:
        self.status = 202
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver.requests.append((self.path, headers, body))
                answer = b'{"delivery":"dlv_1"}'
                self.send_response(receiver.status)
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def verified(self, kind: str | None = None) -> list[dict[str, Any]]:
        """Bodies in the order of arrival, each checked by the reference implementation."""
        found = []
        for path, headers, body in self.requests:
            assert path == f"/in/{STORE}/oscar"
            Webhook(SECRET).verify(body, headers)
            content = json.loads(body)
            if kind is None or content["type"] == kind:
                found.append(content)
        return found

    def orders(self) -> list[dict[str, Any]]:
        return [one["data"] for one in self.verified("order.snapshot")]
