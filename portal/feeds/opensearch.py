"""How a browser adds this portal to its search bar (OpenSearch 1.1)."""

from xml.etree.ElementTree import Element

from portal.feeds import xml_text
from portal.feeds.xml_text import add
from portal.listings.vocabulary import Vocabulary

_NAMESPACE = "http://a9.com/-/spec/opensearch/1.1/"
_LONGEST_NAME = 16
"""Characters of a short name, by the rules of the format."""


def write(vocabulary: Vocabulary, *, search_url: str, feed_url: str, own_url: str) -> bytes:
    """The description; the addresses are those of searches without any condition."""
    whole = xml_text.root("OpenSearchDescription", _NAMESPACE)
    add(whole, "ShortName", vocabulary.portal_name[:_LONGEST_NAME])
    add(whole, "Description", f"{vocabulary.prefecture}の事業者支援を探す")
    _template(whole, "text/html", search_url)
    _template(whole, "application/atom+xml", feed_url)
    add(
        whole,
        "Url",
        type="application/opensearchdescription+xml",
        rel="self",
        template=own_url,
    )
    add(whole, "Language", "ja")
    add(whole, "InputEncoding", "UTF-8")
    add(whole, "OutputEncoding", "UTF-8")
    return xml_text.write(whole)


def _template(whole: Element, media_type: str, url: str) -> None:
    add(whole, "Url", type=media_type, template=f"{url}?q={{searchTerms}}")
