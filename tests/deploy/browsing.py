"""A person or a program at the proxy's back: real HTTP, with the headers that Caddy adds."""

import http.client
import json
import re
from dataclasses import dataclass
from html import unescape
from http.cookies import SimpleCookie
from urllib.parse import urlencode

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    text: str

    @property
    def json(self) -> dict:
        """The body of a program's answer."""
        return json.loads(self.text)


class Browser:
    """Keeps the cookies of one host."""

    def __init__(self, port: int, host: str) -> None:
        self.port, self.host = port, host
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> Answer:
        """Ask for a page."""
        return self.send("GET", path)

    def post(self, path: str, **fields: str) -> Answer:
        """Open a page and send its form."""
        [token, *_] = TOKEN.findall(self.get(path).text)
        return self.send("POST", path, urlencode({"csrfmiddlewaretoken": token} | fields))

    def send(self, method: str, path: str, body: str | None = None, **headers: str) -> Answer:
        """Send what a browser sends, as the proxy passes it on."""
        sent = {
            "Host": self.host,
            "X-Forwarded-For": "203.0.113.7",
            "X-Forwarded-Proto": "https",
            "Origin": f"https://{self.host}",
            "Referer": f"https://{self.host}{path}",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        if body is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        answer = exchange(self.port, method, path, body, sent | headers)
        for line in answer.headers.get_all("Set-Cookie") or []:
            self.cookies.update({name: morsel.value for name, morsel in SimpleCookie(line).items()})
        return answer


class Program:
    """Calls the API of a host with a token."""

    def __init__(self, port: int, host: str, token: str) -> None:
        self.port, self.host, self.token = port, host, token

    def call(self, method: str, path: str, **body: object) -> Answer:
        """Send and read JSON."""
        headers = {
            "Host": self.host,
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "203.0.113.8",
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
        }
        return exchange(self.port, method, path, json.dumps(body) if body else None, headers)


def exchange(port: int, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
    """One request and its answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, unescape(answer.read().decode(errors="replace")))
    finally:
        connection.close()
