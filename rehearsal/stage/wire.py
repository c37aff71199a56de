"""JSON as it goes over the wire: compact, and safe for half surrogates that people may send."""

import json
from typing import Any


def packed(value: Any) -> bytes:
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":")).encode()
