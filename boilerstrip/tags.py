"""The one table of tags, roles and class vocabulary. No other module lists element names or class words of its own."""

from typing import Final

SKIPPED: Final = frozenset(
    {
        "head", "script", "style", "svg", "iframe", "object", "embed", "applet", "audio", "video", "canvas",
        "map", "noframes", "mat-icon",
    }
)  # fmt: skip
"""Elements whose content is no text of the page (their tails are)."""

MEDIA: Final = frozenset({"svg", "iframe", "object", "embed", "applet", "audio", "video", "canvas", "mat-icon"})
"""Skipped elements that take room in the line, so that the words around them are apart."""

IMAGES: Final = frozenset({"img", "amp-img", "amp-anim"})

SPECIAL: Final = frozenset(
    {"math", "mjx-container", "template", "noscript", "title", *IMAGES, "q", "rt", "sup", "button"}
)
"""Elements that are read by a rule of their own."""

INLINE: Final = frozenset(
    {
        "a", "abbr", "acronym", "b", "basefont", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em",
        "font", "i", "img", "ins", "kbd", "label", "mark", "math", "meter", "nobr", "output", "picture", "progress",
        "q", "rb", "rp", "rt", "rtc", "ruby", "s", "samp", "small", "source", "span", "strike", "strong", "sub", "sup",
        "time", "track", "tt", "u", "var", "wbr", "input", "link", "meta", "param",
    }
)  # fmt: skip
"""Phrasing content (HTML Living Standard, 3.2.5.2.5): never a block boundary."""

BLOCK: Final = frozenset(
    {
        "address", "article", "aside", "base", "blockquote", "body", "caption", "center", "col", "colgroup", "dd",
        "details", "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "frame",
        "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "legend", "li", "listing",
        "main", "marquee", "menu", "nav", "noembed", "noscript", "ol", "optgroup", "option", "p", "plaintext", "pre",
        "search", "section", "select", "datalist", "summary", "table", "tbody", "td", "textarea", "tfoot", "th",
        "thead", "tr", "ul", "xmp",
    }
)  # fmt: skip
"""Elements that end the running text (HTML Living Standard, 15.3). One that is in none of these sets is drawn within
the line, unless it holds one of these."""

VOID: Final = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
)
"""Elements without an end tag (HTML Living Standard, 13.1.2)."""

HEAD: Final = frozenset({"title", "meta", "link", "script", "base"})
"""Elements in which a page says what it is, wherever they stand."""

CONTROLS: Final = frozenset({"input", "select", "textarea", "button"})
"""Form controls, which are counted."""

BLOCK_OPENERS: Final = (
    "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "table", "tr", "td", "section", "article",
    "blockquote", "figure",
)  # fmt: skip
"""The most frequent elements whose start tag ends the running text."""

OWN_TAGS: Final = (
    "p", "div", "li", "td", "th", "span", "section", "article", "dd", "dt", "figcaption", "option", "label", "address",
)  # fmt: skip
"""Elements that are evidence where a block stands right in them."""

PREFORMATTED: Final = frozenset({"pre", "textarea", "listing", "plaintext", "xmp"})
"""Elements that keep their white space."""

HEADINGS: Final = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}

ROLES: Final = (
    "paragraph", "heading", "list_item", "table_cell", "code", "quote", "caption", "button", "form", "separator",
)  # fmt: skip

STRUCTURED_ROLE: Final = "structured"
"""Role of a block of the story that only the page's structured data hold. No element has it, and no evidence."""

ROLE_OF_TAG: Final = {
    **dict.fromkeys(HEADINGS, "heading"),
    "p": "paragraph",
    "li": "list_item", "dt": "list_item", "dd": "list_item", "summary": "list_item",
    "td": "table_cell", "th": "table_cell",
    "pre": "code", "listing": "code", "xmp": "code", "plaintext": "code",
    "blockquote": "quote",
    "figcaption": "caption", "caption": "caption",
    "button": "button",
    "select": "form", "option": "form", "optgroup": "form", "textarea": "form", "legend": "form", "datalist": "form",
}  # fmt: skip
"""The role an element gives to the text below it; other elements pass on their parent's."""

STICKY_ROLES: Final = frozenset({"quote", "caption", "code", "button", "form"})
"""Roles that a paragraph or list item inside does not change."""

INLINE_MARKS: Final = {
    "a": "link", "img": "image",
    "em": "emphasis", "i": "emphasis", "cite": "emphasis", "strong": "strong", "b": "strong",
    "code": "code", "kbd": "code", "samp": "code", "tt": "code",
    "del": "deleted", "s": "deleted", "strike": "deleted", "sub": "subscript", "sup": "superscript",
}  # fmt: skip
"""Inline elements that rendering shows, and the kind of :class:`boilerstrip.page.Mark` they become."""

OTHER_MARKS: Final = frozenset({"formula", "language", "note", "number", "column", "picture", "reference", "rule"})
"""Marks that no single element draws: LaTeX in the text; over a whole block the language of its code, the note it is,
the number of its list item, of a task 1 if it is done and else 0, the column of its cell; an image between paragraphs;
a label in brackets that leads to a note; a rule (``hr``) above the block."""

PERMALINK_SIGNS: Final = frozenset(
    {"¶", "#", "§", "🔗", "⚓", "\uf0c1", "^", "↑", "↩", "↩︎", "↩️", "↵", "⏎", "⤴", "⤴︎", "↰", "⇑"}
)
"""Text of the links that documentation generators hang on headings, and that lead back from a note to its mark; signs
for the mouse, no text of the page."""

