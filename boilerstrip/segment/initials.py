"""What stands in a box of its own in front of its paragraph: the first letter, as large letters are laid out that take
several lines, which is put before the paragraph, or the label of a note, which is taken out of the page's blocks."""

from typing import Any

from boilerstrip.segment.builder import BOX_OF_ROW
from boilerstrip.segment.inline import begins_word
from boilerstrip.segment.phrases import PhraseBuilder
from boilerstrip.segment.surroundings import Surroundings


class InitialBuilder(PhraseBuilder):
    """A builder of blocks that puts such a letter in front of its paragraph, and takes such a label out, which the
    mark of the note's block says."""

    def end_block(self, surroundings: Surroundings) -> None:
        """Make a block of the text collected so far, with the letter that stands alone before it, and without the
        label of its note."""
        if self._pieces and self._block_rows:
            if self._notes_of_boxes and (box := self._find_behind_label(surroundings.box)) >= 0:
                self._notes_of_boxes.setdefault(box, self._find_note(self._block_rows[-1][BOX_OF_ROW]))
                self._take_back_block()
            elif len(self._block_rows[-1][0]) == 1:
                self._join_initial(self._block_rows[-1], surroundings)
        super().end_block(surroundings)

    def _find_behind_label(self, box: int) -> int:
        """The note around a box above which nothing but the note's label stands, in it or as its term, and no heading;
        -1 if there is none."""
        text, _, role, *_ = row = self._block_rows[-1]
        label = next((above for above in self._boxes_above(row[BOX_OF_ROW]) if above in self._notes_of_boxes), -1)
        is_alone = label >= 0 and self.box_first[label] == self.block_count - 1
        if not is_alone or role == "heading" or text.strip("[]().: \xa0") != self.notes[self._notes_of_boxes[label]]:
            return -1
        around = self._boxes_above(box)
        return next((above for above in around if above == label or self._describes(above, label)), -1)

    def _describes(self, box: int, term: int) -> bool:
        """Whether a box is the description of a term."""
        is_pair = (self.box_tags[term], self.box_tags[box]) == ("dt", "dd")
        return is_pair and self.box_parents[term] == self.box_parents[box]

    def _join_initial(self, row: tuple[Any, ...], surroundings: Surroundings) -> None:
        """Take the last block back, if it is the first letter of the running one."""
        letter, _, role, linked, box, marks, names = row
        is_prose = role == surroundings.role == "paragraph" and not (linked or surroundings.preformatted)
        parents = (self.box_parents[box], self.box_parents[surroundings.box])
        if not is_prose or parents[0] not in (surroundings.box, parents[1]) or self._image_boxes:
            return
        is_alone = self.box_first[box] == self.block_count - 1
        if not is_alone or not begins_word(letter, self._pieces[0]):
            return
        self._pieces.insert(0, letter)
        self.position += 1
        self.marks_here[:] = [
            *marks,
            *(mark._replace(start=mark.start + 1, end=mark.end + 1) for mark in self.marks_here),
        ]
        self.inline_names_here[:0] = [names] if names else []
        self._take_back_block()

    def _take_back_block(self) -> None:
        """Make the last block the running one: boxes that end or begin behind it do so before it."""
        self._block_rows.pop()
        self.block_notes.pop()
        self.images[-2:] = [sum(self.images[-2:])]
        self.controls[-2:] = [sum(self.controls[-2:])]
        self.block_count -= 1
        for box in reversed(range(len(self.box_first))):
            if self.box_first[box] < self.block_count:
                break
            self.box_first[box] = self.block_count
            self.box_last[box] = min(self.box_last[box], self.block_count)
