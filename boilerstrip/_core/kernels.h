/* The inner loops of the tagger's forward pass, most of it a product of rows of activations with packed weights.

   One body, compiled twice on x86-64: for every processor, and for those with AVX2 and FMA; the processor chooses when
   it runs. No thread is ever started. */

#ifndef BOILERSTRIP_KERNELS_H
#define BOILERSTRIP_KERNELS_H

#include <math.h>

#if !defined(__GNUC__)
#error "the kernels are written in the vector types of GCC and Clang"
#endif

#define PANEL 16 /* Output channels worked on at once; packed weights lie as [panel][tap][input channel][PANEL]. */
#define GROUP 6  /* Every buffer holds whole groups of rows; a multiple of every kernel's height. */
#define MOST_TAPS 3

enum store { STORE_SUM, STORE_POSITIVE, ADD_POSITIVE };

typedef struct {
    const float *first_row[MOST_TAPS]; /* The first row that each tap reads. */
    long taps;
    long stride; /* Floats from one row to the next. */
    long width;  /* Input channels of each tap. */
} rows_read;

typedef struct {
    float *first_row;
    long stride;
    long count; /* A whole number of groups. */
    enum store store;
} rows_written;

typedef struct {
    const float *mean, *deviation, *kept; /* Of each column; kept is 1 or 0. */
    long width;
} scales;

#if defined(__x86_64__)

#define PROCESSOR sse2
#define TARGET
#define LANES 4
#define HEIGHT 2
#include "kernel.h"

#define PROCESSOR avx2
#define TARGET __attribute__((target("avx2,fma")))
#define LANES 8
#define HEIGHT 6
#include "kernel.h"

#define CHOOSE(part, arguments) \
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) part##_avx2 arguments; \
    else part##_sse2 arguments

#else

#define PROCESSOR any
#define TARGET
#define LANES 4
#define HEIGHT 6
#include "kernel.h"

#define CHOOSE(part, arguments) part##_any arguments

#endif

static void multiply_rows(const rows_read *in, const rows_written *out, const float *packed, const float *bias,
                          long panels) {
    CHOOSE(multiply, (in, out, packed, bias, panels));
}

static void normalise_rows(const float *in, float *out, long rows, long width, long stride, float epsilon) {
    CHOOSE(normalise, (in, out, rows, width, stride, epsilon));
}

static void standardise_row(const float *in, const scales *of, float limit, float *out) {
    CHOOSE(standardise, (in, of, limit, out));
}

typedef float quad __attribute__((vector_size(16), aligned(4), may_alias));

/* Add up `count` rows of a table, chosen by number, four channels at a time. */
static void add_rows(const float *table, long width, const int *numbers, long count, float *out) {
    long k = 0;
    for (; k + 4 <= width; k += 4) {
        quad sum = {0.0f, 0.0f, 0.0f, 0.0f};
        for (long i = 0; i < count; i++) sum += *(const quad *)(table + numbers[i] * width + k);
        *(quad *)(out + k) = sum;
    }
    for (; k < width; k++) {
        out[k] = 0.0f;
        for (long i = 0; i < count; i++) out[k] += table[numbers[i] * width + k];
    }
}
#endif
