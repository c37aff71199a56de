"""Logs for the operator: one line each, ids instead of people's words, the token never."""

import logging
import re
from typing import Any

_TOKEN = re.compile(r"\d{3,}:[A-Za-z0-9_-]{20,}")
_EXTRAS = ("update", "outbox", "why")


class Redacting(logging.Filter):
    """Takes what looks like a bot token, and this bot's own, out of every line."""

    def __init__(self, *secrets: str) -> None:
        super().__init__()
        self._secrets = [secret for secret in secrets if secret]

    def filter(self, record: logging.LogRecord) -> bool:
        words = record.getMessage()
        for secret in self._secrets:
            words = words.replace(secret, "***")
        record.msg, record.args = _TOKEN.sub("***", words).replace("\n", "\\n"), None
        return True


class _Line(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        known = ((name, getattr(record, name, None)) for name in _EXTRAS)
        shown = " ".join(f"{name}={value}" for name, value in known if value is not None)
        return f"{line} {shown}" if shown else line

    def formatException(self, ei: Any) -> str:  # noqa: N802  (the name is logging's)
        """Where it happened and what kind it was; its words could hold people's words."""
        kind, trace = ei[0], ei[2]
        places = []
        while trace is not None:
            code = trace.tb_frame.f_code
            places.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}")
            trace = trace.tb_next
        return f"  {getattr(kind, '__name__', kind)} at {' > '.join(places[-8:])}"


def set_up_logs(level: str, *secrets: str) -> None:
    """To standard error, at `level`; the libraries that log URLs or bodies are kept quiet."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Line("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.addFilter(Redacting(*secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in ("httpx", "httpcore", "aiohttp", "alembic", "telegram"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # It warns whenever a tick takes longer than the interval, which is no trouble.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    # The library logs the whole body of an answer that is not JSON.
    logging.getLogger("telegram.request").setLevel(logging.CRITICAL)
