"""A web address -> the bytes behind it and the suffix they would have as a file.

Only ever used for an address that the user typed and allowed. Only http and https, only addresses
of the public internet: the address that was checked is the one connected to, at every redirect.
"""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from rag.errors import DocumentError
from rag.load.sniff import SUFFIXES

SECONDS = 60.0
"""How long fetching may take altogether, redirects included."""
MAX_REDIRECTS = 5
MAX_NAME = 60
"""Characters of an address that are kept in the name of its file."""

_PORTS = {"http": 80, "https": 443}
_REDIRECTS = (301, 302, 303, 307, 308)
_PIECE = 1 << 16
_OFFICE = "application/vnd.openxmlformats-officedocument."
_SUFFIX_OF = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/csv": ".csv",
    "application/pdf": ".pdf",
    "application/epub+zip": ".epub",
    "application/zip": ".zip",
    "message/rfc822": ".eml",
    "application/vnd.ms-excel": ".xls",
    f"{_OFFICE}wordprocessingml.document": ".docx",
    f"{_OFFICE}spreadsheetml.sheet": ".xlsx",
    f"{_OFFICE}presentationml.presentation": ".pptx",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/tiff": ".tiff",
    "image/webp": ".webp",
    "image/bmp": ".bmp",
}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
Address = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address gave."""

    name: str
    """A file name for it: host, end of the path, hash of the address; the same address, the same."""
    data: bytes


def is_address(text: str) -> bool:
    """Return whether `text` is a web address (or one of another scheme), not a path."""
    return "://" in text and urlsplit(text).scheme.isalnum()


def fetch(url: str, limit: int, seconds: float = SECONDS) -> Fetched:
    """Return what `url` gives.

    Args:
        url: http or https.
        limit: Bytes that it may have.
        seconds: How long it may take.

    Raises:
        DocumentError: Another scheme, an address that is not public, no answer, an error, too
            large, too slow, or a kind of file that is not read.
    """
    deadline = time.monotonic() + seconds
    here = url
    for _ in range(MAX_REDIRECTS + 1):
        parts = _checked(here)
        with _answer(parts, url, deadline) as answer:
            if answer.status in _REDIRECTS and (onward := answer.getheader("Location")):
                here = urljoin(here, onward)
                if parts.scheme == "https" and urlsplit(here).scheme == "http":
                    raise _refused(url, "leads to an unencrypted address", "转向了未加密的网址")
                continue
            if answer.status != http.client.OK:
                raise _refused(url, f"answered {answer.status}", f"返回 {answer.status}")
            suffix = _suffix(answer, parts, url)
            return Fetched(_name(url, suffix), _body(answer, url, limit, deadline))
    raise _refused(
        url, f"redirects more than {MAX_REDIRECTS} times", f"跳转超过 {MAX_REDIRECTS} 次"
    )


def _checked(url: str) -> SplitResult:
    """Return the parts of `url`, which may lead anywhere else than to a file or a local service."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise _refused(url, "is no web address", "不是有效的网址") from None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise _refused(url, "is no http or https address", "不是 http 或 https 网址")
    if parts.username or parts.password:
        raise _refused(url, "carries a user name", "包含用户名或密码")
    return parts


@contextlib.contextmanager
def _answer(parts: SplitResult, url: str, deadline: float) -> Iterator[http.client.HTTPResponse]:
    """Yield the answer of a server whose address was checked; ends at `deadline`, come what may."""
    host, secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or _PORTS[parts.scheme]
    held: list[socket.socket] = []
    timer = threading.Timer(_left(deadline), _cut, [held])
    timer.daemon = True
    try:
        held.append(_connected(_public(host, port, url), _left(deadline)))
        timer.start()
        if secure:
            context = ssl.create_default_context()
            held[0] = context.wrap_socket(held[0], False, False, server_hostname=host)
            held[0].do_handshake()  # type: ignore[attr-defined]
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = kind(host, port)
        connection.sock = held[0]
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", _ascii(target), headers={"Accept-Encoding": "identity"})
        yield connection.getresponse()
    except (OSError, http.client.HTTPException, ValueError) as error:
        if time.monotonic() >= deadline:
            raise _too_slow(url) from error
        raise _refused(url, f"cannot be fetched ({error})", f"无法获取（{error}）") from error
    finally:
        timer.cancel()
        for sock in held:
            sock.close()


