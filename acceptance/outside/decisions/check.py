"""Asks a decision API with somebody else's AuthZEN client: check.py URL KEY AGENT ACTION TYPE ID, a line of JSON out."""
import json
import sys

from decern import Client

url, key, agent, action, kind, name = sys.argv[1:]
decision = Client(url, token=key).evaluate({"type": "agent", "id": agent}, action, {"type": kind, "id": name})
print(json.dumps({"allowed": decision.allowed, "context": decision.context}))