ANCESTOR_TAGS: Final = (
    "nav", "header", "footer", "aside", "article", "main", "section", "form", "table", "ul", "ol", "li", "figure",
    "blockquote", "button", "dl", "noscript", "dialog", "details", "pre", "address",
)  # fmt: skip
"""Elements whose presence above a block is evidence."""

CLASS_VOCABULARY: Final[dict[str, str]] = {
    "navigation": (
        "nav navbar navigation menu submenu breadcrumb breadcrumbs crumb pagination pager paging toc toolbar "
        "tabs tab dropdown sitemap megamenu mainmenu topnav"
    ),
    "header": "header masthead topbar banner hero head pageheader siteheader",
    "footer": "footer foot bottom copyright colophon contentinfo sitefooter legal imprint",
    "sidebar": "sidebar aside rail widget widgets complementary side secondary sidecolumn",
    "comment": (
        "comment comments commentlist commenttext disqus discuss discussion respond reply replies kommentar "
        "kommentare comentario comentarios"
    ),
    "related": (
        "related recommend recommended recommendation recommendations readmore more similar popular trending "
        "latest recent suggested teaser teasers promo outbrain taboola zergnet upnext also"
    ),
    "share": (
        "share sharing shares social socials facebook twitter whatsapp linkedin pinterest addthis sharedaddy "
        "follow"
    ),
    "advert": (
        "ad ads adv advert advertisement advertising sponsor sponsored dfp adsense adslot werbung anzeige "
        "commercial affiliate"
    ),
    "subscribe": "newsletter subscribe subscription signup paywall premium register membership optin cta donate",
    "consent": "cookie cookies consent gdpr privacy onetrust cookiebar cookiebanner",
    "content": (
        "content main body text story maincontent postcontent entrycontent articlecontent contents copy "
        "richtext wysiwyg prose markdown rte"
    ),
    "article": "article articles post posts entry hentry blog blogpost articlebody postbody storybody news single",
    "title": (
        "title headline heading subtitle subheadline kicker dek standfirst lead lede intro summary teasertext "
        "abstract excerpt"
    ),
    "author": "author authors byline bio profile avatar writer vcard about contributor",
    "date": "date time datetime published updated timestamp meta metadata postmeta info entrymeta",
    "caption": (
        "caption credit credits figcaption photo image images gallery figure picture slideshow media video "
        "player thumbnail thumb carousel slider swiper slick"
    ),
    "tag": "tag tags keyword keywords category categories topic topics label labels badge chip taxonomy",
    "form": (
        "form search searchform login signin input field contact button btn buttons select filter filters "
        "sort facet facets checkout cart basket"
    ),
    "modal": "modal popup overlay dialog toast lightbox drawer offcanvas tooltip notification alert notice",
    "product": (
        "product products price prices description desc spec specs specification specifications feature "
        "features sku shop item items details detail offer review reviews rating"
    ),
    "forum": (
        "thread threads message messages topic posttext postmessage userpost bbcode signature quote quotes "
        "answer answers question"
    ),
    "list": (
        "list grid row rows card cards tile tiles results result listing listings loop feed stream archive "
        "column columns collection"
    ),
    "hidden": "hidden hide invisible sr visuallyhidden screenreader collapsed collapse mobile desktop noprint print",
    "code": "code highlight codehilite syntax snippet sourcecode example docs doc documentation api",
    "faq": "faq faqs accordion toggle panel step steps",
}  # fmt: skip
"""Words that authors use in class and id names, by what they usually name. Evidence, never a verdict."""

CLAIMS: Final = (
    "og_article", "og_product", "og_website", "og_other",
    "ld_article", "ld_blog", "ld_product", "ld_list", "ld_forum", "ld_faq", "ld_recipe", "ld_organisation",
    "ld_business", "ld_software", "ld_event", "ld_page", "ld_breadcrumb", "ld_site",
    "by_wordpress", "by_forum", "by_shop", "by_documentation", "by_builder", "by_blog",
    "published", "priced",
)  # fmt: skip
"""What a page may claim to be: in ``og:type``, in the types of its JSON-LD, as its generator, by a date or a price."""

LIST_TAGS: Final = {"ul": "ul", "menu": "ul", "dir": "ul", "ol": "ol", "dl": "dl"}
"""Elements that are lists, and the list that rendering writes for them."""

CELLS: Final = frozenset({"td", "th"})

LIST_ITEM_TAGS: Final = {"li": "ul", "dt": "dl", "dd": "dl"}
"""Elements that stand in a list, and the list that is written around them where the page has none."""

CONTAINER_TAGS: Final = frozenset(
    {*LIST_TAGS, *LIST_ITEM_TAGS, "table", "tr", "td", "th", "caption", "blockquote", "figure", "figcaption"}
)
"""Elements whose nesting rendering rebuilds; every other box is left out."""

MARK_ELEMENTS: Final = {
    "emphasis": "em", "strong": "strong", "code": "code", "deleted": "del", "subscript": "sub", "superscript": "sup",
}  # fmt: skip
"""The element that each kind of mark without an address is written as."""

LINK_SCHEMES: Final = frozenset({"http", "https", "mailto"})
IMAGE_SCHEMES: Final = frozenset({"http", "https"})
"""Schemes that clean HTML and Markdown may point to; an address with any other is left out."""

CODE_LANGUAGE_CLASS: Final = (
    r"(?:^|\s)(?:language-|lang-|highlight-source-|highlight-|sourcecode-|src src-|brush:\s*)([\w+#.-]{1,20})"
)
"""Matches the class by which a ``pre``, its ``code`` or the box around it names the programming language."""
