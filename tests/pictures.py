"""`python -m tests.pictures NODE_MODULES FOLDER`: the README's pictures.

The bot runs against the stand-ins; what it sent is shown by the web components of the npm package
@skyra/discord-components-core (in NODE_MODULES) in headless Chromium and saved as PNG in FOLDER.
"""

from __future__ import annotations

import asyncio
import html
import re
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.pictures_month import live_a_month
from tests.wire.lab import RELEVANT, fresh, open_lab

if TYPE_CHECKING:
    from datetime import datetime

    from tests.wire.lab import Lab

CHROMIUM = "chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
CHROMIUM += "--hide-scrollbars --disable-background-networking --disable-component-update "
CHROMIUM += "--disable-sync --force-device-scale-factor=2 --virtual-time-budget=6000"

IMPORTS = """{"imports": {
  "lit": "/node_modules/lit/index.js", "lit/": "/node_modules/lit/",
  "lit-html": "/node_modules/lit-html/lit-html.js", "lit-html/": "/node_modules/lit-html/",
  "lit-element": "/node_modules/lit-element/index.js",
  "lit-element/": "/node_modules/lit-element/",
  "@lit/reactive-element": "/node_modules/@lit/reactive-element/reactive-element.js",
  "@lit/reactive-element/": "/node_modules/@lit/reactive-element/",
  "@lit/context": "/node_modules/@lit/context/index.js"}}"""

PAGE = """<!doctype html><meta charset="utf-8"><script type="importmap">{imports}</script>
<script type="module">import "/node_modules/@skyra/discord-components-core/dist/index.js";</script>
<script>const tell = () => {{
 document.title = Math.ceil(document.querySelector("discord-messages").offsetHeight) + 8 }};
setInterval(tell, 200)</script>
<style>body {{ margin: 0; width: 460px; background: #313338 }}
discord-messages {{ border: 0 }}</style>
<discord-messages no-background><discord-message author="SynData-Papers" bot
 avatar="data:image/svg+xml;utf8,{avatar}" timestamp="09:12"{ephemeral}>
{content}{embeds}{components}{reactions}</discord-message></discord-messages>"""

WIDTH = 460

CARD = fresh(
    11,
    "PreferSynth: Synthetic Preference Data Generation with Large Language Models",
    RELEVANT.abstract,
)

AVATAR = (
    "%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 40 40'%3E"
    "%3Crect width='40' height='40' fill='%234e7d4e'/%3E"
    "%3Ctext x='20' y='28' font-size='22' text-anchor='middle' fill='white'%3ES%3C/text%3E"
    "%3C/svg%3E"
)

MARKUP = re.compile(
    r"\\(.)|\[((?:\\.|[^\]\\])*)\]\(<?([^)>]+)>?\)|\*\*((?:\\.|[^*\\])+)\*\*", re.DOTALL
)


BUTTONS = {1: "primary", 2: "secondary", 3: "success", 4: "destructive", 5: "secondary"}
"""Discord's numbers for how a button looks, as the web components name it."""

MOMENT = re.compile(r"<t:(\d+):R>")


def shown(markdown: str, now: datetime) -> str:
    """Discord's Markdown, as far as the bot writes it, as web components; moments as of `now`."""
    lines = []
    for line in MOMENT.sub(lambda found: _relative(int(found[1]), now), markdown).split("\n"):
        if line.startswith("> "):
            lines.append(f"<discord-quote>{_inline(line[2:])}</discord-quote>")
        else:
            lines.append(f"{_inline(line)}<br>")
    return "".join(lines)


def _relative(moment: int, now: datetime) -> str:
    """As Discord says it."""
    minutes = round((moment - now.timestamp()) / 60)
    words = "a minute" if abs(minutes) <= 1 else f"{abs(minutes)} minutes"
    return f"in {words}" if minutes > 0 else f"{words} ago"


def _inline(text: str) -> str:
    out, end = [], 0
    for match in MARKUP.finditer(text):
        out.append(html.escape(text[end : match.start()]))
        escaped, label, url, bold = match.groups()
        if escaped is not None:
            out.append(html.escape(escaped))
        elif label is not None:
            out.append(f'<discord-link href="{html.escape(url)}">{_inline(label)}</discord-link>')
        else:
            out.append(f"<discord-bold>{_inline(bold)}</discord-bold>")
        end = match.end()
    return "".join([*out, html.escape(text[end:])])


def _embed(embed: dict[str, Any], now: datetime) -> str:
    title = _inline(embed.get("title", ""))
    link = f' url="{html.escape(embed["url"])}"' if embed.get("url") else ""
    heading = f' embed-title="{title}"' if title else ""
    color = f' color="#{embed["color"]:06x}"' if embed.get("color") else ""
    body = shown(embed.get("description", ""), now)
    footer = embed.get("footer", {}).get("text", "")
    foot = f'<discord-embed-footer slot="footer">{html.escape(footer)}</discord-embed-footer>'
    return (
        f'<discord-embed slot="embeds"{heading}{link}{color}>'
        f'<discord-embed-description slot="description">{body}</discord-embed-description>'
        f"{foot if footer else ''}</discord-embed>"
    )


