"""Two hundred texts that someone may write to run a script, to break a layout, or to look like something else."""

import unicodedata
from typing import Final

RUN: Final = "globalThis.ran=(globalThis.ran||0)+1"
"""What every script among the payloads does."""

_ELEMENTS = [
    "<script>RUN</script>",
    "<SCRIPT>RUN</SCRIPT>",
    "<script type=module>RUN</script>",
    "<img src=x onerror=RUN>",
    '<img src="x" onerror="RUN">',
    "<svg onload=RUN>",
    "<svg><script>RUN</script></svg>",
    "<svg><animate onbegin=RUN attributeName=x dur=1s>",
    "<body onload=RUN>",
    "<details open ontoggle=RUN>",
    "<video><source onerror=RUN></video>",
    "<video src=x onerror=RUN></video>",
    "<audio src=x onerror=RUN>",
    "<input autofocus onfocus=RUN>",
    "<select autofocus onfocus=RUN></select>",
    "<iframe srcdoc='<script>parent.RUN</script>'></iframe>",
    "<iframe src='javascript:parent.RUN'></iframe>",
    "<object data='javascript:RUN'></object>",
    "<embed src='javascript:RUN'>",
    "<math><mtext><script>RUN</script></mtext></math>",
    "<template><script>RUN</script></template>",
    "<style onload=RUN></style>",
    "<link rel=stylesheet href=x onerror=RUN>",
    "<meta http-equiv=refresh content='0;url=/quiet'>",
    "<base href='//stranger.test/'>",
    "<form action=//stranger.test><button>Press here</button></form>",
    "<a href='javascript:RUN'>Press here</a>",
    "<marquee onstart=RUN>x</marquee>",
    "<dialog open>Your login ran out</dialog>",
    "<noscript><p title='</noscript><img src=x onerror=RUN>'>",
]
_BREAKOUTS = ["", "'>", '">', "-->", "</p>", "</textarea>", "]]>"]
_WORDS = [
    "javascript:RUN",
    "data:text/html,<script>RUN</script>",
    "https://stranger.test/?look=here",
    "{{constructor.constructor('RUN')()}}",
    "${RUN}",
    "<%= 7 * 7 %>",
    "{ $group }",
    '{"kind":"policy"}',
    "__proto__",
    "constructor",
    "null",
    "undefined",
    "NaN",
    "true",
    "0",
    "&lt;script&gt;RUN&lt;/script&gt;",
    "&#x3c;img src=x onerror=RUN&#x3e;",
    "\\u003cscript\\u003eRUN\\u003c/script\\u003e",
    "%3Cscript%3ERUN%3C/script%3E",
    "'; DROP TABLE envelopes; --",
    "\x1b[31mred\x1b[0m",
    "a\x00b",
    "SafeSpace: your passphrase is needed once more",
    "\u202egnihtemos syas ereht\u202c the end",
    "\u202eevil\u202c.txt",
    "\u2067right\u2069 left \u2066left\u2069 right",
    "\u2066\u2067\u2066\u2067 never closed",
    "\u202d\u202e\u202a\u202b all at once",
    "\u200f\u200e.\u200f\u200e",
    "in\u200bvi\u200dsi\u200cble\ufeff",
    "\u00ad".join("softhyphens"),
    "مرحبا بالعالم",
    "שלום <b>עולם</b>",
    "abc مرحبا def שלום 123",
    "\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466" * 6,
    "\U0001f3f3\ufe0f\u200d\U0001f308 \U0001f1ea\U0001f1fa \U0001f44d\U0001f3fd",
    "\U0001f600" * 60,
    "Z" + "\u0335\u0321\u0322\u034a\u0344\u035d" * 30 + "algo",
    "\u0e01" + "\u0e49" * 60,
    "\ufdfd" * 12,
    "\U0001d54a\U0001d552\U0001d557\U0001d556",
    "\U00012031" * 20,
    "W" * 3000,
    "W" * 40,
    "many words " * 300,
    "line\n" * 120,
    "\t".join("tabs"),
    "one\r\ntwo\rthree\u2028four\u2029five",
    "漢" * 1200,
    "a/b" * 400,
]


def payloads() -> list[str]:
    """All of them, each different from the others."""
    scripts = [before + element for before in _BREAKOUTS for element in _ELEMENTS]
    return [text.replace("RUN", RUN) for text in _WORDS + scripts][:200]


def as_name(text: str, longest: int) -> str:
    """The text as far as a name can be written so: one line with nothing unseen in it."""
    seen = "".join(char for char in text if char == " " or unicodedata.category(char)[0] not in "CZ")
    return seen[:longest].strip(" \ufe0f") or "nothing"
