"""WebKitGTK, the engine nearest to an iPhone's that can be had here: driven by WebDriver, on a display of its own.

It keeps no Secure cookie over plain HTTP, so people come to it through TLS, as they do where a server is for others.
"""

import asyncio
import os
import shutil
import ssl
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.remote_connection import RemoteConnection
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

PATIENCE: Final = 60.0
"""Seconds to wait for something on the page."""
SCREEN: Final = "1400x1000x24"

_FIND: Final = """
const [kind, name] = arguments;
const place = document.querySelector("dialog[open]") ?? document;
const named = (one) => (one.getAttribute("aria-label") ?? one.innerText).trim();
const all = [...place.querySelectorAll(kind === "field" ? "label" : "button, a")];
const found = all.find((one) => one.checkVisibility() && named(one).startsWith(name));
return (kind === "field" ? found?.control : found) ?? null;
"""


class WebKit:
    """One browser with one tab. Things are found by the names people see."""

    def __init__(self, driver: webdriver.Remote, origin: str) -> None:
        self.driver = driver
        self.origin = origin

    def goto(self, address: str) -> None:
        self.driver.get(address if "://" in address else self.origin + address)

    def script(self, code: str, *arguments: Any) -> Any:
        return self.driver.execute_script(code, *arguments)

    def text(self) -> str:
        return str(self.script("return document.body.innerText"))

    def heading(self) -> str:
        return str(self.script("return document.querySelector('h1')?.innerText ?? ''"))

    def sees(self, words: str) -> None:
        self.until(lambda: words in self.text(), words)

    def arrives(self, heading: str) -> None:
        self.until(lambda: heading in self.heading(), heading)

    def fill(self, label: str, words: str) -> None:
        field = self._find("field", label)
        field.clear()
        field.send_keys(words)

    def press(self, name: str) -> None:
        self._find("button", name).click()

    def _find(self, kind: str, name: str) -> WebElement:
        found: WebElement = self.until(lambda: self.script(_FIND, kind, name), name)
        return found

    def until(self, look: Any, what: str) -> Any:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            # What was found may be drawn anew before it is asked.
            with suppress(WebDriverException):
                if found := look():
                    return found
            time.sleep(0.1)
        raise AssertionError(f"{what!r} did not come; the page says:\n{self.text()}")


@contextmanager
def webkit(folder: Path, origin: str) -> Iterator[WebKit]:
    """A fresh browser. Skips the test where there is none."""
    program = next(Path("/usr/lib").glob("*/webkit2gtk-4*/MiniBrowser"), None)
    driver = shutil.which("WebKitWebDriver")
    screen = shutil.which("Xvfb")
    if not (program and driver and screen):
        pytest.skip("WebKitGTK or Xvfb is not installed here; scripts/system-parts.sh installs them on Debian")
    options = Options()
    options.binary_location = str(program)
    options.add_argument("--automation")
    options.set_capability("acceptInsecureCerts", True)
    with ExitStack() as stack:
        display = stack.enter_context(_display(screen))
        environment = {
            **os.environ,
            "DISPLAY": display,
            "HOME": str(folder),
            "XDG_CACHE_HOME": str(folder / "cache"),
            "XDG_DATA_HOME": str(folder / "data"),
            "LIBGL_ALWAYS_SOFTWARE": "1",
            # There is no user namespace to make a sandbox of in a container; what is opened is ours alone.
            "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",
        }
        log = str(folder / "webkit.log")
        service = Service(driver, env=environment, log_output=log)
        service.start()
        stack.callback(service.stop)
        running = webdriver.Remote(RemoteConnection(client_config=ClientConfig(service.service_url)), options=options)
        stack.callback(running.quit)
        yield WebKit(running, origin)


@contextmanager
def _display(program: str) -> Iterator[str]:
    read, write = os.pipe()
    command = [program, "-displayfd", str(write), "-screen", "0", SCREEN, "-nolisten", "tcp"]
    running = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read, encoding="ascii") as told:
        number = told.readline().strip()
    try:
        yield f":{number}"
    finally:
        running.terminate()
        running.wait(PATIENCE)


@asynccontextmanager
async def behind_tls(port: int, behind: int, folder: Path) -> AsyncIterator[str]:
    """TLS on one port of the loopback, the plain server on another behind it; gives the address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_certificate(folder))
    joined: set[asyncio.Task[None]] = set()

    async def join(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", behind)
        for one, other in ((reader, back), (there, writer)):
            passing = asyncio.create_task(_pass(one, other))
            joined.add(passing)
            passing.add_done_callback(joined.discard)

    server = await asyncio.start_server(join, "127.0.0.1", port, ssl=context)
    async with server:
        yield f"https://localhost:{port}"
        for passing in joined:
            passing.cancel()
        await asyncio.gather(*joined, return_exceptions=True)


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError), closing(writer):
        while part := await reader.read(65_536):
            writer.write(part)
            await writer.drain()


def _certificate(folder: Path) -> Path:
    """A key and its own certificate for this machine, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=7))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    form = serialization.Encoding.PEM
    private = key.private_bytes(form, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = folder / "localhost.pem"
    file.write_bytes(private + made.public_bytes(form))
    return file
