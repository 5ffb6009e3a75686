"""Vectors of invites: links, cards, requests and what comes back."""

import hashlib
import hmac
import json
from typing import Any
from urllib.parse import quote
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from nacl.signing import SigningKey

from safespace.crypto import invites
from safespace.crypto.encoding import canonical_json, lp
from safespace.fields import b64decode, b64encode
from vectors import rfc9180
from vectors.fixed import fixed, uuid

SEALED_IN_TYPESCRIPT = {
    "private": "cINmSUHUroZ8l8-tZ2JEg9HAy96A2Ks1YpCWvhF4NkA",
    "label": "safespace vector",
    "id": b64encode(b"@hpke/core"),
    "box": "30AS0AN_0jEtTE6D0CdSYDxPpWqWHCMJQuLYwl4ApD3hZx531yTfxluMmDrrTrrOoTBvvjpMejNptQmhRmKz-VXCTALbIhZ-4nE",
    "plaintext": b64encode(b"sealed by @hpke/core 1.9.0"),
}
"""Made once by `web/src/crypto/hpke.ts`; info is lp(label) ‖ lp(id)."""


def make_invites() -> dict[str, Any]:
    secret, invite_id, request_id = fixed("secret", 16), UUID(uuid("invite")).bytes, UUID(uuid("request")).bytes
    group, room = UUID(uuid("group")).bytes, UUID(uuid("room")).bytes
    private, policy_private = fixed("invite private", 32), fixed("policy private", 32)
    public, policy_public = _public(private), _public(policy_private)
    reply_key = fixed("reply key", 32)
    text = "What is said here stays here. שלום"
    card = {
        "v": 1,
        "group": uuid("group"),
        "room": uuid("room"),
        "name": "Tuesday evening 🌿",
        "welcome": "",
        "rules": {"version": 1, "text": text},
        "from": "Robin",
        "key": b64encode(public),
        "guest": None,
    }
    visiting = {**card, "guest": {"segment": "Pacing, with a nurse", "minutes": 20}}
    leaf = SigningKey(fixed("leaf", 32))
    agreed = invites.agreement_bytes(group, 1, text)
    request = {
        "pseudonym": "Wren",
        "note": "Hello from \u2028 a friend",
        "key": b64encode(policy_public),
        "reply": b64encode(reply_key),
        "agreement": {"version": 1, "signature": b64encode(leaf.sign(agreed).signature)},
    }
    nonce, card_bytes, request_bytes = fixed("nonce", 12), canonical_json(card), canonical_json(request)
    about = {use: lp(f"safespace invite {use}") + lp(invite_id) for use in ("card", "material", "request", "word")}
    sealed = rfc9180.seal(fixed("e1", 32), public, about["request"] + lp(request_id), request_bytes)
    package, reference, exported = fixed("package", 300), fixed("reference", 32), fixed("exported", 32)
    card_key = HKDF(SHA256(), 32, salt=invite_id, info=b"safespace invite card").derive(secret)

    def linked(content: bytes) -> dict[str, str]:
        """A card, and the fragment of the link to it."""
        sealed = nonce + AESGCM(card_key).encrypt(nonce, content, about["card"])
        digest = hashlib.sha256(lp("safespace invite link 1") + lp(invite_id) + lp(sealed)).digest()
        return {"fragment": b64encode(secret + digest[:16]), "sealed": b64encode(sealed)}

    odd_cards = {
        "not JSON": b"nope",
        "not UTF-8": b"\xff",
        "a field more": canonical_json({**card, "more": 1}),
        "a field less": canonical_json({key: field for key, field in card.items() if key != "welcome"}),
        "no version": canonical_json({key: field for key, field in card.items() if key != "v"}),
        "white space": json.dumps(card, sort_keys=True, ensure_ascii=False).encode(),
        "unsorted": json.dumps(card, separators=(",", ":"), ensure_ascii=False).encode(),
        "escaped": json.dumps(card, sort_keys=True, separators=(",", ":")).encode(),
        "a version twice": card_bytes[:-1] + b',"v":1}',
        "a float": card_bytes.replace(b'"v":1', b'"v":1.0'),
        "true for 1": canonical_json({**card, "v": True}),
        "a lone surrogate": card_bytes.replace(b"Robin", b"\\ud800"),
        "a byte order mark": b"\xef\xbb\xbf" + card_bytes,
        "a long name": canonical_json({**card, "name": "🌿" * 81}),
        "another version": canonical_json({**card, "v": 2}),
        "a key of small order": canonical_json({**card, "key": b64encode(bytes(32))}),
        "a key that is not canonical": canonical_json({**card, "key": b64encode(b"\xff" * 32)}),
        "a guest for no time": canonical_json({**card, "guest": {"segment": None, "minutes": 0}}),
        "a guest for something without a name": canonical_json({**card, "guest": {"segment": "", "minutes": None}}),
        "a guest with a field more": canonical_json({**card, "guest": {"segment": None, "minutes": None, "more": 1}}),
    }
    fragment = b64decode(linked(card_bytes)["fragment"])
    keys = invites.InviteKeys.derive(fragment, invite_id)
    material = fragment + private
    state = b"the state that is handed over"
    word = {"declined": True, "from": "Fern", "text": "Tonight is full. Please come on Tuesday."}
    no = {"declined": True, "from": "Fern", "text": None}

    def sealed_word(content: bytes) -> str:
        box = rfc9180.seal(fixed("e3", 32), policy_public, about["word"] + lp(request_id), content)
        covered = lp("safespace invite word 1") + lp(invite_id) + lp(request_id) + lp(box)
        return b64encode(hmac.digest(reply_key, covered, "sha256") + box)

    odd_requests = {
        "a key of small order": {**request, "key": b64encode(bytes(32))},
        "another key of small order": {**request, "key": b64encode(b"\1" + bytes(31))},
        "a key that is not canonical": {**request, "key": b64encode(b"\xff" * 32)},
        "a short key": {**request, "key": b64encode(policy_public[1:])},
        "no key to reply with": {key: field for key, field in request.items() if key != "reply"},
        "a short key to reply with": {**request, "reply": b64encode(reply_key[1:])},
    }

    def sealed_request(content: bytes) -> bytes:
        return rfc9180.seal(fixed("e1", 32), public, about["request"] + lp(request_id), content)

    return {
        "fragment": b64encode(fragment),
        "invite_id": b64encode(invite_id),
        "request_id": b64encode(request_id),
        "group": b64encode(group),
        "room": b64encode(room),
        "keys": {"card": b64encode(keys.card), "join": b64encode(keys.join), "linked": b64encode(keys.linked)},
        "private": b64encode(private),
        "policy_private": b64encode(policy_private),
        "card": card,
        "sealed_card": linked(card_bytes)["sealed"],
        "longest_name": linked(canonical_json({**card, "name": "🌿" * 80})),
        "odd_cards": [{"name": name, **linked(content)} for name, content in odd_cards.items()],
        "visiting": visiting,
        "linked_visiting": linked(canonical_json(visiting)),
        "sealed_material": b64encode(rfc9180.seal(fixed("e2", 32), policy_public, about["material"], material)),
        "word": word,
        "sealed_word": sealed_word(canonical_json(word)),
        "no": no,
        "sealed_no": sealed_word(canonical_json(no)),
        "odd_words": [
            {"name": name, "sealed": sealed_word(content)}
            for name, content in {
                "nothing, to who waits": canonical_json({**no, "declined": False}),
                "an empty text": canonical_json({**word, "text": ""}),
                "no text": canonical_json({key: field for key, field in word.items() if key != "text"}),
                "white space": json.dumps(word, sort_keys=True).encode(),
            }.items()
        ],
        "request": request,
        "sealed_request": b64encode(sealed),
        "odd_requests": [
            {"name": name, "sealed": b64encode(sealed_request(canonical_json(content)))}
            for name, content in odd_requests.items()
        ],
        "expires": 1_800_000_000_000,
        "package": b64encode(package),
        "request_mac": b64encode(invites.request_mac(keys, group, request_id, 1_800_000_000_000, package, sealed)),
        "package_ref": b64encode(reference),
        "exported": b64encode(exported),
        "state": b64encode(state),
        "reply": b64encode(invites.seal_reply(reply_key, room, reference, request_id, exported, state)),
        "leaf_key": b64encode(leaf.verify_key.encode()),
        "agreement_bytes": b64encode(agreed),
        "sealed_in_typescript": SEALED_IN_TYPESCRIPT,
        "links": _links(uuid("invite"), b64encode(fragment)),
    }


