from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from PIL import Image

from printers.renderer import RenderedTicket, Renderer, RenderError
from tests.printers import samples
from tests.printers.conftest import FONTS, ROOT, TEMPLATE
from tests.printers.escpos_reader import read


def children_of_this_process() -> set[int]:
    """Ids of the running child processes."""
    return {
        int(entry.name)
        for entry in Path("/proc").iterdir()
        if entry.name.isdigit()
        and (entry / "stat").exists()
        and (entry / "stat").read_text().rpartition(")")[2].split()[1] == str(os.getpid())
    }


def child_of(renderer: Renderer) -> int:
    """The renderer's child."""
    child = renderer._child
    assert child is not None
    return child.pid


def test_picture_and_job_show_the_same_dots(rendered: RenderedTicket) -> None:
    """What is kept as a picture is exactly what the printer gets."""
    image = read(rendered.escpos).picture
    picture = Image.open(io.BytesIO(rendered.png))
    assert picture.mode == "1"
    assert picture.convert("L").tobytes() == image.tobytes()


@pytest.mark.parametrize(
    ("spec", "width_mm"),
    [({}, 80), (samples.FR | {"number": "x"}, 80), (samples.FR, 57), (samples.FR | {"foot": {1, 2}}, 80)],
)
def test_a_poisonous_ticket_is_told_and_the_next_one_works(
    renderer: Renderer, spec: samples.Spec, width_mm: int
) -> None:
    """The error says that the ticket is to blame; the child lives on."""
    renderer.check()
    child = child_of(renderer)
    with pytest.raises(RenderError) as caught:
        renderer.render(spec, width_mm)
    assert caught.value.of_ticket
    assert renderer.render(samples.EN, 58).png
    assert child_of(renderer) == child


def test_a_killed_child_is_replaced_and_no_ticket_is_lost() -> None:
    """The kernel may kill the child at any time; the ticket asked for next is rendered all the same."""
    with Renderer(TEMPLATE, FONTS) as renderer:
        first = renderer.render(samples.FR, 80)
        os.kill(child_of(renderer), signal.SIGKILL)
        assert renderer.render(samples.FR, 80) == first


def test_a_stuck_child_is_given_up_after_the_time_out() -> None:
    """A child that stops answering costs one ticket's time-out, not the printer."""
    with Renderer(TEMPLATE, FONTS, timeout=1.0) as renderer:
        renderer.check()
        os.kill(child_of(renderer), signal.SIGSTOP)
        with pytest.raises(RenderError, match="within 1 s") as caught:
            renderer.render(samples.FR, 80)
        assert not caught.value.of_ticket
        assert renderer.render(samples.FR, 80).escpos


def test_a_broken_installation_is_told_by_check_and_heals(tmp_path: Path) -> None:
    """A template with a mistake fails the check, blames no ticket, and works as soon as it is mended."""
    template = tmp_path / "ticket.typ"
    template.write_text("#oops", encoding="utf-8")
    with Renderer(template, FONTS) as renderer:
        for attempt in (renderer.check, lambda: renderer.render(samples.FR, 80)):
            with pytest.raises(RenderError, match="oops") as caught:
                attempt()
            assert not caught.value.of_ticket
        template.write_bytes(TEMPLATE.read_bytes())
        renderer.check()
        assert renderer.render(samples.FR, 80).png
        template.write_text("#oops", encoding="utf-8")
        with pytest.raises(RenderError, match="oops"):
            renderer.render(samples.FR, 80)
        with pytest.raises(RenderError, match="oops"):
            renderer.check()


def test_threads_may_share_a_renderer(renderer: Renderer) -> None:
    """Each thread gets the ticket it asked for."""
    wanted = {name: renderer.render(spec, 80) for name, spec in samples.BY_LOCALE.items()}
    got: dict[tuple[str, int], RenderedTicket] = {}

    def ask(name: str) -> None:
        for turn in range(3):
            got[name, turn] = renderer.render(samples.BY_LOCALE[name], 80)

    threads = [threading.Thread(target=ask, args=(name,)) for name in samples.BY_LOCALE]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == {(name, turn): wanted[name] for name in wanted for turn in range(3)}


def test_a_closed_renderer_leaves_no_process_behind() -> None:
    """`close` ends and collects the child, may be called twice, and is final."""
    before = children_of_this_process()
    renderer = Renderer(TEMPLATE, FONTS)
    renderer.start()
    renderer.check()
    assert len(children_of_this_process() - before) == 1
    renderer.close()
    renderer.close()
    assert children_of_this_process() - before == set()
    with pytest.raises(RenderError, match="closed"):
        renderer.render(samples.FR, 80)


def test_the_child_gives_way_to_the_server(renderer: Renderer) -> None:
    """A ticket waits for a scan, never the other way round: the child runs at a lower priority."""
    renderer.check()
    assert os.getpriority(os.PRIO_PROCESS, child_of(renderer)) > os.getpriority(os.PRIO_PROCESS, 0)


def test_the_child_ends_with_its_server() -> None:
    """After a SIGKILL of the server nothing is left running."""
    script = (
        "import sys, time; from pathlib import Path; from printers.renderer import Renderer\n"
        f"renderer = Renderer(Path({str(TEMPLATE)!r}), Path({str(FONTS)!r})); renderer.check()\n"
        "print(renderer._child.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        child = int(server.stdout.readline())
        server.kill()
    deadline = time.monotonic() + 10
    while (
        Path(f"/proc/{child}").exists() and Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    ):
        assert time.monotonic() < deadline, "the child outlived its server"
        time.sleep(0.05)


GEVENT = """
from gevent import monkey; monkey.patch_all()
import json, sys, time
from pathlib import Path
import gevent
from printers.renderer import Renderer
from tests.printers import samples

renderer = Renderer(Path(sys.argv[1]), Path(sys.argv[2]))
renderer.check()
gaps, running = [], True

def heart():
    last = time.perf_counter()
    while running:
        gevent.sleep(0.002)
        now = time.perf_counter()
        gaps.append(now - last)
        last = now

beating = gevent.spawn(heart)
gevent.sleep(0.01)
gaps.clear()
began = time.perf_counter()
workers = [gevent.spawn(renderer.render, spec, 80) for spec in [*samples.BY_LOCALE.values()] * 5]
gevent.joinall(workers, raise_error=True)
took = time.perf_counter() - began
running = False
beating.join()
renderer.close()
gaps.sort()
print(json.dumps({"tickets": len(workers), "took": took, "beats": len(gaps), "p90": gaps[len(gaps) * 9 // 10]}))
"""


def test_rendering_does_not_stop_the_loop_of_gevent() -> None:
    """Under gevent the loop goes on turning while twenty tickets are rendered."""
    done = subprocess.run(
        [sys.executable, "-c", GEVENT, str(TEMPLATE), str(FONTS)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["tickets"] == 20
    # A loop that waited for each ticket would beat about once a ticket, and its beats would be as long as one.
    assert seen["beats"] > 5 * seen["tickets"]
    assert seen["p90"] < seen["took"] / seen["tickets"] / 3
