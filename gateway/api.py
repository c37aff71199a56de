"""One call to the Bot API, by method name and parameters, over the shared transport."""

from collections.abc import Mapping
from typing import Any

from telegram import InputFile
from telegram.request import BaseRequest, RequestData
from telegram.request._requestparameter import RequestParameter


class Api:
    """Raises telegram.error.TelegramError and its kinds, as python-telegram-bot maps them."""

    def __init__(self, request: BaseRequest, base_url: str, token: str) -> None:
        self._request = request
        self._root = f"{base_url}/bot{token}/"

    async def call(
        self,
        method: str,
        parameters: Mapping[str, Any],
        files: Mapping[str, tuple[str, bytes]] | None = None,
        read_seconds: float | None = None,
    ) -> Any:
        """`files` maps a parameter to (file name, content). Returns the answer's `result`."""
        parts = [RequestParameter(name, value, None) for name, value in parameters.items()]
        for name, (filename, content) in (files or {}).items():
            parts.append(RequestParameter(name, None, [InputFile(content, filename)]))
        timeout = {} if read_seconds is None else {"read_timeout": read_seconds}
        return await self._request.post(self._root + method, RequestData(parts), **timeout)
