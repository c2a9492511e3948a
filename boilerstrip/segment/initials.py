"""What stands in a box of its own in front of its paragraph: the first letter, as large letters are laid out that take
several lines, or the label of a note."""

from typing import Any

from boilerstrip.segment.inline import begins_word
from boilerstrip.segment.phrases import PhraseBuilder
from boilerstrip.segment.surroundings import Surroundings


class InitialBuilder(PhraseBuilder):
    """A builder of blocks that puts such a letter in front of its paragraph, and leaves such a label out."""

    def end_block(self, surroundings: Surroundings) -> None:
        """Make a block of the text collected so far, with the letter that stands alone before it."""
        if self._pieces and self._block_rows:
            if self._notes_of_boxes and self._is_behind_label(surroundings.box):
                self._take_back_block()
            elif len(self._block_rows[-1][0]) == 1:
                self._join_initial(self._block_rows[-1], surroundings)
        super().end_block(surroundings)

    def _is_behind_label(self, box: int) -> bool:
        """Whether nothing but the label of a note stands in its box above the running block."""
        note = next((above for above in self._boxes_above(box) if above in self._notes_of_boxes), -1)
        if note < 0 or self.box_first[note] != self.block_count - 1:
            return False
        return self._block_rows[-1][0].strip("[]().: \xa0") == self.notes[self._notes_of_boxes[note]]

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