def _public(host: str, port: int, url: str) -> Address:
    """Return the address of `host`; all that its name stands for must be public."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(place[0]) for *_, place in found]
    if not addresses or not all(map(_is_public, addresses)):
        raise _refused(
            url,
            "leads to a local or private address, which is never fetched",
            "指向本机或内网地址，不予获取",
        )
    return addresses[0], port


def _is_public(address: str) -> bool:
    """Return whether `address` lies in the public internet, whatever it is wrapped in."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        wrapped = found.ipv4_mapped or found.sixtofour or (found.teredo and found.teredo[1])
        if found in _NAT64:
            wrapped = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if wrapped:
            return _is_public(str(wrapped))
    return found.is_global and not found.is_multicast


def _connected(address: Address, timeout: float) -> socket.socket:
    """Return a connection to exactly this address; no proxy of the environment is asked."""
    return socket.create_connection(address, timeout=timeout)


def _cut(held: list[socket.socket]) -> None:
    """End a connection from another thread: whoever waits on it is woken."""
    for sock in held:
        with contextlib.suppress(OSError):
            socket.socket.shutdown(sock, socket.SHUT_RDWR)


def _left(deadline: float) -> float:
    return max(0.01, deadline - time.monotonic())


def _body(answer: http.client.HTTPResponse, url: str, limit: int, deadline: float) -> bytes:
    """Return the body of an answer, never more than `limit` bytes."""
    if answer.getheader("Content-Encoding", "identity").lower() not in ("identity", ""):
        raise _refused(url, "is sent compressed, which was not asked for", "以压缩方式返回")
    parts: list[bytes] = []
    size = 0
    while part := answer.read1(_PIECE):
        size += len(part)
        if size > limit:
            raise _refused(url, f"is larger than {limit / 1e6:g} MB", f"超过 {limit / 1e6:g} MB")
        parts.append(part)
    if time.monotonic() >= deadline:
        raise _too_slow(url)
    if answer.length:
        raise _refused(url, "broke off before its end", "传输中断")
    return b"".join(parts)


def _suffix(answer: http.client.HTTPResponse, parts: SplitResult, url: str) -> str:
    """Return the suffix that the kind of the answer has; else that of the address."""
    kind = answer.headers.get_content_type() if answer.getheader("Content-Type") else ""
    own = PurePosixPath(unquote(parts.path)).suffix.lower()
    suffix = _SUFFIX_OF.get(kind, "")
    if own in SUFFIXES and (not suffix or SUFFIXES[own] != SUFFIXES[suffix] == "text"):
        suffix = own  # servers send Markdown and CSV as plain text
    if not suffix:
        shown = kind or "nothing"
        raise _refused(
            url, f"is of a kind that is not read ({shown})", f"是不支持的类型（{shown}）"
        )
    return suffix


def _name(url: str, suffix: str) -> str:
    parts = urlsplit(url)
    stem = PurePosixPath(unquote(parts.path)).stem
    words = re.sub(r"[^\w.-]+", "-", f"{parts.hostname}-{stem}").strip("-.")[:MAX_NAME]
    return f"{words}-{hashlib.sha256(url.encode()).hexdigest()[:8]}{suffix}"


def _ascii(target: str) -> str:
    """Return a path and query with what is not ASCII, and white space, quoted."""
    return "".join(
        c if "!" <= c <= "~" else "".join(f"%{b:02X}" for b in c.encode("utf-8", "replace"))
        for c in target
    )


def _too_slow(url: str) -> DocumentError:
    return _refused(url, f"took longer than {SECONDS:g} s", f"超过 {SECONDS:g} 秒")


def _refused(url: str, en: str, zh: str) -> DocumentError:
    shown = "".join(c if c.isprintable() else "\ufffd" for c in url)[:200]
    return DocumentError(
        f"{shown}: {en}; save it in a browser and add the file",
        f"{shown}：{zh}；请用浏览器保存后添加文件",
    )
