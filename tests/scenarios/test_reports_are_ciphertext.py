"""Rosa runs the server, and while reports are made and read she reads its memory too. She finds no word of them."""

import contextlib
from pathlib import Path

from canaries import canaries, found_of
from evening import Evening, until
from serving import ServerProcess

SENT = 24
REPORTED = 4


def memory_of(pid: int) -> bytes:
    """All that a process has written to its memory."""
    regions = []
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb") as memory:
        for line in maps:
            where, rights, *_ = line.split()
            start, end = (int(part, 16) for part in where.split("-"))
            if not rights.startswith("rw"):
                continue
            # A region may have gone meanwhile, or reach beyond the end of the file that is mapped there.
            with contextlib.suppress(OSError):
                memory.seek(start)
                regions.append(memory.read(end - start))
    return b"".join(regions)


async def test_rosa_finds_no_word_of_a_report_in_database_log_or_memory(tmp_path: Path) -> None:
    [control] = canaries(1)
    # What a process is started with stands in its memory.
    server = ServerProcess(tmp_path / "data", SAFESPACE_TEST_CONTROL=control)
    server.start()
    try:
        words = canaries(SENT + 4 * REPORTED)
        texts, rest = words[:SENT], words[SENT:]
        places: list[bytes] = []
        async with Evening.of(server.url, tmp_path, "Sparrow", "Alder") as evening:
            fern, sparrow, alder = evening.rooms.values()
            for text in texts:
                await sparrow.send(text)
            await until(lambda: alder.place.shown == fern.place.shown == SENT)
            for number in range(REPORTED):
                note, *_ = rest[4 * number :]
                await alder.report(alder.log.conversation.message(number), note=note, context=19)
            for number, report in enumerate(await evening.group.reports()):
                _, written, done, answer = rest[4 * number : 4 * number + 4]
                assert report.proved
                await report.add_note(written)
                await report.resolve(done, answer=answer)
                if number == 0:
                    places.append(memory_of(server.pid))
            assert len(await evening.groups["Alder"].my_reports()) == REPORTED
            places.append(memory_of(server.pid))
            handle = evening.clients["Alder"].handle
        files = [path.read_bytes() for path in server.data_dir.rglob("*") if path.is_file()]
        assert sum(map(len, places)) > 20_000_000
        assert found_of([control, *words], [*places, *files, server.log().encode()]) == {control}
        assert found_of([control, *words], [words[0].encode().hex().encode()]) == {words[0]}
        assert handle.encode() in b"".join(files)
    finally:
        server.stop()
