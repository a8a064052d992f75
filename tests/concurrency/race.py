"""Real threads, each on its own PostgreSQL connection, let loose at the same instant."""

import threading
import time
from dataclasses import dataclass, field

from django.db import connection


@dataclass
class Outcome:
    results: list = field(default_factory=list)
    errors: list = field(default_factory=list)
    seconds: list = field(default_factory=list)

    def percentile(self, share):
        ordered = sorted(self.seconds)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def race(runners, *, rounds=1):
    """Run the callables together; in each round all wait at a barrier, then go.

    Every callable takes the round number. Its result, or its exception, is kept.
    """
    barrier = threading.Barrier(len(runners))
    outcomes = [Outcome() for _ in range(rounds)]
    lock = threading.Lock()

    def run(runner):
        try:
            connection.ensure_connection()
            for number, outcome in enumerate(outcomes):
                barrier.wait(timeout=60)
                start = time.perf_counter()
                try:
                    result, error = runner(number), None
                except Exception as raised:
                    result, error = None, raised
                with lock:
                    outcome.seconds.append(time.perf_counter() - start)
                    outcome.results.append(result)
                    if error is not None:
                        outcome.errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[runner]) for runner in runners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert not any(thread.is_alive() for thread in threads), "a runner never came back"
    return outcomes
