/* The event-driven follicle process of src/anagen/follicles/kernel.py, follicle by follicle, in plain C.

   The same draws at the same addresses (Philox 4x32-10), the same tables, the same sums; exp and log come from the C
   library. Counts agree with the kernel exactly and other sums up to rounding. No twins, hazards, sites, replicates. */

#include <math.h>
#include <stdint.h>

enum { ANAGEN, RESTING };
enum { START = 1, CYCLE = 2 };
enum { SUMS = 22, SEEN = 11 };
#define NEVER 1.0e18

/* Fields in the order of ProcessConstants. */
typedef struct {
    double anagen_maximum, anagen_calibre_exponent, anagen_floor, catagen_duration, anagen_sigma, exogen_mean,
        exogen_sigma, reentry_mean, reentry_slope, reentry_sigma, calibre_hill, calibre_step, calibre_step_noise,
        calibre_rate, calibre_minimum, recovery_loss, recovery_calibre, androgen_on_anagen, emergence_lag,
        emergence_length, vellus_growth_rate, vellus_diameter, terminal_growth_diameter;
} Process;

typedef struct { uint32_t a, b, c, d; } Words;

static inline Words philox(uint32_t c0, uint32_t c1, uint32_t c2, uint32_t k0, uint32_t k1)
{
    uint32_t c3 = 0;
    for (int round = 0; round < 10; round++) {
        uint64_t p0 = (uint64_t)0xD2511F53u * c0, p1 = (uint64_t)0xCD9E8D57u * c2;
        c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
        c1 = (uint32_t)p1;
        c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
        c3 = (uint32_t)p0;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    return (Words){c0, c1, c2, c3};
}

static inline double uniform(uint32_t word) { return (word + 0.5) * (1.0 / 4294967296.0); }

/* P. J. Acklam's approximation of the normal quantile. */
static inline double normal(double u)
{
    double tail = fmin(u, 1.0 - u);
    if (tail < 0.02425) {
        double q = sqrt(-2.0 * log(tail));
        double z = (((((-7.784894002430293e-03 * q - 3.223964580411365e-01) * q - 2.400758277161838) * q
                      - 2.549732539343734) * q + 4.374664141464968) * q + 2.938163982698783)
                   / ((((7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996) * q
                       + 3.754408661907416) * q + 1.0);
        return u < 0.5 ? z : -z;
    }
    double q = u - 0.5, r = q * q;
    return (((((-3.969683028665376e01 * r + 2.209460984245205e02) * r - 2.759285104469687e02) * r
              + 1.383577518672690e02) * r - 3.066479806614716e01) * r + 2.506628277459239) * q
           / (((((-5.447609879822406e01 * r + 1.615858368580409e02) * r - 1.556989798598866e02) * r
                + 6.680131188771972e01) * r - 1.328068155288572e01) * r + 1.0);
}

static inline double log_normal(double z, double sigma) { return exp(sigma * z - 0.5 * sigma * sigma); }

static inline double growth_of(double diameter, double terminal_growth, const Process *p)
{
    double share = (diameter - p->vellus_diameter) / (p->terminal_growth_diameter - p->vellus_diameter);
    return p->vellus_growth_rate + (terminal_growth - p->vellus_growth_rate) * fmin(1.0, fmax(0.0, share));
}

static inline double emergence(double diameter, double terminal_growth, const Process *p)
{
    return p->emergence_lag + p->emergence_length / growth_of(diameter, terminal_growth, p);
}

static inline double reentry(double c, double z, const Process *p)
{
    double s = p->reentry_sigma;
    return p->reentry_mean * exp(p->reentry_slope * (1.0 - c) + s * z - 0.5 * s * s);
}

static inline double value_at(const double *table, long last, double before, double t)
{
    if (t <= 0.0) return before;
    long i = (long)t;
    return i >= last ? table[last] : table[i] + (table[i + 1] - table[i]) * (t - i);
}

/* Time at which a clock that stood at S(after) has run `duration` more: guessed, enclosed, halved. */
static inline double phase_end(const double *clock, long last, double after, double duration)
{
    double goal = value_at(clock, last, after, after) + duration;
    if (goal <= 0.0) return goal;
    if (goal >= clock[last]) return NEVER;
    long low = after > 0.0 ? (long)after : 0, high = last, reach = 1;
    long guess = low + (long)((goal - clock[low]) / (clock[last] - clock[low]) * (last - low));
    if (guess < low) guess = low;
    if (guess > last - 1) guess = last - 1;
    if (clock[guess] <= goal) {
        low = guess;
        while (low + reach < high && clock[low + reach] <= goal) { low += reach; reach += reach; }
        if (low + reach < high) high = low + reach;
    } else {
        high = guess;
        while (high - reach > low && clock[high - reach] > goal) { high -= reach; reach += reach; }
        if (high - reach > low) low = high - reach;
    }
    while (high - low > 1) {
        long middle = (low + high) >> 1;
        if (clock[middle] <= goal) low = middle; else high = middle;
    }
    return low + (goal - clock[low]) / (clock[low + 1] - clock[low]);
}

static inline double seen_at(const double *detection, long n, double d)
{
    long i = (long)d < n - 2 ? (long)d : n - 2;
    return detection[i] + (detection[i + 1] - detection[i]) * fmin(1.0, d - i);
}

/* A hair at a visit; one that grows also adds to the rates. */
static inline void add_hair(double *sum, double d, double seen, double followed, const double *thresholds)
{
    double nonvellus = d >= thresholds[0], terminal = d >= thresholds[1];
    sum[0] += 1.0;
    sum[1] += nonvellus;
    sum[2] += terminal;
    sum[4] += d;
    sum[8] += terminal * d;
    sum[9] += followed;
    sum[10] += followed * d;
    sum[SEEN] += seen;
    sum[SEEN + 1] += seen * nonvellus;
    sum[SEEN + 2] += seen * terminal;
    sum[SEEN + 4] += seen * d;
    sum[SEEN + 8] += seen * terminal * d;
    sum[SEEN + 9] += seen * followed;
    sum[SEEN + 10] += seen * followed * d;
}

static inline void add_growth(double *sum, double d, double seen, double growth)
{
    double mass = d * d * growth;
    sum[3] += 1.0;
    sum[5] += mass;
    sum[6] += growth;
    sum[SEEN + 3] += seen;
    sum[SEEN + 5] += seen * mass;
    sum[SEEN + 6] += seen * growth;
}

void simulate(uint32_t seed, long n_patients, const int64_t *patients, const int64_t *n_follicles, const double *start,
              const double *shaft_mean, const double *shaft_sd, const double *terminal_growth, const Process *p,
              const double *anagen_clock, const double *reentry_clock, const double *target, const double *smoothed,
              const double *untreated, const double *thickening, long n_classes, long n_points, const double *visits,
              long n_visits, double shed_window, const double *thresholds, const double *detection, long n_detection,
              double *out)
{
    long last = n_points - 1;
    for (long q = 0; q < n_patients; q++) {
        uint32_t key = (uint32_t)patients[q];
        const double *rest_clock = reentry_clock + q * n_points, *thick = thickening + q * n_points;
        double *sums = out + q * n_visits * SUMS, rate = terminal_growth[q];
        double at_visits[n_classes * n_visits], thick_at_visits[n_visits];
        for (long v = 0; v < n_visits; v++) {
            thick_at_visits[v] = value_at(thick, last, 1.0, visits[v]);
            for (long k = 0; k < n_classes; k++)
                at_visits[k * n_visits + v] = value_at(smoothed + (q * n_classes + k) * n_points, last,
                                                       untreated[q * n_classes + k], visits[v]);
        }
        for (long f = 0; f < n_follicles[q]; f++) {
            Words w = philox(f, 0, START, seed, key), x = philox(f, 1, START, seed, key);
            long k = (long)(uniform(w.a) * n_classes);
            const double *clock = anagen_clock + (q * n_classes + k) * n_points;
            const double *goals = target + (q * n_classes + k) * n_points;
            const double *smooth = smoothed + (q * n_classes + k) * n_points;
            double rest = untreated[q * n_classes + k], c = 1.0;
            double d_max = fmax(1.0, shaft_mean[q] + shaft_sd[q] * normal(uniform(w.b)));

            /* stationary start: the phase by its share of the mean cycle, its age by length-biased sampling */
            double anagen_mean = p->anagen_maximum + p->anagen_floor, rest_mean = p->catagen_duration + p->reentry_mean;
            int phase = uniform(w.c) * (anagen_mean + rest_mean) < anagen_mean ? ANAGEN : RESTING;
            double z = normal(uniform(x.a)), u = uniform(x.b), duration, t0, fall;
            double exogen = p->exogen_mean * log_normal(normal(uniform(x.c)), p->exogen_sigma);
            if (phase == ANAGEN) {
                double s = p->anagen_sigma, side = u * anagen_mean < p->anagen_maximum ? 0.5 : -0.5;
                duration = p->anagen_maximum * exp(s * z + side * s * s) + p->anagen_floor;
                t0 = start[q] - uniform(w.d) * duration;
                fall = t0 + exogen - reentry(c, normal(uniform(x.d)), p);
            } else {
                double s = p->reentry_sigma, side = u * rest_mean < p->reentry_mean ? 0.5 : -0.5;
                duration = p->reentry_mean * exp(s * z + side * s * s);
                t0 = start[q] - uniform(w.d) * (duration + p->catagen_duration);
                fall = t0 + p->catagen_duration + exogen;
            }
            double recovery = 1.0, t_calibre = start[q], shows = t0 + emergence(d_max * c, rate, p), club = d_max * c;
            uint32_t cycle = 0;
            int held = fall >= t0, followed = 0;
            long v = 0, first_shed = 0;
            w = philox(f, 0, CYCLE, seed, key);

            for (;;) {
                double end, gap = c;
                if (phase == ANAGEN) {
                    end = t0 + duration;
                    if (end > 0.0) end = phase_end(clock, last, t0, duration);
                    gap = c - value_at(smooth, last, rest, t_calibre);
                    fall = fmin(fall, fmin(shows, end));
                } else {
                    end = t0 + p->catagen_duration + duration;
                    if (end > 0.0) end = phase_end(rest_clock, last, t0 + p->catagen_duration, duration);
                }
                if (end > 0.0) {
                    double until = fmin(fall, end), seen = held ? seen_at(detection, n_detection, club) : 0.0;
                    if (held) {
                        if (v == 0 && visits[0] < until) followed = club >= thresholds[0];
                        for (; v < n_visits && visits[v] < until; v++)
                            add_hair(sums + v * SUMS, club, seen, followed, thresholds);
                    }
                    if (phase == ANAGEN) {
                        while (v < n_visits && visits[v] < shows && visits[v] < end) v++;
                        for (long first = v; v < n_visits && visits[v] < end; v++) {
                            double t = visits[v], *sum = sums + v * SUMS;
                            double c_now = at_visits[k * n_visits + v] + exp(-p->calibre_rate * (t - t_calibre)) * gap;
                            double d = d_max * thick_at_visits[v] * c_now, found = seen_at(detection, n_detection, d);
                            if (first == 0 && v == 0) followed = d >= thresholds[0];
                            add_hair(sum, d, found, followed, thresholds);
                            add_growth(sum, d, found, growth_of(d, rate, p));
                        }
                    }
                    while (v < n_visits && visits[v] < end) v++;
                    if (held && (phase == ANAGEN || fall < end)) {
                        while (first_shed < n_visits && visits[first_shed] < fall) first_shed++;
                        for (long i = first_shed; i < n_visits && visits[i] - shed_window < fall; i++) {
                            sums[i * SUMS + 7] += 1.0;
                            sums[i * SUMS + SEEN + 7] += seen;
                        }
                    }
                    if (v >= n_visits) break;
                }
                if (phase == ANAGEN) {
                    c = value_at(smooth, last, rest, end) + exp(-p->calibre_rate * (end - t_calibre)) * gap;
                    club = d_max * (c * value_at(thick, last, 1.0, end));
                    held = end >= shows;
                    w = philox(f, ++cycle, CYCLE, seed, key);
                    phase = RESTING;
                    exogen = p->exogen_mean * log_normal(normal(uniform(w.a)), p->exogen_sigma);
                    fall = end + p->catagen_duration + exogen;
                    duration = reentry(c, normal(uniform(w.b)), p);
                } else {
                    if (fall < end) held = 0;
                    phase = ANAGEN;
                    recovery *= exp(-p->recovery_loss * fmax(0.0, 1.0 - c / p->recovery_calibre) * (end - t_calibre));
                    t_calibre = end;
                    double step = p->calibre_step * (fmin(recovery, value_at(goals, last, rest, end)) - c);
                    c += step + p->calibre_step_noise * c * normal(uniform(w.d));
                    c = fmin(1.0, fmax(p->calibre_minimum, c));
                    shows = end + emergence(d_max * c, rate, p);
                    double sigma = p->anagen_sigma;
                    z = normal(uniform(w.c));
                    duration = p->anagen_maximum
                               * exp(p->anagen_calibre_exponent * log(c) + sigma * z - 0.5 * sigma * sigma)
                               + p->anagen_floor;
                }
                t0 = end;
            }
        }
    }
}
