from portal.pageviews import definitions
from portal.pageviews.agents import BOT_LIST
from portal.pageviews.kinds import ViewClass


def test_a_report_tells_what_a_view_is_and_every_class_that_is_none() -> None:
    assert set(definitions.LEFT_OUT) == set(ViewClass) - {ViewClass.HUMAN}
    assert definitions.DEFINITIONS[0] == definitions.COUNTED[0]
    told = "\n".join(definitions.DEFINITIONS)
    for kind, sentence in definitions.LEFT_OUT.items():
        assert f"除いたもの「{kind.label}」：{sentence}" in told
    for said_once in (BOT_LIST, "26か月", "IPアドレス", "JavaScript"):
        assert told.count(said_once) == 1
