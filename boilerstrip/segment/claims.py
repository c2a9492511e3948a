"""What a page claims to be: its social type, the types of its structured data, the software that made it.

Each claim is folded into one of :data:`boilerstrip.tags.CLAIMS`, so that the thousand types of schema.org become a few.
"""

from collections.abc import Iterator
from typing import Any, Final

_SOCIAL_TYPES: Final = {"article": "og_article", "product": "og_product", "website": "og_website"}
_STRUCTURED_TYPES: Final = {
    "ld_article": (
        "article newsarticle reportagenewsarticle opinionnewsarticle analysisnewsarticle reviewnewsarticle "
        "backgroundnewsarticle askpublicnewsarticle techarticle scholarlyarticle report liveblogposting review"
    ),
    "ld_blog": "blogposting blog",
    "ld_product": "product productgroup individualproduct productmodel offer aggregateoffer vehicle car book movie",
    "ld_list": "itemlist collectionpage searchresultspage offercatalog imagegallery datacatalog",
    "ld_forum": "discussionforumposting qapage socialmediaposting question",
    "ld_faq": "faqpage",
    "ld_recipe": "recipe howto",
    "ld_organisation": "organization corporation newsmediaorganization ngo educationalorganization person",
    "ld_business": "localbusiness service professionalservice store restaurant hotel homeandconstructionbusiness",
    "ld_software": "softwareapplication mobileapplication webapplication softwaresourcecode apireference",
    "ld_event": "event musicevent businessevent course",
    "ld_page": "webpage aboutpage contactpage itempage",
    "ld_breadcrumb": "breadcrumblist",
    "ld_site": "website",
}
_GENERATORS: Final = {
    "by_wordpress": ("wordpress", "elementor", "yoast"),
    "by_forum": ("phpbb", "vbulletin", "xenforo", "discourse", "smf", "mybb", "invision", "vanilla", "flarum"),
    "by_shop": ("woocommerce", "shopify", "magento", "prestashop", "opencart", "shopware", "bigcommerce"),
    "by_documentation": (
        "sphinx", "docusaurus", "mkdocs", "gitbook", "doxygen", "javadoc", "jekyll", "hugo", "vitepress", "antora",
        "mediawiki", "dokuwiki",
    ),
    "by_builder": ("wix", "squarespace", "webflow", "joomla", "drupal", "typo3", "weebly", "godaddy", "framer"),
    "by_blog": ("blogger", "ghost", "medium", "substack", "tumblr", "movable type", "typepad"),
}  # fmt: skip
_CLAIM_OF_TYPE: Final = {name: claim for claim, names in _STRUCTURED_TYPES.items() for name in names.split()}
_PUBLICATION_METAS: Final = frozenset(
    {"article:published_time", "datepublished", "date", "pubdate", "publishdate", "dc.date", "dc.date.issued",
     "dcterms.created", "parsely-pub-date", "sailthru.date"}
)  # fmt: skip
_PRICE_METAS: Final = frozenset({"product:price:amount", "og:price:amount", "product:price", "price"})
_NESTED: Final = 3
"""Levels of lists and graphs below which a type is one of a part, such as the publisher of an article."""


def read_meta_claims(name: str, content: str) -> Iterator[str]:
    """The claims of one ``meta`` element, its name and its content in lower case.

    >>> list(read_meta_claims("og:type", "article")), list(read_meta_claims("generator", "wordpress 6.4"))
    (['og_article'], ['by_wordpress'])
    """
    if name == "og:type" and content:
        yield _SOCIAL_TYPES.get(content.split(".")[-1].split(":")[-1].strip(), "og_other")
    elif name == "generator":
        yield from (claim for claim, makers in _GENERATORS.items() if any(maker in content for maker in makers))
    elif name in _PUBLICATION_METAS and content:
        yield "published"
    elif name in _PRICE_METAS and content:
        yield "priced"


def read_type_claims(value: Any, depth: int = 0) -> Iterator[str]:
    """The claims of the types of a JSON-LD value: its own, and those of the lists and graphs it is made of.

    >>> sorted(read_type_claims({"@graph": [{"@type": "WebPage"}, {"@type": ["NewsArticle", "Thing"]}]}))
    ['ld_article', 'ld_page']
    """
    if depth > _NESTED:
        return
    if isinstance(value, list):
        for part in value:
            yield from read_type_claims(part, depth + 1)
    elif isinstance(value, dict):
        types = value.get("@type")
        for name in types if isinstance(types, list) else [types]:
            claim = _CLAIM_OF_TYPE.get(name.rpartition("/")[2].lower()) if isinstance(name, str) else None
            if claim:
                yield claim
        yield from read_type_claims(value.get("@graph"), depth + 1)
