/* One product of rows with packed weights. Included once for each kind of processor, with

   KERNEL   name of the function to define
   TARGET   attribute that names the processor, or nothing
   LANES    floats of one vector register
   HEIGHT   rows worked on at once: HEIGHT * PANEL / LANES sums must stay in registers */

#define JOIN_NAMES(left, right) left##_##right
#define NAME_AFTER(kernel, part) JOIN_NAMES(kernel, part)
#define lanes NAME_AFTER(KERNEL, lanes)
#define bits NAME_AFTER(KERNEL, bits)
#define VECTORS (PANEL / LANES)

typedef float lanes __attribute__((vector_size(4 * LANES), aligned(4), may_alias));
typedef int bits __attribute__((vector_size(4 * LANES), aligned(4), may_alias));

TARGET static void KERNEL(const rows_read *in, const rows_written *out, const float *packed, const float *bias,
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

#undef VECTORS
#undef bits
#undef lanes
#undef NAME_AFTER
#undef JOIN_NAMES
#undef HEIGHT
#undef LANES
#undef TARGET
#undef KERNEL
