"""Draws the README's pictures from a rehearsal: `python -m docs.pictures.draw`.

Needs Chromium, Chinese fonts (Debian: chromium fonts-noto-cjk fonts-noto-color-emoji) and pngquant.
"""

import asyncio
import re
import shutil
import subprocess
import tempfile
from datetime import datetime
from html import escape
from pathlib import Path
from zoneinfo import ZoneInfo

from docs.pictures.week import Json, Shot, play

HERE = Path(__file__).resolve().parent
ZONE = ZoneInfo("Asia/Shanghai")
PICTURES = {
    "conversation": ("reminder", "question", "review"),
    "bulletin": ("approval", "bulletin"),
}
PHONE, GAP, MARGIN, HEIGHT = 376, 28, 24, 800
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="diaodu-pictures-") as folder:
        shots = asyncio.run(play(Path(folder)))
        for name, parts in PICTURES.items():
            page = Path(folder) / f"{name}.html"
            page.write_text(_page([shots[part] for part in parts]), "utf-8")
            _render(page, HERE / f"{name}.png", len(parts), Path(folder) / "browser")


def _render(page: Path, target: Path, phones: int, profile: Path) -> None:
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise SystemExit("install Chromium: apt install chromium")
    width = 2 * MARGIN + phones * PHONE + (phones - 1) * GAP
    options = (
        *("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"),
        *("--hide-scrollbars", "--force-device-scale-factor=2", f"--user-data-dir={profile}"),
        *(f"--window-size={width},{HEIGHT + 2 * MARGIN}", f"--screenshot={target}"),
    )
    subprocess.run([browser, *options, page.as_uri()], check=True, capture_output=True)
    subprocess.run(["pngquant", "--force", "--output", target, "--", target], check=True)


def _page(shots: list[Shot]) -> str:
    style = (HERE / "chat.css").read_text("utf-8")
    phones = "".join(map(_phone, shots))
    return f'<!doctype html><meta charset="utf-8"><style>{style}</style><body>{phones}</body>'


def _phone(shot: Shot) -> str:
    pinned = next((each for each in shot.messages if each["message_id"] == shot.pinned), None)
    bar = ""
    if pinned:
        first = escape(pinned["text"].splitlines()[0])
        bar = f'<div class="pinned"><b>置顶消息</b><br>{first}</div>'
    place = "top" if pinned else "bottom"
    menu = "<span>≡ 菜单</span>" if shot.me else ""
    return (
        f'<div class="phone"><div class="head"><i>{escape(shot.title[0])}</i>'
        f"<div><b>{escape(shot.title)}</b><br>{escape(shot.subtitle)}</div></div>{bar}"
        f'<div class="chat {place}"><div>{_talk(shot)}</div></div>'
        f'<div class="foot">{menu}消息</div></div>'
    )


def _talk(shot: Shot) -> str:
    pieces, day = [], ""
    for message in shot.messages:
        if message["service"]:
            continue
        at = datetime.fromtimestamp(message["date"], ZONE)
        today = f"{at.month}月{at.day}日"
        if today != day:
            pieces.append(f'<div class="day"><span>{today}</span></div>')
            day = today
        pieces.append(_message(shot, message, at))
    return "".join(pieces)


def _message(shot: Shot, message: Json, at: datetime) -> str:
    is_mine = message["from"]["id"] == shot.me
    html = _html(message["html"])
    name = "" if shot.me else f'<b class="name">{escape(message["from"]["name"])}</b>'
    rows = "".join(
        f"<div>{''.join(f'<span>{escape(label)}</span>' for label in row)}</div>"
        for row in message["keyboard"]
    )
    keyboard = f'<div class="keys">{rows}</div>' if rows else ""
    side = "mine" if is_mine else "theirs"
    return (
        f'<div class="message {side}"><div class="bubble">{name}{html}'
        f"<time>{'已编辑 ' if message['is_edited'] else ''}{at:%H:%M}</time></div>{keyboard}</div>"
    )


def _html(html: str) -> str:
    """As a phone shows it: quotes folded and on lines of their own, the link's code not shown."""
    html = re.sub(r"\n?(<blockquote[^>]*>.*?</blockquote>)\n?", r"\1", html, flags=re.DOTALL)
    html = re.sub(r"^/start \S+$", "/start", html)
    return html.replace("<blockquote expandable>", '<blockquote class="folded">')


if __name__ == "__main__":
    main()
