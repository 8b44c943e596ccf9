"""Who is let in: this machine, or those with the password; what is sent along."""

import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from rag.errors import UsageError
from rag.page.guard import PERSON, Guard, require_password


async def greeting(scope, receive, send):
    await PlainTextResponse(f"hello {scope.get(PERSON)}")(scope, receive, send)


def browser(password=None, host="http://127.0.0.1:7860") -> TestClient:
    return TestClient(Guard(greeting, password), base_url=host)


def test_this_machine_is_let_in_without_a_password():
    for host in ("http://127.0.0.1:7860", "http://localhost", "http://[::1]:1"):
        assert browser(host=host).get("/").text == "hello None"


def test_a_foreign_name_for_this_machine_is_refused():
    """A site can let its own name point here; the browser would let it read the answers."""
    assert browser(host="http://evil.example").get("/").status_code == 421


@pytest.mark.parametrize(
    ("origin", "status"),
    [("http://evil.example", 403), ("null", 403), ("http://127.0.0.1:7860", 200)],
)
def test_other_sites_cannot_send_anything(origin, status):
    assert browser().post("/", headers={"origin": origin}).status_code == status


def test_nothing_can_be_fetched_from_elsewhere():
    headers = browser().get("/").headers
    policy = dict(
        part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";")
    )
    assert policy["default-src"] == "'self'" and policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'" and headers["referrer-policy"] == "same-origin"
    assert not [source for source in policy.values() if "http" in source or "*" in source]


def test_with_a_password_nothing_is_told_before_signing_in():
    visitor = browser("geheim", "http://page.example")
    assert visitor.get("/data").status_code == 401
    page = visitor.get("/", headers={"accept": "text/html"})
    assert page.url.path == "/login" and "password" in page.text
    wrong = visitor.post("/login", data={"person": "ada", "password": "x"})
    assert wrong.status_code == 403 and visitor.get("/data").status_code == 401
    right = visitor.post("/login", data={"person": "ada", "password": "geheim"})
    assert right.text == "hello ada"
    assert visitor.cookies and browser("geheim", "http://page.example").get("/x").status_code == 401


def test_the_session_cookie_is_out_of_reach_of_scripts():
    visitor = browser("geheim")
    answer = visitor.post(
        "/login", data={"person": "a", "password": "geheim"}, follow_redirects=False
    )
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie and "geheim" not in cookie


def test_guessing_is_slowed_down():
    visitor = browser("geheim")
    for _ in range(10):
        assert visitor.post("/login", data={"password": "x"}).status_code == 403
    assert visitor.post("/login", data={"password": "geheim"}).status_code == 429


def test_a_long_form_is_not_read():
    visitor = browser("geheim")
    sent = {"password": "geheim", "person": "x" * 10_000}
    assert visitor.post("/login", data=sent).status_code == 403


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.1.2.3"])
def test_this_machine_needs_no_password(host):
    require_password(host, None)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "page.example", ""])
def test_any_other_address_needs_one(host):
    with pytest.raises(UsageError, match="--password"):
        require_password(host, None)
    with pytest.raises(UsageError):
        require_password(host, "")
    require_password(host, "geheim")
