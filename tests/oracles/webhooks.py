"""Signs and verifies webhooks with the schemes' own Python libraries, for the tests to compare idv with.

One JSON object per line on standard input, one answer per line on standard output:

    {"do":"sign","scheme":S,"secret":"...","id":"msg_1","timestamp":1700000000,"body_base64":"..."}
        -> {"ok":true,"headers":{...}}
    {"do":"verify","scheme":S,"secret":"...","body_base64":"...","headers":{...}}
        -> {"ok":true} or {"ok":false,"error":"..."}

S is `svix`, `standardwebhooks` or `hmac-sha256-hex` (Baanx: the hex HMAC-SHA256 of timestamp, a dot and the body, under
the key as text). Verifying compares timestamps with the machine's clock. A line that cannot be understood is answered
with `"ok":false` and an error that starts with `usage:`.
"""

import base64
import hashlib
import hmac
import json
import sys
import time
from datetime import datetime, timezone

import standardwebhooks
import svix

TOLERANCE_SECONDS = 300


class Refused(Exception):
    """The webhook is not genuine, or not fresh."""


class Usage(Exception):
    """The caller asked for something this program does not do."""


class Library:
    """A webhook library that signs the text `id.timestamp.body` and puts it into headers named PREFIX-*."""

    def __init__(self, webhook, prefix):
        self.webhook = webhook
        self.prefix = prefix

    def sign(self, request, body):
        moment = datetime.fromtimestamp(request["timestamp"], tz=timezone.utc)
        return {
            f"{self.prefix}-id": request["id"],
            f"{self.prefix}-timestamp": str(request["timestamp"]),
            f"{self.prefix}-signature": self.webhook(request["secret"]).sign(request["id"], moment, body.decode()),
        }

    def verify(self, request, body):
        # The library's answer is an exception or none; what a body means is not its business here.
        webhook = self.webhook(request["secret"])
        if self.prefix == "svix":
            webhook.verify(body, request["headers"])
        else:
            webhook.verify(body, request["headers"], json_parse=False)


class HexHmac:
    """Baanx: `X-Signature` is the lowercase hex HMAC-SHA256 of `X-Timestamp`, a dot and the raw body."""

    @staticmethod
    def signature(secret, timestamp, body):
        return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()

    def sign(self, request, body):
        timestamp = str(request["timestamp"])
        return {"X-Timestamp": timestamp, "X-Signature": self.signature(request["secret"], timestamp, body)}

    def verify(self, request, body):
        headers = {name.lower(): value for name, value in request["headers"].items()}
        timestamp, signature = headers.get("x-timestamp"), headers.get("x-signature")
        if timestamp is None or signature is None:
            raise Refused("a required header is missing")
        if not (timestamp.isascii() and timestamp.isdigit()):
            raise Refused("the timestamp is not a number of seconds")
        if abs(int(time.time()) - int(timestamp)) > TOLERANCE_SECONDS:
            raise Refused("the timestamp is outside the tolerance")
        expected = self.signature(request["secret"], timestamp, body)
        if not hmac.compare_digest(expected.encode(), signature.encode()):
            raise Refused("the signature does not match")


SCHEMES = {
    "svix": Library(svix.Webhook, "svix"),
    "standardwebhooks": Library(standardwebhooks.Webhook, "webhook"),
    "hmac-sha256-hex": HexHmac(),
}


def parse(line):
    try:
        request = json.loads(line)
        scheme = SCHEMES[request["scheme"]]
        body = base64.b64decode(request["body_base64"], validate=True)
        needed = {"sign": ["secret", "id", "timestamp"], "verify": ["secret", "headers"]}[request["do"]]
        for name in needed:
            request[name]
        return request, scheme, body
    except Exception as problem:
        raise Usage(f"usage: {type(problem).__name__}: {problem}") from problem


def answer(line):
    try:
        request, scheme, body = parse(line)
        if request["do"] == "sign":
            return {"ok": True, "headers": scheme.sign(request, body)}
        scheme.verify(request, body)
        return {"ok": True}
    except Usage as problem:
        return {"ok": False, "error": str(problem)}
    except Exception as problem:
        return {"ok": False, "error": f"{type(problem).__name__}: {problem}"}


for line in sys.stdin:
    if line.strip():
        print(json.dumps(answer(line)), flush=True)
