"""What a request for a page was, by what it says of itself, and what it was made with."""

from typing import Protocol

from portal.pageviews.kinds import Device, OtherReason, RequestClass

_TABLETS = ("iPad", "Tablet", "PlayBook", "Kindle", "Silk/")
_PHONES = ("iPhone", "iPod", "Mobile", "Windows Phone", "Opera Mini", "J2ME")


class Headers(Protocol):
    """Of a request; names in any case."""

    def get(self, name: str, default: str) -> str:
        """The value of a header."""

    def __contains__(self, name: str, /) -> bool: ...


def classify(
    method: str, status: int, headers: Headers, *, is_page: bool, is_staff: bool
) -> tuple[RequestClass, OtherReason | None]:
    """The class of a request, and why it is ``OTHER`` if it is.

    :param status: of the answer.
    :param is_page: whether the answer is a page of HTML.
    :param is_staff: whether somebody who works for the portal or an agency asked.
    """
    if method != "GET":
        return RequestClass.OTHER, OtherReason.METHOD
    if status != 200 or not is_page:
        return RequestClass.OTHER, OtherReason.STATUS
    if "HX-Request" in headers:
        return RequestClass.OTHER, OtherReason.UPDATE
    if _is_prefetch(headers):
        return RequestClass.PREFETCH, None
    # What browsers say of a fetch by a script or a service worker; older ones say nothing.
    if headers.get("Sec-Fetch-Dest", "document") != "document":
        return RequestClass.OTHER, OtherReason.FETCH
    return (RequestClass.STAFF if is_staff else RequestClass.PAGE), None


def _is_prefetch(headers: Headers) -> bool:
    said = (headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Moz", "X-Purpose"))
    return any("prefetch" in value or "preview" in value for value in said)


def device_of(agent: str, mobile_hint: str = "") -> Device:
    """What somebody reads on.

    :param agent: the User-Agent header.
    :param mobile_hint: the Sec-CH-UA-Mobile header, ``?1`` on phones.
    """
    if any(name in agent for name in _TABLETS):
        return Device.TABLET
    if mobile_hint == "?1" or any(name in agent for name in _PHONES):
        return Device.PHONE
    # Tablets with Android leave "Mobile" out.
    return Device.TABLET if "Android" in agent else Device.DESKTOP
