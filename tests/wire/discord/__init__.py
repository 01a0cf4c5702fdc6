"""A stand-in for Discord: REST API and gateway over real sockets, strict about what they accept.

The state behind it is the `simcord` package's model of a Discord server; this package is the wire
in front of it, the rules the model lacks, and the people who use the bot. `tests.wire` must stay a
package: were this folder's parent on `sys.path`, it would hide discord.py.
"""

from tests.wire.discord.answers import Answer, Impossible
from tests.wire.discord.record import Request, Violation
from tests.wire.discord.server import DiscordStandIn

__all__ = ["Answer", "DiscordStandIn", "Impossible", "Request", "Violation"]
