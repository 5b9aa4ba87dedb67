from tests.support.venue import Site


def test_smoke(site: Site) -> None:
    v = site.visitor("bank", "health")
    assert v["number"] == 1
    site.press("bank-1", "open", "call-next", "start", "finish")
    assert site.problems() == []
