/* Arithmetic that the measurements share, with the results of NumPy's. */

#ifndef BOILERSTRIP_MEASURES_H
#define BOILERSTRIP_MEASURES_H

#include <math.h>

#define KEPT_LOGARITHMS 1024

static double kept_logarithms[KEPT_LOGARITHMS];

/* Called once where a module is loaded. */
static inline void keep_logarithms(void) {
    for (int number = 0; number < KEPT_LOGARITHMS; number++) kept_logarithms[number] = log1p(number);
}

/* log1p, looked up for small whole numbers, which nearly all counts are. */
static inline double log_up(double value) {
    if (value >= 0 && value < KEPT_LOGARITHMS && value == (double)(int)value) return kept_logarithms[(int)value];
    return log1p(value);
}

/* The quotient, 0 where the denominator is not positive. */
static inline double divide(double numerator, double denominator) {
    return denominator > 0 ? numerator / (denominator > 1e-9 ? denominator : 1e-9) : 0.0;
}

#endif
