"""Which language each block is in: the steps of ``boilerstrip.evidence.language_steps``, each in one pass over the blocks."""

import cython
import numpy as np

from libc.math cimport pow
from libc.stdint cimport int32_t, int64_t, uint8_t, uint32_t
from libc.stdlib cimport calloc, free

from boilerstrip.evidence import language_steps as reference
from boilerstrip.evidence.characters import Class, Script, class_table
from boilerstrip.evidence.function_words import (
    JAPANESE_KANA,
    LANGUAGE_OF_SCRIPT,
    SCRIPT_RATE,
    comparison_names,
    load_function_words,
)
from boilerstrip.evidence.tokens import PROSE_WORDS, tokenize

include "strings.pxi"
include "measures.pxi"

cdef enum:
    MOST_SCRIPTS = 64

cdef struct Row:
    double own_rate, own_relative, own_hits, foreign_rate, foreign_hits, rate_margin, is_own, is_foreign, is_unknown
    double foreign_sureness, other_script, other_letters, page_foreign_share, foreign_before, foreign_after
    double page_own_rate, language_known

cdef Row empty_row
COLUMNS = tuple(<object> empty_row)
"""The fields of a row, which are the reference's columns."""

keep_logarithms()

cdef uint8_t LOWER = Class.LOWER
cdef int HAN = Script.HAN, KANA = Script.KANA
cdef uint32_t LAST_BARE_LETTER = reference._LAST_BARE_LETTER
cdef uint8_t UNKNOWN = reference.UNKNOWN, OWN = reference.OWN, FOREIGN = reference.FOREIGN
cdef uint8_t DOUBTFUL = reference.DOUBTFUL
cdef double MOST_VOICE = reference._MOST_VOICE, VOICE_WORDS = reference._VOICE_WORDS, LOW_VOICE = reference._LOW_VOICE
cdef double PAGE_RATE = reference.PAGE_RATE, PAGE_MARGIN = reference._PAGE_MARGIN
cdef double OWN_ENOUGH = reference._OWN_ENOUGH, OWN_LEAST = reference._OWN_LEAST, CLEAR_HITS = reference._CLEAR_HITS
cdef double CLEAR_RATIO = reference._CLEAR_RATIO, EXPECTED_HITS = reference._EXPECTED_HITS
cdef double LETTER_RATE = reference._LETTER_RATE, SCRIPT_SHARE = reference._SCRIPT_SHARE
cdef double KANA_SHARE = JAPANESE_KANA, RATE_OF_SCRIPT = SCRIPT_RATE, PROSE = PROSE_WORDS