def _links(invite: str, fragment: str) -> dict[str, Any]:
    """What is taken for a link of the server at `origin`, and what is not."""
    origin, code = "https://circle.example", f"{invite}#{fragment}"
    link = f"{origin}/i/{code}"
    escaped = quote(link, safe="")
    proofpoint = escaped.replace("-", "-2D").replace("_", "-5F").replace("%2F", "_").replace("%", "-")
    twice, small = quote(escaped, safe=""), escaped.replace("%2F", "%2f").replace("%3A", "%3a")
    inside = fragment[:20]
    right = {
        "the link": link,
        "the code": code,
        "white space around it": f"  {link}\n",
        "white space around the code": f"\t{code} ",
        "the port that https has anyway": f"{origin}:443/i/{code}",
        "a host in capitals": f"https://CIRCLE.example/i/{code}",
        "words before it": f"Join us: {link}",
        "words around it": f"Come tonight ({link}), we begin at 8. Mara",
        "words before the code": f"Your code: {code}.",
        "a full stop": f"{link}.",
        "a comma, and words": f"{link}, please",
        "dots of a sentence that goes on": f"{link}\u2026",
        "a bracket": f"({link})",
        "angle brackets": f"<{link}>",
        "quotation marks": f"\u201c{link}\u201d",
        "emphasis": f"*{link}*",
        "emphasis of another kind": f"__{link}__",
        "Markdown": f"[Our room]({link})",
        "HTML": f'<a href="{link}">{link}</a>',
        "HTML that spells the number sign": f"<a href='{origin}/i/{invite}&#35;{fragment}'>",
        "no scheme": f"circle.example/i/{code}",
        "no scheme after a word": f"Here: circle.example/i/{code}",
        "http for https": f"http://circle.example/i/{code}",
        "a scheme in capitals": f"HTTPS://circle.example/i/{code}",
        "an invite in capitals": f"{origin}/i/{invite.upper()}#{fragment}",
        "an escaped number sign": f"{origin}/i/{invite}%23{fragment}",
        "a number sign escaped twice": f"{origin}/i/{invite}%2523{fragment}",
        "a question": f"{origin}/i/{invite}?from=mail#{fragment}",
        "a question of a social network": f"{origin}/i/{invite}?fbclid=Iw-x_1&utm_source=a#{fragment}",
        "a question after it": f"{link}?utm_source=mail",
        "a mark of a place in the text": f"{link}:~:text=welcome",
        "a slash before the number sign": f"{origin}/i/{invite}/#{fragment}",
        "two of them": f"{link} {link}",
        "two of them without a space": f"{link}{link}",
        "a code twice": f"{code}{code}",
        "one of another place before it": f"https://rosa.example/i/{code[:-1]} {link}",
        "half of it before it": f"{link[:-9]} {link}",
        "a line break within": f"{origin}/i/{invite}\n#{fragment}",
        "a line break and two spaces in the fragment": f"{origin}/i/{invite}#{inside}\n  {fragment[20:]}",
        "a line break in the invite": link.replace("-", "-\r\n", 1),
        "a line break in the host": link.replace("circle", "circle\n"),
        "a quoted answer": f"> {origin}/i/{invite}#{inside}\n> {fragment[20:]}\n> Mara",
        "a mail's soft breaks": f"{origin}/i/{invite[:9]}=\r\n{invite[9:]}#{inside}=\r\n{fragment[20:]}",
        "signs that are not seen": f"\u200b{origin}/i/{invite}#{inside}\u200b{fragment[20:]}\u200b",
        "Outlook's safe links": f"https://eur01.safelinks.protection.outlook.com/?url={escaped}&data=05%7Cx&reserved=0",
        "Outlook's, wrapped again": f"https://gcc.safelinks.protection.outlook.com/?url={twice}&data=x",
        "Proofpoint's second version": f"https://urldefense.proofpoint.com/v2/url?u={proofpoint}&d=DwMFaQ&c=x&r=y",
        "Proofpoint's third version": f"https://urldefense.com/v3/__{origin}/i/{invite}*{fragment}__;Iw!!A1b2!x$",
        "Google's redirection": f"https://www.google.com/url?q={escaped}&sa=D&source=editors&usg=AOv",
        "a messenger's redirection": f"https://l.facebook.com/l.php?u={escaped}&h=AT0",
        "Barracuda's, in small letters": f"https://linkprotect.cudasvc.com/url?a={small}&c=E,1",
        "Cisco's, in a path": f"https://secure-web.cisco.com/1aB-c/{escaped}",
        "Sophos's, in base64": "https://eu-west-1.protection.sophos.com/?d=circle.example&u="
        + b64encode(link.encode())
        + "&p=m&i=1",
    }
    wrong = {
        "nothing": "",
        "hello": "hello",
        "a link from before links said which card they are for": f"{origin}/i/{invite}#{fragment[:22]}",
        "a letter less": link[:-1],
        "a letter less, and words": f"{link[:-1]} and come by",
        "a letter more": link + "A",
        "letters more": link + "_-A",
        "bits that no byte needs": link[:-1] + "B",
        "no fragment": f"{origin}/i/{invite}",
        "an empty fragment": f"{origin}/i/{invite}#",
        "a fragment of other letters": link[:-2] + "+A",
        "a fragment in pieces": f"{origin}/i/{invite}#{' '.join(fragment)}",
        "half a fragment, and words": f"{origin}/i/{invite}#{inside} and then come in by the door on the left",
        "no invite": f"{origin}/i/#{fragment}",
        "an invite without hyphens": f"{origin}/i/{invite.replace('-', '')}#{fragment}",
        "digits of another script": f"{origin}/i/{invite[:-1]}\u0661#{fragment}",
        "another server": f"https://rosa.example/i/{code}",
        "another server without a scheme": f"rosa.example/i/{code}",
        "another port": f"{origin}:8443/i/{code}",
        "another server with this one's name before it": f"https://circle.example@rosa.example/i/{code}",
        "another server that ends with this one's name": f"https://thecircle.example/i/{code}",
        "another server under this one": f"https://rosa.circle.example/i/{code}",
        "another server, wrapped": f"https://www.google.com/url?q={quote(f'https://rosa.example/i/{code}', safe='')}",
        "a path further in": f"{origin}/i/{invite}/more#{fragment}",
        "another path": f"{origin}/g/{code}",
        "an escape that is none": f"{origin}/i/{invite}%2G{fragment}%",
    }
    return {
        "origin": origin,
        "invite": invite,
        "fragment": fragment,
        "link": link,
        "code": code,
        "right": [{"name": name, "text": text} for name, text in right.items()],
        "wrong": [{"name": name, "text": text} for name, text in wrong.items()],
    }


def _public(private: bytes) -> bytes:
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()
