"""The visitors, in a process of their own: this script reads a task on standard input and writes
what it saw on standard output, both in JSON.

Each visitor keeps its connection, as a browser does, and asks for the next page as soon as the
last one came. Nothing of the product is loaded here.
"""

from __future__ import annotations

import http.client
import json
import sys
import time
from threading import Lock, Thread
from typing import Any


class Crowd:
    """Some visitors who share a list of addresses."""

    def __init__(self, task: dict[str, Any]) -> None:
        self.task = task
        self.left = list(enumerate(task["urls"]))[::-1]
        self.lock = Lock()
        self.times: list[float] = [0.0] * len(task["urls"])
        self.bytes = self.marks = 0
        self.faults: list[str] = []

    def run(self) -> dict[str, Any]:
        visitors = [Thread(target=self._visit) for _ in range(self.task["clients"])]
        began = time.perf_counter()
        for one in visitors:
            one.start()
        for one in visitors:
            one.join()
        return {
            "seconds": time.perf_counter() - began,
            "milliseconds": self.times,
            "bytes": self.bytes,
            "marks": self.marks,
            "faults": self.faults,
            "client_cpu": time.process_time(),
        }

    def _visit(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.task["port"], timeout=60)
        try:
            while (asked := self._next()) is not None:
                self._ask(connection, *asked)
        finally:
            connection.close()

    def _next(self) -> tuple[int, str] | None:
        with self.lock:
            return self.left.pop() if self.left else None

    def _ask(self, connection: http.client.HTTPConnection, rank: int, url: str) -> None:
        began = time.perf_counter()
        connection.request("GET", url, headers=self.task["headers"])
        answer = connection.getresponse()
        body = answer.read()
        self.times[rank] = (time.perf_counter() - began) * 1000
        marks = body.count(self.task["mark"].encode())
        with self.lock:
            self.bytes += len(body)
            self.marks += marks
            if answer.status != 200 or marks < self.task["least"]:
                self.faults.append(f"{answer.status}, {marks} marks: {url}")


if __name__ == "__main__":
    json.dump(Crowd(json.load(sys.stdin)).run(), sys.stdout)
