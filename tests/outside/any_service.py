"""Any HTTP service, on any of its bad days; counts its calls. Run by its file, prints its port."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2]))

from fakes import misbehaving

calls = []


class Handler(misbehaving.Handler):
    def misbehave(self, kind):
        calls.append(self.path)
        super().misbehave(kind)

    def door(self, path, query, body):
        return {"calls": len(calls)}


misbehaving.run(Handler)
