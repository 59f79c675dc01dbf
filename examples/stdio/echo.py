"""Reliable broadcast by eager relay, as a program that onecopy can judge. Plain Python 3; docs/stdio.md has the protocol.

Whoever receives a message first sends it to everybody, then delivers it (T. Chandra and S. Toueg. Unreliable Failure
Detectors for Reliable Distributed Systems. JACM 43(2), 1996, Figure 4).
"""
import json
import sys


class Broadcast:
    """One process. It lives from a `start` to the next: what it knows is gone after a crash."""

    def __init__(self, self_, processes):
        self.others = [p for p in processes if p != self_]
        self.delivered = set()
        self.effects = []

    def request(self, operation):
        self.observe(operation)
        self.deliver(operation["message"])

    def receive(self, message):
        if message["message"] not in self.delivered:
            self.deliver(message["message"])

    def deliver(self, message):
        """Relays before it delivers: what is delivered is on its way to everybody."""
        self.delivered.add(message)
        for q in self.others:
            relay = {"kind": "relay", "message": message}
            self.effects.append({"do": "send", "to": q, "layer": "rb", "message": relay})
        self.observe({"kind": "deliver", "message": message})

    def observe(self, action):
        self.effects.append({"do": "observe", "layer": "rb", "action": action})


def answer(**fields):
    print(json.dumps(fields), flush=True)


run = process = None
for line in sys.stdin:
    told = json.loads(line)
    kind = told["kind"]
    if kind == "hello":
        answer(protocol="onecopy/stdio", version=1)
        continue
    effects = []
    if kind == "reset":
        run = told
    elif kind == "start":
        process = Broadcast(run["self"], run["processes"])
    else:
        process.effects = effects
        if kind == "request":
            process.request(told["operation"])
        elif kind == "receive":
            process.receive(told["message"])
    answer(line=told["line"], effects=effects)
