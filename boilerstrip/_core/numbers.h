/* Numbers for keys of 64 bits, in order of first appearance: an open table that the caller opens and closes. */

#ifndef BOILERSTRIP_NUMBERS_H
#define BOILERSTRIP_NUMBERS_H

#include <stdint.h>
#include <stdlib.h>

#define MULTIPLIER 0x9E3779B97F4A7C15u /* 2 to the 64 by the golden ratio. */

typedef struct {
    uint64_t key;
    int64_t number; /* One more than the number; 0 where nothing is. */
} numbered_key;

typedef struct {
    numbered_key *slots;
    uint64_t mask, seed;
    int64_t used;
} numbers;

/* An empty table for at most `expected` keys, or one without slots where there is no memory. A `seed` that differs from
   process to process keeps pages from being made slow. */
static inline numbers open_numbers(int64_t expected, uint64_t seed) {
    uint64_t size = 16;
    while ((int64_t)size < 2 * expected) size *= 2;
    numbers known = {(numbered_key *)calloc(size, sizeof(numbered_key)), size - 1, seed, 0};
    return known;
}

static inline int64_t number_key(numbers *known, uint64_t key) {
    uint64_t place = (key ^ known->seed) * MULTIPLIER;
    place = (place ^ place >> 32) & known->mask;
    while (known->slots[place].number) {
        if (known->slots[place].key == key) return known->slots[place].number - 1;
        place = (place + 1) & known->mask;
    }
    known->slots[place].key = key;
    known->slots[place].number = ++known->used;
    return known->used - 1;
}

/* A key of two numbers below 2 to the 31, of one of four sorts. */
static inline uint64_t join_numbers(int sort, int64_t left, int64_t right) {
    return (uint64_t)sort << 62 | (uint64_t)left << 31 | (uint64_t)right;
}

#endif
