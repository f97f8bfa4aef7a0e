"""The site in the words of schema.org."""


def of_site(name: str, *, home_url: str, search_url: str) -> dict[str, object]:
    """The site, with how to search it."""
    return {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": name,
        "url": home_url,
        "inLanguage": "ja",
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{search_url}?q={{q}}"},
            "query-input": "required name=q",
        },
    }
