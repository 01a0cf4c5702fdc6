"""The review desk as a maintainer would explain it: plain values, no database, no Discord."""

from __future__ import annotations

from dataclasses import dataclass, field

WEEK = 7 * 86_400
SETTLE = 180
VOTES = ("✅", "❌")


@dataclass
class Paper:
    """One paper on the desk. `acts` are (kind, member) of what stands, the oldest first."""

    needed: int
    title: str
    suggested: str
    section: str = ""
    state: str = "posted"
    votes: dict[str, str] = field(default_factory=dict)
    given_at: dict[str, float] = field(default_factory=dict)
    by_reaction: set[str] = field(default_factory=set)
    acts: list[tuple[str, str]] = field(default_factory=list)
    heard: set[tuple[str, str]] = field(default_factory=set)
    late: set[tuple[str, str]] = field(default_factory=set)
    back_at: float = 0.0
    rows: int = 0

    @property
    def listed(self) -> bool:
        return self.state == "approved"

    @property
    def open(self) -> bool:
        return self.state in {"posted", "snoozed"}

    def vote(self, member: str, sign: str, now: float, *, reaction: bool = False) -> None:
        """A maintainer says yes or no."""
        self.vote_together([(member, sign)], now, reaction=reaction)

    def vote_together(
        self, votes: list[tuple[str, str]], now: float, *, reaction: bool = False
    ) -> None:
        """Votes of which nobody knows which came first; too late ones count never."""
        if not self.open:
            self.late |= set(votes) if reaction else set()
            return
        for member, sign in votes:
            if self.votes.get(member) != sign:
                self._note(member, sign, now, reaction=reaction)
        said = set(self.votes.values())
        if said == {"❌"}:
            self.state = "rejected"
        elif said == {"✅"} and len(self.votes) >= self.needed:
            self.state, self.section = "approved", self.suggested

    def _note(self, member: str, sign: str, now: float, *, reaction: bool) -> None:
        self._forget(member)
        self.votes[member] = sign
        self.given_at[member] = now
        self.acts.append(("vote", member))
        if reaction:
            self.by_reaction.add(member)
        self.heard.add((member, sign))
        self.rows += 1

    def _forget(self, member: str) -> None:
        self.votes.pop(member, None)
        self.by_reaction.discard(member)
        if ("vote", member) in self.acts:
            self.acts.remove(("vote", member))

    def snooze(self, member: str, now: float, *, reaction: bool = False) -> None:
        """A maintainer puts it off."""
        if self.state != "posted":
            self.late |= {(member, "💤")} if reaction else set()
            return
        self.state, self.back_at = "snoozed", now + WEEK
        self.acts = [act for act in self.acts if act[0] != "snooze"] + [("snooze", member)]
        self.heard.add((member, "💤"))
        self.rows += 1

    def wake(self, now: float) -> None:
        """A week later it is back."""
        if self.state == "snoozed" and now >= self.back_at:
            self.state = "posted"
            self.acts = [act for act in self.acts if act[0] != "snooze"]

    def undo(self) -> bool:
        """Take back what came last; whether there was anything."""
        if not self.acts:
            return False
        kind, before = self.acts[-1]
        self.rows += 1
        if kind != "vote":
            self.acts.pop()
            match kind:
                case "snooze":
                    self.state = "posted"
                case "move":
                    self.section = before
                case "edit":
                    self.title = before
            return True
        if not self.open:
            self.state = "posted"
        self.votes.clear()
        self.by_reaction.clear()
        self._keep("edit", *(["snooze"] if self.state == "snoozed" else []))
        return True

    def _keep(self, *kinds: str) -> None:
        self.acts = [act for act in self.acts if act[0] in kinds]

    def move(self, section: str) -> bool:
        """Under another heading; whether it could be."""
        if not self.listed or section == self.section:
            return False
        self.rows += 1
        self.acts.append(("move", self.section))
        self.section = section
        return True

    def edit(self, title: str) -> bool:
        """Another title; whether it is another."""
        if title == self.title:
            return False
        self.rows += 1
        self.acts.append(("edit", self.title))
        self.title = title
        return True

    def reconsider(self) -> bool:
        """Open a rejected one again; whether it was one."""
        if self.state != "rejected":
            return False
        self.rows += 1
        self.state = "posted"
        self.votes.clear()
        self.by_reaction.clear()
        self._keep("edit")
        return True

    def take_back(self, member: str, sign: str, now: float) -> bool:
        """A maintainer removes the own reaction; whether that took the vote back."""
        if self.votes.get(member) != sign or member not in self.by_reaction:
            return False
        if now - self.given_at[member] > SETTLE:
            return False
        self.rows += 1
        self._forget(member)
        self.heard.discard((member, sign))
        said = set(self.votes.values())
        stands = (self.state == "rejected" and said == {"❌"}) or (
            self.state == "approved" and said == {"✅"} and len(self.votes) >= self.needed
        )
        if not self.open and not stands:
            self.state = "posted"
            self.acts = [act for act in self.acts if act[0] != "move"]
            self.late = {pair for pair in self.late if pair[0] != member}
        return True

    def read(self, reactions: set[tuple[str, str]], now: float) -> None:
        """Read what stands under the card after the bot was away."""
        news = reactions - self.heard - self.late
        by_member: dict[str, set[str]] = {}
        for member, sign in news:
            by_member.setdefault(member, set()).add(sign)
        votes = []
        for member in sorted(by_member):
            said = by_member[member] & set(VOTES)
            if len(said) == 1:
                votes.append((member, said.pop()))
        sleepy = sorted(member for member, said in by_member.items() if said == {"💤"})
        if votes:
            self.vote_together(votes, now, reaction=True)
        elif sleepy:
            self.snooze(sleepy[0], now, reaction=True)
