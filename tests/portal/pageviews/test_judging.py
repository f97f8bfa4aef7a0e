"""Who is taken for a person, and on what device."""

from portal.pageviews.agents import AgentKind, judge
from portal.pageviews.classify import classify, device_of
from portal.pageviews.kinds import Device, OtherReason, RequestClass
from tests.each import each

_WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
_IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15"
PEOPLE = {
    f"{_IPHONE} (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1": Device.PHONE,
    f"{_IPHONE} (KHTML, like Gecko) Mobile/15E148 Safari Line/14.9.0": Device.PHONE,
    f"{_IPHONE} (KHTML, like Gecko) Mobile/15E148 Instagram 330.0 (iPhone14,5)": Device.PHONE,
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_WEBKIT} Chrome/130.0.0.0 Edg/130": Device.DESKTOP,
    "Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko": Device.DESKTOP,
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0": Device.DESKTOP,
    f"Mozilla/5.0 (Linux; Android 10; K) {_WEBKIT} Chrome/130.0 Mobile Safari/537.36": Device.PHONE,
    # An app in wide use whose name is that of a search engine, and a telephone called like a bot.
    f"Mozilla/5.0 (Linux; Android 14; SO-52E) {_WEBKIT} Chrome/125.0 Mobile Safari/537.36 "
    "YJApp-ANDROID jp.co.yahoo.android.yjtop/3.160.0": Device.PHONE,
    f"Mozilla/5.0 (Linux; Android 13; CUBOT_X30) {_WEBKIT} Chrome/119 Mobile Safari": Device.PHONE,
    f"Mozilla/5.0 (Linux; Android 12; SH-M20) {_WEBKIT} Chrome/120.0 Safari/537.36": Device.TABLET,
    "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) GSA/320.0 Mobile/15E148": Device.TABLET,
    "Opera/9.80 (J2ME/MIDP; Opera Mini/7.1; U; ja) Presto/2.12": Device.PHONE,
}
BOTS = (
    *("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "curl/8.5.0"),
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2)",
    *(
        "facebookexternalhit/1.1",
        "Slackbot-LinkExpanding 1.0",
        "Hatena-Bookmark/4.0",
        "ICC-Crawler/3",
    ),
    *("python-requests/2.32", "aiohttp/3.9", "node-fetch/1.0", "Java/17.0.2", "Ruby", "PHP/8.1"),
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/130.0.0.0 Safari/537.36",
    *("Mozilla/5.0 (compatible; YandexBot/3.0)", "Mozilla/5.0 (compatible; AhrefsBot/7.0)"),
    *("Y!J-ASR/1.0 (https://www.yahoo-help.jp/)", "Mozilla/5.0", "-", "", " "),
)
MONITORS = (
    "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
    *(
        "Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)",
        "Zabbix 6.0",
        "ELB-HealthChecker/2.0",
    ),
    *("kube-probe/1.27", "Mackerel-ExternalHealthCheck/1.0", "check_http/v2.3", "Prometheus/2.45"),
)


@each("agent", tuple(PEOPLE))
def test_browsers_are_taken_for_people_on_their_device(agent: str) -> None:
    assert judge(agent) is AgentKind.HUMAN
    assert device_of(agent) is PEOPLE[agent]


@each("agent", BOTS)
def test_programs_are_taken_for_bots(agent: str) -> None:
    assert judge(agent) is AgentKind.BOT


@each("agent", MONITORS)
def test_monitors_are_taken_for_monitors(agent: str) -> None:
    assert judge(agent) is AgentKind.MONITOR


def test_phone_that_asks_for_the_page_of_a_desktop_is_known_by_its_hint() -> None:
    assert device_of("Mozilla/5.0 (X11; Linux x86_64) Chrome/130", "?1") is Device.PHONE


def test_what_is_no_view_of_a_page_is_told_apart() -> None:
    def judged(
        headers: dict[str, str] | None = None,
        method: str = "GET",
        status: int = 200,
        is_page: bool = True,
        is_staff: bool = False,
    ) -> tuple[RequestClass, OtherReason | None]:
        return classify(method, status, headers or {}, is_page=is_page, is_staff=is_staff)

    other = RequestClass.OTHER
    assert judged() == judged({"Sec-Fetch-Dest": "document"}) == (RequestClass.PAGE, None)
    assert judged(is_staff=True) == (RequestClass.STAFF, None)
    assert judged(method="HEAD") == (other, OtherReason.METHOD)
    for status in (301, 304, 404, 410, 500, 503):
        assert judged(status=status) == (other, OtherReason.STATUS)
    assert judged(is_page=False) == (other, OtherReason.STATUS)
    assert judged({"HX-Request": "true"}, is_staff=True) == (other, OtherReason.UPDATE)
    assert judged({"Sec-Fetch-Dest": "empty"}) == (other, OtherReason.FETCH)
    for name, value in (("Sec-Purpose", "prefetch;prerender"), ("Purpose", "prefetch")):
        assert judged({name: value, "Sec-Fetch-Dest": "document"}) == (RequestClass.PREFETCH, None)