def _components(rows: list[dict[str, Any]]) -> str:
    shown_rows = "".join(
        f"<discord-action-row>{''.join(map(_control, row['components']))}</discord-action-row>"
        for row in rows
    )
    return f'<discord-attachments slot="components">{shown_rows}</discord-attachments>'


def _control(control: dict[str, Any]) -> str:
    if control["type"] == 2:
        kind = BUTTONS[control["style"]]
        return f'<discord-button type="{kind}">{html.escape(control["label"])}</discord-button>'
    placeholder = html.escape(control.get("placeholder") or "")
    return f'<discord-string-select-menu placeholder="{placeholder}"></discord-string-select-menu>'


def page(message: Any, now: datetime) -> str:
    """The HTML of one message as it looks at a moment."""
    reactions = "".join(
        f'<discord-reaction name="{r.emoji}" emoji="{_picture(r.emoji)}" count="{len(r.user_ids)}">'
        "</discord-reaction>"
        for r in message.reactions
    )
    return PAGE.format(
        imports=IMPORTS,
        avatar=AVATAR,
        ephemeral=" ephemeral" if message.is_ephemeral else "",
        content=html.escape(message.content),
        embeds="".join(_embed(embed, now) for embed in message.embeds),
        components=_components(message.components) if message.components else "",
        reactions=f'<discord-reactions slot="reactions">{reactions}</discord-reactions>'
        if reactions
        else "",
    )


def _picture(emoji: str) -> str:
    return (
        "data:image/svg+xml;utf8,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'%3E"
        f"%3Ctext x='12' y='20' font-size='20' text-anchor='middle'%3E{emoji}%3C/text%3E%3C/svg%3E"
    )


async def save(pages: dict[str, str], modules: Path, folder: Path) -> None:
    """Render each page with Chromium, the window as high as the message."""
    application = web.Application()

    async def give(request: web.Request) -> web.Response:
        return web.Response(text=pages[request.match_info["name"]], content_type="text/html")

    application.router.add_get("/page/{name}", give)
    application.router.add_static("/node_modules", modules)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    root = f"http://127.0.0.1:{runner.addresses[0][1]}"
    for name in pages:
        address, target = f"{root}/page/{name}", folder / f"{name}.png"
        measured = re.search(r"<title>(\d+)</title>", await _chromium("--dump-dom", address))
        height = measured[1] if measured else "1000"
        await _chromium(f"--window-size={WIDTH},{height}", f"--screenshot={target}", address)
        print(target)
    await runner.cleanup()


async def _chromium(*arguments: str) -> str:
    with tempfile.TemporaryDirectory() as profile:
        process = await asyncio.create_subprocess_exec(
            *CHROMIUM.split(),
            f"--user-data-dir={profile}",
            *arguments,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        output, _ = await process.communicate()
    return output.decode("utf-8", "replace")


async def main(modules: Path, folder: Path) -> None:
    """Take the messages from a running bot."""
    with tempfile.TemporaryDirectory() as scratch:
        async with open_lab(Path(scratch)) as lab:
            lab.configure(review={"settle": "3m"})
            lab.arxiv.archive.add(CARD)
            async with lab.bot():
                message = await lab.open_card("PreferSynth")
                pages = {"card": page(message, lab.now())}
                await pages_of_readers(lab, pages)
                walk = await lab.discord.slash(lab.ana, lab.review, "review next")
                pages["sitting"] = page(walk.message, lab.now())
                await lab.discord.react(lab.ana, message, "✅")
                await lab.discord.until(lambda: "ana" in str(message.embeds))
                pages["decided"] = page(message, lab.now())
    await pages_of_a_month(pages)
    await save(pages, modules, folder)


async def pages_of_a_month(pages: dict[str, str]) -> None:
    """What maintainers see after a month: the chance on a card, and another threshold."""
    with tempfile.TemporaryDirectory() as scratch:
        async with open_lab(Path(scratch)) as lab:
            await live_a_month(lab)
            lab.arxiv.archive.add(CARD)
            async with lab.bot():
                pages["chance"] = page(await lab.open_card("PreferSynth"), lab.now())
                seen = await lab.discord.slash(
                    lab.ana, lab.review, "review threshold", score="0.65"
                )
                pages["threshold"] = page(seen.message, lab.now())


async def pages_of_readers(lab: Lab, pages: dict[str, str]) -> None:
    """What readers see: a search typed badly, a paper, and the search in Chinese."""
    query = "syntetic preference data"
    found = await lab.discord.slash(lab.eve, lab.digest, "papers search", query=query)
    pages["search"] = page(found.message, lab.now())
    paper = await lab.discord.slash(lab.eve, lab.digest, "papers show", paper=f"arXiv:{CARD.id}")
    pages["paper"] = page(paper.message, lab.now())
    lab.discord.speaks(lab.eve, "zh-CN")
    chinese = await lab.discord.slash(lab.eve, lab.digest, "papers search", query=query)
    pages["chinese"] = page(chinese.message, lab.now())


if __name__ == "__main__":
    Path(sys.argv[2]).mkdir(parents=True, exist_ok=True)
    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2])))
