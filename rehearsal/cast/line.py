"""The line to the people's side of a simulator: requests out, JSON or a sentence back."""

from types import TracebackType
from typing import Any, Self

from aiohttp import ClientSession, ClientTimeout, FormData

Json = dict[str, Any]

LONGEST = 300.0


class Refused(Exception):
    """The simulator says why a person cannot do this."""


class Line:
    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._session: ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = ClientSession(timeout=ClientTimeout(total=LONGEST))
        self.url = (await self.get(""))["people_url"]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def get(self, path: str, **query: object) -> Any:
        asked = {key: str(value) for key, value in query.items() if value is not None}
        return await self._ask("GET", path, params=asked)

    async def post(self, path: str, **body: object) -> Any:
        given = {key: value for key, value in body.items() if value is not None}
        return await self._ask("POST", path, json=given)

    async def delete(self, path: str) -> Any:
        return await self._ask("DELETE", path)

    async def send(self, path: str, content: bytes, name: str, **fields: object) -> Any:
        form = FormData(quote_fields=False)
        for key, value in fields.items():
            if value is not None:
                form.add_field(key, str(value))
        form.add_field("file", content, filename=name)
        return await self._ask("POST", path, data=form)

    async def fetch(self, path: str) -> bytes:
        async with self._open.get(f"{self.url}{path}") as answer:
            answer.raise_for_status()
            return await answer.read()

    async def _ask(self, verb: str, path: str, **more: Any) -> Any:
        async with self._open.request(verb, f"{self.url}/sim{path}", **more) as answer:
            said = await answer.json()
            if answer.status >= 400:
                raise Refused(said.get("error", f"HTTP {answer.status}"))
            return said

    @property
    def _open(self) -> ClientSession:
        if self._session is None:
            raise RuntimeError("use `async with` first")
        return self._session
