/* The product of rows of activations with packed weights: the inner loop of the tagger's forward pass.

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

#if defined(__x86_64__)

#define KERNEL multiply_with_sse2
#define TARGET
#define LANES 4
#define HEIGHT 2
#include "kernel.h"

#define KERNEL multiply_with_avx2
#define TARGET __attribute__((target("avx2,fma")))
#define LANES 8
#define HEIGHT 6
#include "kernel.h"

static void multiply_rows(const rows_read *in, const rows_written *out, const float *packed, const float *bias,
                          long panels) {
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        multiply_with_avx2(in, out, packed, bias, panels);
    else
        multiply_with_sse2(in, out, packed, bias, panels);
}

#else

#define KERNEL multiply_rows
#define TARGET
#define LANES 4
#define HEIGHT 6
#include "kernel.h"

#endif

typedef float quad __attribute__((vector_size(16), aligned(4), may_alias));

/* Zero mean and unit variance over the first `width` of `stride` channels of a row; the others are zero and stay so. */
static void normalise_row(const float *in, float *out, long width, long stride, float epsilon) {
    quad sums = {0.0f, 0.0f, 0.0f, 0.0f}, squares = {0.0f, 0.0f, 0.0f, 0.0f};
    for (long k = 0; k < stride; k += 4) sums += *(const quad *)(in + k);
    const float mean = (sums[0] + sums[1] + sums[2] + sums[3]) / (float)width;
    for (long k = 0; k < stride; k += 4) *(quad *)(out + k) = *(const quad *)(in + k) - mean;
    for (long k = width; k < stride; k++) out[k] = 0.0f;
    for (long k = 0; k < stride; k += 4) squares += *(quad *)(out + k) * *(quad *)(out + k);
    const float variance = (squares[0] + squares[1] + squares[2] + squares[3]) / (float)width;
    const float factor = 1.0f / sqrtf(variance + epsilon);
    for (long k = 0; k < stride; k += 4) *(quad *)(out + k) *= factor;
}

/* Standard deviations from the mean, at most `limit`; 0 where a column is not kept. */
static void standardise_row(const float *restrict in, const float *restrict mean, const float *restrict deviation,
                            const float *restrict kept, float limit, float *restrict out, long width) {
    for (long k = 0; k < width; k++) {
        float value = (in[k] - mean[k]) / deviation[k];
        value = value > -limit ? value : -limit;
        out[k] = (value < limit ? value : limit) * kept[k];
    }
}

/* Add `count` rows of a table, chosen by number. */
static void add_rows(const float *restrict table, long width, const int *restrict numbers, long count,
                     float *restrict out) {
    for (long i = 0; i < count; i++)
        for (long k = 0; k < width; k++) out[k] += table[numbers[i] * width + k];
}
#endif
