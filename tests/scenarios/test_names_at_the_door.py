"""Strangers ask under names that are drawn like Mara's, or like words of the pages; Mara goes, and has hers back."""

import asyncio
from pathlib import Path

from evening import Evening, let_in, refusal, until
from guests import waiting
from serving import ServerProcess

LIKE_MARA = ("M\u0430r\u0430", "Rnara\u0301.")
"""With Cyrillic letters; with an r and an n for the m, an accent and a full stop."""


async def test_who_looks_like_somebody_is_not_let_in(standing_server: ServerProcess, tmp_path: Path) -> None:
    async with Evening.of(standing_server.url, tmp_path) as evening:
        fern = evening.group
        mara = await evening.arrive("Mara")
        group = await let_in(fern, mara, await fern.create_invite(), "Mara")

        link = await fern.create_invite(uses=9)
        mallory = await evening.arrive("Mallory")
        for name in ("You", "Mara \u00b7 Facilitator", "S\u0430feSpace", "Someone"):
            assert await refusal(mallory.join(link, pseudonym=name)) == "pseudonym_reserved"
            assert await refusal(mallory.create_group("Ours", rules="None.", pseudonym=name)) == "pseudonym_reserved"
        strangers = [await evening.arrive(f"Stranger{at}") for at in range(len(LIKE_MARA))]
        asking = [
            asyncio.create_task(one.join(link, pseudonym=name)) for one, name in zip(strangers, LIKE_MARA, strict=True)
        ]
        await waiting(fern, len(LIKE_MARA))
        assert await fern.admit_all() == []
        assert {await refusal(fern.admit(one)) for one in await fern.waiting()} == {"pseudonym_taken"}

        # She goes, and her name stays hers; who she is, her account says.
        me = evening.member("Mara").id
        await group.main.leave()
        await until(lambda: len(fern.main.members()) == 1)
        assert await fern.admit_all() == []
        again = asyncio.create_task(mara.join(link, pseudonym="Mara"))
        await waiting(fern, len(LIKE_MARA) + 1)
        assert [(one.pseudonym, one.was) for one in await fern.waiting() if one.was is not None] == [("Mara", me)]
        assert [one.pseudonym for one in await fern.admit_all()] == ["Mara"]
        await again
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
