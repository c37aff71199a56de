"""Tells a rehearsal as it happens: a readable transcript with a progress bar, also into a file."""

import sys
import time
from datetime import datetime
from pathlib import Path
from typing import TextIO

from rehearsal.cast.seen import Seen

BAR = 24
LONGEST = 14
"""Lines of one message that are shown on the screen; the file has them all."""


class Narrator:
    """`scenes` is how many there will be; the bar stands at the foot of a terminal."""

    def __init__(self, scenes: int, file: Path, screen: TextIO = sys.stdout) -> None:
        self._scenes = scenes
        self._scene = 0
        self._title = ""
        self._screen = screen
        self._file = file.open("w", encoding="utf-8")
        self._began = time.monotonic()
        self._has_bar = screen.isatty()

    def scene(self, title: str, now: datetime) -> None:
        self._scene += 1
        self._title = title
        self._tell(f"\n━━ {self._scene}/{self._scenes}  {now:%Y-%m-%d %a %H:%M}  {title}")
        if not self._has_bar:
            self._tell(f"   {self._bar()}")

    def aside(self, words: str) -> None:
        """What the teller explains."""
        self._tell(f"   ({words})")

    def said(self, who: str, words: str) -> None:
        self._tell_block(f"👤 {who}: ", words)

    def pressed(self, who: str, button: str) -> None:
        self._tell(f"   👤 {who}: [{button}]")

    def answered(self, who: str, message: Seen) -> None:
        """What the bot shows this person."""
        words = message.text or " ".join(f"<{kind}>" for kind in (*message.media, *message.service))
        rows = [" ".join(f"[{text}]" for text in row) for row in message.keyboard]
        self._tell_block(f"🤖 → {who}: ", "\n".join([words, *rows]))

    def popped(self, who: str, words: str) -> None:
        self._tell(f"   🤖 → {who}: ⟦{words}⟧")

    def end(self, words: str) -> None:
        self._tell(f"\n{words}")
        self._tell(f"({time.monotonic() - self._began:.1f} s)")
        self._clear_bar()
        self._file.close()

    def _tell_block(self, head: str, words: str) -> None:
        lines = words.splitlines() or [""]
        full = [f"   {head}{lines[0]}", *(f"        {line}" for line in lines[1:])]
        shown = full
        if len(full) > LONGEST:
            shown = [*full[: LONGEST - 1], f"        … {len(full) - LONGEST + 1} lines more"]
        self._file.write("\n".join(full) + "\n")
        self._show("\n".join(shown))

    def _tell(self, words: str) -> None:
        self._file.write(words + "\n")
        self._show(words)

    def _show(self, words: str) -> None:
        self._clear_bar()
        print(words, file=self._screen)
        if self._has_bar:
            print(f"{self._bar()} {self._title}", end="\r", file=self._screen, flush=True)

    def _clear_bar(self) -> None:
        if self._has_bar:
            print("\x1b[2K", end="\r", file=self._screen)

    def _bar(self) -> str:
        done = BAR * self._scene // self._scenes
        return f"[{'█' * done}{'·' * (BAR - done)}] {100 * self._scene // self._scenes:3d} %"
