/* The inner loops of the forward pass. Included once for each kind of processor, with

   PROCESSOR  what the names of the functions end in
   TARGET     attribute that names the processor, or nothing
   LANES      floats of one vector register
   HEIGHT     rows multiplied at once: HEIGHT * PANEL / LANES sums must stay in registers */

#define JOIN_NAMES(left, right) left##_##right
#define NAME_AFTER(part, processor) JOIN_NAMES(part, processor)
#define FOR(part) NAME_AFTER(part, PROCESSOR)
#define lanes FOR(lanes)
#define bits FOR(bits)
#define VECTORS (PANEL / LANES)

typedef float lanes __attribute__((vector_size(4 * LANES), aligned(4), may_alias));
typedef int bits __attribute__((vector_size(4 * LANES), aligned(4), may_alias));

/* The product of rows with packed weights. */
TARGET static void FOR(multiply)(const rows_read *in, const rows_written *out, const float *packed, const float *bias,
                                 long panels) {
    for (long panel = 0; panel < panels; panel++, packed += in->taps * in->width * PANEL) {
        for (long row = 0; row < out->count; row += HEIGHT) {
            const float *weights = packed;
            lanes sums[HEIGHT][VECTORS];
            for (int i = 0; i < HEIGHT; i++)
                for (int j = 0; j < VECTORS; j++) sums[i][j] = *(const lanes *)(bias + panel * PANEL + j * LANES);
            for (long tap = 0; tap < in->taps; tap++) {
                const float *values = in->first_row[tap] + row * in->stride;
                for (long k = 0; k < in->width; k++, weights += PANEL) {
                    lanes column[VECTORS];
#pragma GCC unroll 8
                    for (int j = 0; j < VECTORS; j++) column[j] = *(const lanes *)(weights + j * LANES);
#pragma GCC unroll 8
                    for (int i = 0; i < HEIGHT; i++)
#pragma GCC unroll 8
                        for (int j = 0; j < VECTORS; j++) sums[i][j] += column[j] * values[i * in->stride + k];
                }
            }
            for (int i = 0; i < HEIGHT; i++) {
                float *target = out->first_row + (row + i) * out->stride + panel * PANEL;
                for (int j = 0; j < VECTORS; j++, target += LANES) {
                    lanes sum = sums[i][j];
                    if (out->store != STORE_SUM) sum = (lanes)((bits)sum & (bits)(sum > 0.0f));
                    if (out->store == ADD_POSITIVE) sum += *(lanes *)target;
                    *(lanes *)target = sum;
                }
            }
        }
    }
}

/* Zero mean and unit variance over the first `width` of `stride` channels of each row; the others are zero and stay
   so. */
TARGET static void FOR(normalise)(const float *in, float *out, long rows, long width, long stride, float epsilon) {
    for (long row = 0; row < rows; row++, in += stride, out += stride) {
        lanes sums[VECTORS] = {{0}}, squares[VECTORS] = {{0}};
        float sum = 0.0f, square = 0.0f;
        for (long k = 0; k < stride; k += PANEL)
            for (int j = 0; j < VECTORS; j++) sums[j] += *(const lanes *)(in + k + j * LANES);
        for (int j = 1; j < VECTORS; j++) sums[0] += sums[j];
        for (int i = 0; i < LANES; i++) sum += sums[0][i];
        const float mean = sum / (float)width;
        for (long k = 0; k < stride; k += LANES) *(lanes *)(out + k) = *(const lanes *)(in + k) - mean;
        for (long k = width; k < stride; k++) out[k] = 0.0f;
        for (long k = 0; k < stride; k += PANEL)
            for (int j = 0; j < VECTORS; j++) {
                const lanes value = *(lanes *)(out + k + j * LANES);
                squares[j] += value * value;
            }
        for (int j = 1; j < VECTORS; j++) squares[0] += squares[j];
        for (int i = 0; i < LANES; i++) square += squares[0][i];
        const float factor = 1.0f / sqrtf(square / (float)width + epsilon);
        for (long k = 0; k < stride; k += LANES) *(lanes *)(out + k) *= factor;
    }
}

/* Standard deviations from the mean, at most `limit`; 0 where a column is not kept. */
TARGET static void FOR(standardise)(const float *restrict in, const scales *of, float limit, float *restrict out) {
    const float *restrict mean = of->mean, *restrict deviation = of->deviation, *restrict kept = of->kept;
    for (long k = 0; k < of->width; k++) {
        float value = (in[k] - mean[k]) / deviation[k];
        value = value > -limit ? value : -limit;
        out[k] = (value < limit ? value : limit) * kept[k];
    }
}

#undef VECTORS
#undef bits
#undef lanes
#undef FOR
#undef NAME_AFTER
#undef JOIN_NAMES
#undef HEIGHT
#undef LANES
#undef TARGET
#undef PROCESSOR
