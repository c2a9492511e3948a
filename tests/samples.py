"""Prose in several languages, measured pages, and a tagger of random weights: what the tests of the stages share."""

import numpy as np

from boilerstrip.evidence.matrix import COLUMNS, OPENING_WORDS, WORD_BUCKETS, Evidence, weigh
from boilerstrip.judge.tagger import DILATIONS, Tagger
from boilerstrip.options import Options
from boilerstrip.page import Page
from boilerstrip.segment.html import segment_html
from boilerstrip.segment.text import segment_text

STORY = (
    "The mayor opened the new bridge on Saturday, and everybody who could walk came to see it with their own eyes.",
    "It was the first time in forty years that the town had built anything of that size, and people were proud of it.",
    "Some of them had been there when the old one was taken down, and they said that it would never have lasted.",
    "What happens to the road on the other side of the river is not clear, because the council has no money for it.",
)
"""Four English paragraphs."""

PROSE = {
    "en": STORY[0],
    "es": "Tu suscripción se está usando en otro dispositivo y no puedes seguir leyendo desde este hasta cerrarlo.",
    "de": "Die Bürgermeisterin hat am Samstag die neue Brücke eröffnet, und alle, die laufen konnten, sind gekommen.",
    "fr": "La maire a inauguré samedi le nouveau pont, et tous ceux qui pouvaient marcher sont venus pour le voir.",
    "pt": "O prefeito inaugurou a nova ponte no sábado, e todos os que podiam andar vieram para vê-la com os olhos.",
    "nb": "Ordføreren åpnet den nye broen på lørdag, og alle som kunne gå, kom for å se den med sine egne øyne.",
    "nn": "Ordføraren opna den nye brua på laurdag, og alle som ikkje var for gamle, kom for å sjå ho med eigne auge.",
    "sr": "Градоначелник је у суботу отворио нови мост и сви који су могли да ходају дошли су да га виде својим очима.",
    "ru": "Мэр открыл новый мост в субботу, и все, кто мог ходить, пришли посмотреть на него своими глазами.",
    "ar": "افتتح رئيس البلدية الجسر الجديد يوم السبت، وجاء كل من يستطيع المشي لكي يراه بعينيه في هذا اليوم.",
    "ja": "市長は土曜日に新しい橋を開通させ、歩ける人は皆それを自分の目で見るためにやって来た。",
    "zh": "市长星期六为新桥举行了通车仪式，所有能走路的人都来亲眼看一看这座桥。",
    "th": "นายกเทศมนตรีเปิดสะพานใหม่เมื่อวันเสาร์ และทุกคนที่เดินได้ก็มาดูด้วยตาของตนเอง",
    "ko": "시장은 토요일에 새 다리를 열었고, 걸을 수 있는 사람은 모두 그것을 보러 왔다.",
    "el": "Ο δήμαρχος άνοιξε τη νέα γέφυρα το Σάββατο και όλοι όσοι μπορούσαν να περπατήσουν ήρθαν να τη δουν.",
    "he": "ראש העיר פתח את הגשר החדש ביום שבת, וכל מי שיכול היה ללכת בא לראות אותו במו עיניו.",
}
"""One sentence in each of several languages; the Spanish one is a notice."""

PAGE_TYPES = ("article", "forum", "listing")
HIDDEN, WORDS, OPENING, SCAN, PAGE, HEAD = 8, 4, 2, 3, 5, 6


def read_lines(*lines: str) -> Page:
    """Cut lines of plain text into blocks, a paragraph each."""
    return segment_text("\n\n".join(lines))


def weigh_lines(*lines: str, **options: object) -> Evidence:
    """Measure lines of plain text, a paragraph each."""
    return weigh(read_lines(*lines), Options(**options))  # type: ignore[arg-type]


def weigh_html(source: str, **options: object) -> Evidence:
    """Measure a page's source."""
    return weigh(segment_html(source), Options(**options))  # type: ignore[arg-type]


def read_column(evidence: Evidence, name: str) -> list[float]:
    """One column of the evidence, rounded so that equal values compare as equal."""
    return [round(float(value), 5) for value in evidence.columns[:, COLUMNS.index(name)]]


def make_tagger(seed: int = 1) -> Tagger:
    """Return a small tagger of random weights: what it says is arbitrary, but never changes."""
    random = np.random.default_rng(seed)
    sizes = {
        "enter": (HIDDEN, len(COLUMNS) + WORDS + OPENING_WORDS * OPENING),
        "scan": (2 * SCAN, HIDDEN),
        "page": (PAGE, 2 * HIDDEN),
        "head": (HEAD, HIDDEN + 2 * SCAN + PAGE),
        "score": (1, HEAD),
        "page_type": (len(PAGE_TYPES), PAGE),
    }
    shapes: dict[str, tuple[int, ...]] = {
        "word_table": (WORD_BUCKETS, WORDS),
        "opening_table": (WORD_BUCKETS, OPENING),
        "mean": (len(COLUMNS),),
    }
    for name, (height, width) in sizes.items():
        shapes[f"{name}.weight"], shapes[f"{name}.bias"] = (height, width), (height,)
    for number in range(len(DILATIONS)):
        shapes[f"convolutions.{number}.weight"] = (3, HIDDEN, HIDDEN)
        shapes[f"convolutions.{number}.bias"] = (HIDDEN,)
    weights = {name: random.normal(0.0, 0.4, shape).astype(np.float32) for name, shape in shapes.items()}
    weights["deviation"] = np.ones(len(COLUMNS), dtype=np.float32)
    line = np.array([0.0, 1.0], dtype=np.float32)
    return Tagger(weights, PAGE_TYPES, (line, line), bias=0.5)
