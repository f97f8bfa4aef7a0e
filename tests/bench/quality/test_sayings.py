"""Sayings that ship lead from owners' words to those of listings, never away from the latter."""

from bench.quality.corpus import real_documents
from portal.search.synonyms import shipped
from search_index import ListingDocument
from search_index.analysis.normalise import normalise_text
from search_index.analysis.sayings import Saying, read_ideas
from search_index.analysis.tokenizer import tokenize

# So many listings make a word one of theirs.
_FEW = 3


def test_no_saying_takes_over_a_word_that_listings_use() -> None:
    """どの補助金 comes down to 補助金, and would add its own words to every search for one."""
    texts = [normalise_text(_text(document)) for document in real_documents()]
    words = [frozenset(word.normal for word in tokenize(text)) for text in texts]
    taken_over = []
    for content in shipped().values():
        for saying in content.members if content.added else ():
            term = _only_term(saying)
            if len(term) == 1:
                holders = sum(term[0] in held for held in words)
            else:
                holders = sum("".join(term) in text for text in texts) if term else 0
            if holders >= _FEW:
                taken_over.append((saying, term))
    assert not taken_over


def _text(document: ListingDocument) -> str:
    fields = (document.title, document.summary, document.body)
    return " ".join((*fields, *document.keywords, *document.names))


def _only_term(saying: str) -> tuple[str, ...]:
    """The one word that a saying comes down to, in its dictionary form, or the words of the one
    compound as they stand there; nothing if it says more."""
    words = tokenize(normalise_text(saying))
    ideas = read_ideas(words)
    if not Saying(tuple(ideas)).is_one_term or any(
        idea.is_denied or idea.is_wished for idea in ideas
    ):
        return ()
    if len(ideas) == 1:
        return (ideas[0].word,)
    return tuple(words[idea.position].surface for idea in ideas)
