"""Raft, and a key-value store on it, as a program that onecopy can judge: by what its clients see, and by the invariants
of Raft. Plain Python 3; docs/stdio.md has the protocol.

D. Ongaro and J. Ousterhout. In Search of an Understandable Consensus Algorithm. USENIX ATC 2014, Figure 2; for clients, §8.

Clients talk to the layer `kv`, servers to each other in the layer `raft`. Called with a fault as its argument it is wrong
by a line:

- `votes-again`    a server does not remember after a restart whom it has voted for
- `half-commits`   an entry is committed that only half of the servers have
- `answers-early`  a client is answered when the leader has appended its command
"""
import json
import random
import sys

FAULT = sys.argv[1] if len(sys.argv) > 1 else None
HEARTBEAT = 5


class Server:
    """One server. It lives from a `start` to the next: of what it knows, only what it had on disk survives a crash."""

    def __init__(self, me, servers, seed, incarnation, stable):
        self.me = me
        self.others = [p for p in servers if p != me]
        self.majority = len(servers) // 2 + 1
        self.random = random.Random(f"{seed} {me} {incarnation}")
        self.drawn = 0
        self.patience = self.draw()
        self.effects = []
        # Persistent state.
        disk = (stable or {}).get("raft", {"term": 0, "voted_for": None, "log": []})
        self.term = disk["term"]
        self.voted_for = None if FAULT == "votes-again" else disk["voted_for"]
        self.log = disk["log"]
        # Volatile state.
        self.role = "follower"
        self.votes = set()
        self.commit_index = 0
        self.next_index = {}
        self.match_index = {}
        # The state machine, and the latest answer to each client.
        self.variables = {"x": None, "y": None}
        self.answers = {}
        self.wait_for_leader()

    # ── Effects ─────────────────────────────────────────────────────────────

    def send(self, to, kind, **fields):
        message = {"kind": kind, "term": self.term, **fields}
        self.effects.append({"do": "send", "to": to, "layer": "raft", "message": message})

    def reply(self, client, request, value):
        message = {"kind": "reply", "request": request, "value": value}
        self.effects.append({"do": "send", "to": client, "layer": "kv", "message": message})

    def timer(self, kind, delay):
        effect = {"do": "timer", "layer": "raft", "timer": {"kind": kind}, "delay": delay}
        self.effects.append({**effect, "background": True})

    def observe(self, kind, **fields):
        self.effects.append({"do": "observe", "layer": "raft", "action": {"kind": kind, **fields}})

    def persist(self):
        value = {"term": self.term, "voted_for": self.voted_for, "log": self.log}
        self.effects.append({"do": "store", "key": "raft", "value": value})
        self.effects.append({"do": "sync"})

    # ── Terms and elections ─────────────────────────────────────────────────

    def draw(self):
        """How long it waits for a leader: drawn anew for each election (§5.2)."""
        self.drawn += 1
        return self.random.randint(10, 20)

    def wait_for_leader(self):
        self.timer("election", self.patience)

    def last(self):
        """Of the last entry: how up to date the log is (§5.4.1)."""
        return [self.log[-1]["term"] if self.log else 0, len(self.log)]

    def see(self, term):
        """Whoever sees a later term is a follower in it."""
        if term > self.term:
            self.term, self.voted_for = term, None
            self.persist()
            if self.role == "leader":
                self.wait_for_leader()
            self.role = "follower"

    def expire_election(self):
        if self.role == "leader":
            return
        self.role = "candidate"
        self.term += 1
        self.patience = self.draw()
        self.voted_for, self.votes = self.me, {self.me}
        self.persist()
        for q in self.others:
            self.send(q, "request_vote", last=self.last())
        self.wait_for_leader()

    def request_vote(self, candidate, message):
        granted = (
            message["term"] == self.term
            and self.voted_for in (None, candidate)
            and message["last"] >= self.last()
        )
        if granted:
            self.voted_for = candidate
            self.persist()
            self.wait_for_leader()
        self.send(candidate, "vote", granted=granted)

    def vote(self, voter, message):
        if self.role != "candidate" or message["term"] != self.term or not message["granted"]:
            return
        self.votes.add(voter)
        if len(self.votes) >= self.majority:
            self.lead()

    def lead(self):
        self.role = "leader"
        self.observe("lead", term=self.term)
        self.next_index = {q: len(self.log) + 1 for q in self.others}
        self.match_index = {q: 0 for q in self.others}
        # What earlier terms have left is committed by an entry of this one (§8).
        self.append(None)
        self.timer("heartbeat", HEARTBEAT)

    # ── Log replication ─────────────────────────────────────────────────────

    def append(self, command):
        self.log.append({"term": self.term, "command": command})
        self.persist()
        self.observe("append", index=len(self.log), entry=self.log[-1])
        for q in self.others:
            self.replicate(q)

    def replicate(self, q):
        previous = self.next_index[q] - 1
        self.send(
            q,
            "append_entries",
            previous=[self.log[previous - 1]["term"] if previous > 0 else 0, previous],
            entries=self.log[previous:],
            commit=self.commit_index,
        )

    def expire_heartbeat(self):
        if self.role != "leader":
            return
        for q in self.others:
            self.replicate(q)
        self.timer("heartbeat", HEARTBEAT)

    def append_entries(self, leader, message):
        if message["term"] < self.term:
            return self.send(leader, "appended", success=False)
        self.role = "follower"
        self.wait_for_leader()
        previous_term, index = message["previous"]
        if index > len(self.log) or (index > 0 and self.log[index - 1]["term"] != previous_term):
            return self.send(leader, "appended", success=False)
        for entry in message["entries"]:
            index += 1
            # What does not conflict stays, since an old message may come late.
            if index > len(self.log) or self.log[index - 1]["term"] != entry["term"]:
                self.log = [*self.log[: index - 1], entry]
                self.persist()
                self.observe("append", index=index, entry=entry)
        self.send(leader, "appended", success=True, match=index)
        self.commit(min(message["commit"], index))

    def appended(self, follower, message):
        if self.role != "leader" or message["term"] != self.term:
            return
        if message["success"]:
            self.match_index[follower] = max(self.match_index[follower], message["match"])
            self.next_index[follower] = self.match_index[follower] + 1
            # Of earlier terms nothing is committed by counting (§5.4.2).
            enough = self.majority - 1 if FAULT == "half-commits" else self.majority
            held = sorted([*self.match_index.values(), len(self.log)], reverse=True)[enough - 1]
            if held > 0 and self.log[held - 1]["term"] == self.term:
                self.commit(held)
        else:
            self.next_index[follower] = max(1, self.next_index[follower] - 1)
            self.replicate(follower)

    def commit(self, index):
        while self.commit_index < index:
            self.commit_index += 1
            entry = self.log[self.commit_index - 1]
            self.observe("commit", index=self.commit_index, entry=entry)
            if entry["command"] is not None:
                self.apply(**entry["command"])

    # ── The state machine and its clients ───────────────────────────────────

    def request(self, client, message):
        """Who does not lead is silent: the client asks the next one."""
        if self.role != "leader":
            return
        command = {"client": client, "request": message["request"], "call": message["call"]}
        if client in self.answers and self.answers[client][0] == message["request"]:
            self.reply(client, *self.answers[client])
        elif all(entry["command"] != command for entry in self.log):
            self.append(command)
            if FAULT == "answers-early":
                self.reply(client, message["request"], self.execute(dict(self.variables), message["call"]))

    def apply(self, client, request, call):
        """A command that is in the log twice, since two leaders were asked for it, takes effect once."""
        number = int(request.split("#")[1])
        if client in self.answers and int(self.answers[client][0].split("#")[1]) >= number:
            return
        self.answers[client] = (request, self.execute(self.variables, call))
        if self.role == "leader":
            self.reply(client, *self.answers[client])

    @staticmethod
    def execute(variables, call):
        arguments = call["arguments"]
        if call["function"] == "put":
            variables[arguments[0]] = arguments[1]
            return None
        if call["function"] == "get":
            return variables[arguments[0]]
        return dict(variables)

    # ── What it is told, and what it shows ──────────────────────────────────

    def state(self):
        """All that its future depends on, layer by layer, so that a run ends when it has been there before. What it will
        draw depends on how often it has drawn."""
        hidden = {"me", "others", "majority", "random", "effects", "variables", "answers"}
        raft = {name: value for name, value in vars(self).items() if name not in hidden}
        return {
            "raft": {**raft, "votes": sorted(self.votes)},
            "kv": {"variables": self.variables, "answers": self.answers},
        }

    def receive(self, sender, message):
        if message["kind"] == "request":
            return self.request(sender, message)
        self.see(message["term"])
        handlers = {
            "request_vote": self.request_vote,
            "vote": self.vote,
            "append_entries": self.append_entries,
            "appended": self.appended,
        }
        handlers[message["kind"]](sender, message)

    def expire(self, timer):
        {"election": self.expire_election, "heartbeat": self.expire_heartbeat}[timer]()


def answer(**fields):
    print(json.dumps(fields), flush=True)


run = server = None
for line in sys.stdin:
    told = json.loads(line)
    kind = told["kind"]
    if kind == "hello":
        answer(protocol="onecopy/stdio", version=1, state=True)
        continue
    if kind == "reset":
        run, server = told, None
    elif kind == "start":
        server = Server(run["self"], run["processes"], run["seed"], told["incarnation"], told.get("stable"))
    elif kind == "receive":
        server.receive(told["from"], told["message"])
    elif kind == "timer":
        server.expire(told["timer"]["kind"])
    if server is None:
        answer(line=told["line"], effects=[])
    else:
        effects, server.effects = server.effects, []
        answer(line=told["line"], effects=effects, state=server.state())