@cython.final
@cython.boundscheck(False)
@cython.wraparound(False)
@cython.cdivision(True)
cdef class Languages:
    """The function words and scripts of all languages; immutable."""

    cdef dict rows
    cdef const int64_t[::1] starts, languages
    cdef const double[::1] weights
    cdef const int32_t[::1] names
    cdef const uint8_t[::1] classes
    cdef int64_t width, japanese, listed
    cdef int64_t[MOST_SCRIPTS] script_of, language_of

    def __init__(self):
        table = load_function_words()
        numbers = {name: number for number, name in enumerate(dict.fromkeys(comparison_names()))}
        self.rows, self.starts, self.languages, self.weights = table.rows, table.starts, table.languages, table.weights
        self.names = np.array([numbers[name] for name in comparison_names()], dtype=np.int32)
        self.classes = class_table()
        self.width, self.listed, self.japanese = len(table.codes), 0, table.codes.index("ja")
        for script, code in LANGUAGE_OF_SCRIPT.items():
            self.script_of[self.listed], self.language_of[self.listed] = script, table.codes.index(code)
            self.listed += 1

    def count_hits(self, tokens):
        """Weighted function words of each language in each block, shape (n, k)."""
        cdef list vocabulary = tokens.vocabulary
        cdef const int32_t[::1] words = tokens.words
        cdef const int64_t[::1] starts = tokens.starts
        cdef const double[::1] word_counts = tokens.word_counts, letters = tokens.letters
        cdef const double[:, ::1] scripts = tokens.script_counts
        cdef int64_t block, place, entry, count = word_counts.shape[0]
        cdef int32_t[::1] rows = np.empty(len(vocabulary), dtype=np.int32)
        cdef int32_t row
        result = np.zeros((count, self.width))
        cdef double[:, ::1] hits = result
        for place in range(len(vocabulary)):
            found = self.rows.get(vocabulary[place])
            rows[place] = -1 if found is None else <int32_t> found
        for block in range(count):
            for place in range(starts[block], starts[block + 1]):
                row = rows[words[place]]
                if row >= 0:
                    for entry in range(self.starts[row], self.starts[row + 1]):
                        hits[block, self.languages[entry]] += self.weights[entry]
            if letters[block] > 0:
                self.add_script_hits(&hits[block, 0], &scripts[block, 0], word_counts[block] , letters[block])
        return result

    cdef void add_script_hits(
        self, double *hits, const double *scripts, double word_count, double letters
    ) noexcept nogil:
        """What scripts of one language add."""
        cdef bint is_japanese = divide(scripts[KANA], scripts[KANA] + scripts[HAN]) > KANA_SHARE
        cdef int64_t number, script
        for number in range(self.listed):
            script = self.script_of[number]
            if scripts[script] > 0:
                hits[self.japanese if script == HAN and is_japanese else self.language_of[number]] += (
                    word_count * divide(scripts[script], letters) * RATE_OF_SCRIPT
                )

    def poll(self, page, tokens, const double[:, ::1] hits):
        """Weights of the blocks, the first and the second language, the first's rate, and whether it leads clearly;
        nothing where no block has a say."""
        texts, links = page.texts, page.link_characters
        cdef const double[::1] word_counts = tokens.word_counts
        cdef const int64_t[::1] lengths = tokens.lengths
        cdef int64_t block, language, first = 0, second = 0, count = word_counts.shape[0]
        cdef double words, weight, total = 0.0, highest, rate, factor
        weights, both = np.zeros(count), np.zeros((2, self.width))
        cdef double[::1] weight_of = weights
        cdef double[:, ::1] votes = both  # and rates
        cdef set seen = set()
        for block in range(count):
            words = min(word_counts[block], MOST_VOICE)
            if words >= VOICE_WORDS:
                if texts[block] in seen:
                    continue
                seen.add(texts[block])
            else:
                words *= LOW_VOICE
            weight = pow(words, 1.5) * max(1.0 - divide(<double> links[block], <double> lengths[block]), 0.0)
            if weight <= 0:
                continue
            weight_of[block] = weight
            total += weight
            highest = 0.0
            for language in range(self.width):
                highest = max(highest, hits[block, language])
            highest = max(divide(highest, word_counts[block]), 1e-9)
            factor = min(highest / PAGE_RATE, 1.0)
            for language in range(self.width):
                if hits[block, language] > 0:
                    rate = divide(hits[block, language], word_counts[block])
                    votes[0, language] += weight * (rate / highest * factor)
                    votes[1, language] += weight * rate
        if total <= 0:
            return None
        for language in range(1, self.width):
            if votes[0, language] > votes[0, first]:
                first = language
        highest = -1.0
        for language in range(self.width):
            rate = 0.0 if self.names[language] == self.names[first] else votes[0, language]
            if rate > highest:
                second, highest = language, rate
        return weights, first, second, votes[1, first] / total, highest < PAGE_MARGIN * votes[0, first]

    def compare(self, tokens, const double[:, ::1] hits, const uint8_t[::1] is_own_language):
        """Hits in the page's languages and in the best other one, which that is, the verdict, and its sureness."""
        cdef const double[::1] word_counts = tokens.word_counts
        cdef int64_t block, language, count = word_counts.shape[0]
        cdef double most, own_hits = 0.0, words = 0.0, page_rate
        result = np.zeros(count), np.zeros(count), np.zeros(count, np.int64), np.empty(count, np.uint8), np.zeros(count)
        cdef double[::1] own = result[0], foreign = result[1], sureness = result[4]
        cdef int64_t[::1] best = result[2]
        cdef uint8_t[::1] verdicts = result[3]
        for block in range(count):
            most = -1.0
            for language in range(self.width):
                if is_own_language[language]:
                    own[block] = max(own[block], hits[block, language])
                elif hits[block, language] > most:
                    most, best[block] = hits[block, language], language
            foreign[block] = max(most, 0.0)
            own_hits += own[block]
            words += word_counts[block]
        page_rate = max(divide(own_hits, words), PAGE_RATE)
        for block in range(count):
            most = foreign[block] - own[block]
            if own[block] >= OWN_LEAST and own[block] >= OWN_ENOUGH * foreign[block]:
                verdicts[block] = OWN
            elif most >= CLEAR_HITS and foreign[block] >= CLEAR_RATIO * own[block]:
                verdicts[block] = FOREIGN
                sureness[block] = min(0.6 + 0.05 * most, 1.0)
            elif most > 0 or word_counts[block] * page_rate >= EXPECTED_HITS:
                verdicts[block] = DOUBTFUL
            else:
                verdicts[block] = UNKNOWN
        return result

    def build_columns(
        self, tokens, const double[::1] own, const double[::1] foreign, const uint8_t[::1] verdicts,
        const double[::1] sureness,
    ):
        """The columns, shape (17, n)."""
        cdef const double[::1] word_counts = tokens.word_counts, letters = tokens.letters
        cdef int64_t block, count = word_counts.shape[0]
        cdef double words, own_hits = 0.0, divisor = 0.0, total = 0.0, foreign_words = 0.0, before = 0.0, here, page_rate
        cdef double[::1] shares = np.empty(count), marked = np.zeros(count)
        result = np.empty((count, sizeof(Row) // sizeof(double)))
        cdef double[:, ::1] rows = result
        cdef Row *row
        self.share_scripts(tokens.script_counts, verdicts, shares)
        if not PyUnicode_IS_ASCII(tokens.text):
            self.count_marked(tokens, verdicts, marked)
        for block in range(count):
            own_hits += own[block]
            divisor += max(word_counts[block], 1.0)
            total += word_counts[block]
            foreign_words += word_counts[block] if verdicts[block] == FOREIGN else 0.0
        page_rate, total = own_hits / max(divisor, 1.0), max(total, 1.0)
        for block in range(count):
            row = <Row *> &rows[block, 0]
            words = max(word_counts[block], 1.0)
            here = word_counts[block] if verdicts[block] == FOREIGN else 0.0
            row.own_rate = min(own[block] / words, 1.0)
            row.foreign_rate = min(foreign[block] / words, 1.0)
            row.own_relative = min(row.own_rate / max(page_rate, 0.02), 3.0)
            row.rate_margin = (row.own_rate - row.foreign_rate) * 3.0
            row.own_rate *= 3.0
            row.foreign_rate *= 3.0
            row.own_hits, row.foreign_hits = log_up(own[block]), log_up(foreign[block])
            row.is_own, row.is_foreign = verdicts[block] == OWN, verdicts[block] == FOREIGN
            row.is_unknown = 1.0 - row.is_own - row.is_foreign
            row.foreign_sureness = sureness[block]
            row.other_script = divide(shares[block], letters[block])
            row.other_letters = min(divide(marked[block], letters[block]) * 5.0, 1.0)
            row.page_foreign_share = foreign_words / total
            row.foreign_before = before / total
            row.foreign_after = (foreign_words - before - here) / total
            row.page_own_rate = page_rate * 3.0
            row.language_known = 1.0
            before += here
        return result.T

    cdef void share_scripts(
        self, const double[:, ::1] scripts, const uint8_t[::1] verdicts, double[::1] shares
    ) noexcept:
        """Letters of each block in scripts that the page's own blocks do not use."""
        cdef double[MOST_SCRIPTS] of_own, of_all
        cdef double own_letters = 0.0, all_letters = 0.0
        cdef double *of_page
        cdef int64_t block, script
        for script in range(scripts.shape[1]):
            of_own[script] = of_all[script] = 0.0
        cdef bint is_any_own = False
        for block in range(scripts.shape[0]):
            is_any_own = is_any_own or verdicts[block] == OWN
            for script in range(scripts.shape[1]):
                of_all[script] += scripts[block, script]
                if verdicts[block] == OWN:
                    of_own[script] += scripts[block, script]
        of_page = &of_own[0] if is_any_own else &of_all[0]
        for script in range(scripts.shape[1]):
            own_letters += of_page[script]
        for block in range(scripts.shape[0]):
            shares[block] = 0.0
            for script in range(scripts.shape[1]):
                if of_page[script] <= SCRIPT_SHARE * max(own_letters, 1.0):
                    shares[block] += scripts[block, script]

    cdef int count_marked(self, tokens, const uint8_t[::1] verdicts, double[::1] marked) except -1:
        """Marked letters of each block that the page's own prose hardly uses."""
        cdef const double[::1] word_counts = tokens.word_counts, letters = tokens.letters
        cdef const int64_t[::1] lengths = tokens.lengths
        cdef str text = tokens.text
        cdef int kind = PyUnicode_KIND(text), turn
        cdef void *data = PyUnicode_DATA(text)
        cdef int64_t block, place, start
        cdef uint32_t point
        cdef double own_letters = 0.0
        cdef bint is_counted
        cdef int32_t *uses = <int32_t *> calloc(PLANE, sizeof(int32_t))
        if uses == NULL:
            raise MemoryError
        for turn in range(2):
            start = 0
            for block in range(lengths.shape[0]):
                is_counted = turn == 1 or (verdicts[block] == OWN and word_counts[block] >= PROSE)
                own_letters += letters[block] if turn == 0 and is_counted else 0.0
                for place in range(start, start + lengths[block] if is_counted else start):
                    point = PyUnicode_READ(kind, data, place)
                    if LAST_BARE_LETTER < point < PLANE and self.classes[point] == LOWER:
                        if turn == 0:
                            uses[point] += 1
                        elif uses[point] <= LETTER_RATE * own_letters:
                            marked[block] += 1.0
                start += lengths[block] + 1
        free(uses)
        return 0
