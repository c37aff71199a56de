"""Telegram's transport: python-telegram-bot's request interface over one aiohttp session."""

from typing import Any

import aiohttp
from aiohttp import ClientTimeout, FormData, JsonPayload, TCPConnector
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

READ_SECONDS = 30.0
CONNECT_SECONDS = 10.0
FILE_SECONDS = 120.0


class AiohttpRequest(BaseRequest):
    """Costs about a third of the default transport's CPU for each call.

    The raised error's `__cause__` is aiohttp's own, by which `gateway.outcome` tells a request
    that was never written from one whose answer was lost.
    """

    def __init__(self, proxy: str = "", connections: int = 64) -> None:
        self._proxy = proxy
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        return READ_SECONDS

    async def initialize(self) -> None:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=self._connector(), auto_decompress=True, trust_env=False
            )

    async def shutdown(self) -> None:
        if self._session is None:
            return
        await self._session.close()
        self._session = None

    def _connector(self) -> aiohttp.BaseConnector:
        if not self._proxy.startswith("socks"):
            return TCPConnector(limit=self._connections, ttl_dns_cache=300)
        from aiohttp_socks import ProxyConnector  # only who needs it pays for it

        return ProxyConnector.from_url(self._proxy, limit=self._connections)

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = None,
        write_timeout: Any = None,
        connect_timeout: Any = None,
        pool_timeout: Any = None,
    ) -> tuple[int, bytes]:
        if self._session is None:
            await self.initialize()
        assert self._session is not None
        has_files = request_data is not None and request_data.contains_files
        timeout = ClientTimeout(
            sock_connect=_seconds(connect_timeout, CONNECT_SECONDS),
            total=_seconds(read_timeout, FILE_SECONDS if has_files else READ_SECONDS),
        )
        proxy = self._proxy if self._proxy.startswith("http") else None
        try:
            async with self._session.request(
                method, url, data=_body(request_data), timeout=timeout, proxy=proxy
            ) as answer:
                return answer.status, await answer.read()
        except TimeoutError as cause:
            raise TimedOut(type(cause).__name__) from cause
        except aiohttp.ClientError as cause:
            # Their own words hold the URL, and the URL holds the token.
            raise NetworkError(type(cause).__name__) from cause


def _seconds(given: Any, default: float) -> float:
    return float(given) if isinstance(given, int | float) else default


def _body(request_data: RequestData | None) -> FormData | JsonPayload | None:
    if request_data is None:
        return None
    if not request_data.contains_files:
        return JsonPayload(request_data.parameters)
    # Quoted fields would give a file with a Chinese name a name of percent signs.
    form = FormData(request_data.json_parameters, quote_fields=False)
    for name, (filename, content, mime) in request_data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return form
