/* The event-driven follicle process of src/anagen/follicles/kernel.py, follicle by follicle, in plain C.

   The same draws at the same addresses (Philox 4x32-10), the same tables, the same sums; exp and log come from the C
   library. Counts agree with the kernel exactly and other sums up to rounding. No twins, hazards, sites or replicates. */

#include <math.h>
#include <stdint.h>

enum { ANAGEN, RESTING, KENOGEN };
enum { START = 1, CYCLE = 2, GATE = 3 };
enum { SUMS = 16, SEEN = 8 };
#define NEVER 1.0e18

/* Fields in the order of ProcessConstants. */
typedef struct {
    double anagen_maximum, anagen_calibre_exponent, anagen_floor, catagen_duration, telogen_mean, telogen_sigma,
        kenogen_mean, kenogen_base, kenogen_slope, kenogen_limit, duration_sigma, calibre_hill, calibre_step,
        calibre_step_noise, calibre_rate, calibre_minimum, gate_calibre, gate_probability, androgen_on_anagen,
        emergence_lag, emergence_length, vellus_growth_rate, vellus_diameter, terminal_growth_diameter;
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

void simulate(uint32_t seed, long n_patients, const int64_t *patients, const int64_t *n_follicles, const double *start,
              const double *shaft_mean, const double *shaft_sd, const double *terminal_growth, const Process *p,
              const double *anagen_clock, const double *resting_clock, const double *target, const double *smoothed,
              const double *untreated, long n_classes, long n_points, const double *visits, long n_visits,
              double shed_window, const double *thresholds, const double *detection, long n_detection, double *out)
{
    long last = n_points - 1;
    double sigma = p->duration_sigma, per_um = 1.0 / (p->terminal_growth_diameter - p->vellus_diameter);
    for (long q = 0; q < n_patients; q++) {
        uint32_t key = (uint32_t)patients[q];
        const double *rest_clock = resting_clock + q * n_points;
        double *sums = out + q * n_visits * SUMS, growth_range = terminal_growth[q] - p->vellus_growth_rate;
        double at_visits[n_classes * n_visits];
        for (long k = 0; k < n_classes; k++)
            for (long v = 0; v < n_visits; v++)
                at_visits[k * n_visits + v] = value_at(smoothed + (q * n_classes + k) * n_points, last,
                                                       untreated[q * n_classes + k], visits[v]);
        for (long f = 0; f < n_follicles[q]; f++) {
            Words w = philox(f, 0, START, seed, key), x = philox(f, 1, START, seed, key);
            long k = (long)(uniform(w.a) * n_classes);
            const double *clock = anagen_clock + (q * n_classes + k) * n_points;
            const double *goals = target + (q * n_classes + k) * n_points;
            const double *smooth = smoothed + (q * n_classes + k) * n_points;
            double rest = untreated[q * n_classes + k], c = 1.0;
            double d_max = fmax(1.0, shaft_mean[q] + shaft_sd[q] * normal(uniform(w.b)));

            /* stationary start: the phase by its share of the mean cycle, its age by length-biased sampling */
            double anagen_mean = p->anagen_maximum + p->anagen_floor, rest_mean = p->catagen_duration + p->telogen_mean;
            double chance = fmin(p->kenogen_limit, p->kenogen_base + p->kenogen_slope * (1.0 - c));
            double place = uniform(w.c) * (anagen_mean + rest_mean + chance * p->kenogen_mean);
            double z = normal(uniform(x.a)), u = uniform(x.b), duration, whole;
            int phase;
            if (place < anagen_mean) {
                double side = u * anagen_mean < p->anagen_maximum ? 0.5 : -0.5;
                phase = ANAGEN;
                whole = duration = p->anagen_maximum * exp(sigma * z + side * sigma * sigma) + p->anagen_floor;
            } else if (place < anagen_mean + rest_mean) {
                double s = p->telogen_sigma, side = u * rest_mean < p->telogen_mean ? 0.5 : -0.5;
                phase = RESTING;
                duration = p->telogen_mean * exp(s * z + side * s * s);
                whole = duration + p->catagen_duration;
            } else {
                phase = KENOGEN;
                whole = duration = p->kenogen_mean * exp(sigma * z + 0.5 * sigma * sigma);
            }
            double t0 = start[q] - uniform(w.d) * whole, t_calibre = start[q];
            uint32_t cycle = 0;
            int gate_open = 1, shown = 1;
            long v = 0, first_shed = 0;
            w = philox(f, 0, CYCLE, seed, key);

            for (;;) {
                double end, gap = c;
                if (phase == ANAGEN) {
                    end = t0 + duration;
                    if (end > 0.0) end = phase_end(clock, last, t0, duration);
                    gap = c - value_at(smooth, last, rest, t_calibre);
                } else {
                    double running = t0 + (phase == RESTING ? p->catagen_duration : 0.0);
                    end = running + duration;
                    if (end > 0.0) end = phase_end(rest_clock, last, running, duration);
                }
                if (end > 0.0) {
                    long begin = v;
                    while (v < n_visits && visits[v] < end) v++;
                    if (phase == ANAGEN) {
                        for (long i = begin; i < v; i++) {
                            double t = visits[i], *sum = sums + i * SUMS;
                            double d = d_max * (at_visits[k * n_visits + i] + exp(-p->calibre_rate * (t - t_calibre)) * gap);
                            double growth = p->vellus_growth_rate
                                            + growth_range * fmin(1.0, fmax(0.0, (d - p->vellus_diameter) * per_um));
                            if ((t - t0 - p->emergence_lag) * growth < p->emergence_length) continue;
                            double seen = seen_at(detection, n_detection, d), mass = d * d * growth;
                            double nonvellus = d >= thresholds[0], terminal = d >= thresholds[1];
                            sum[0] += 1.0;
                            sum[1] += nonvellus;
                            sum[2] += terminal;
                            sum[3] += 1.0;
                            sum[4] += d;
                            sum[5] += mass;
                            sum[6] += growth;
                            sum[SEEN] += seen;
                            sum[SEEN + 1] += seen * nonvellus;
                            sum[SEEN + 2] += seen * terminal;
                            sum[SEEN + 3] += seen;
                            sum[SEEN + 4] += seen * d;
                            sum[SEEN + 5] += seen * mass;
                            sum[SEEN + 6] += seen * growth;
                        }
                    } else if (phase == RESTING && shown) {
                        double d = d_max * c, seen = seen_at(detection, n_detection, d);
                        double nonvellus = d >= thresholds[0], terminal = d >= thresholds[1];
                        for (long i = begin; i < v; i++) {
                            double *sum = sums + i * SUMS;
                            sum[0] += 1.0;
                            sum[1] += nonvellus;
                            sum[2] += terminal;
                            sum[4] += d;
                            sum[SEEN] += seen;
                            sum[SEEN + 1] += seen * nonvellus;
                            sum[SEEN + 2] += seen * terminal;
                            sum[SEEN + 4] += seen * d;
                        }
                    }
                    if (v >= n_visits) break;
                }
                if (phase == ANAGEN) {
                    c = value_at(smooth, last, rest, end) + exp(-p->calibre_rate * (end - t_calibre)) * gap;
                    double share = fmin(1.0, fmax(0.0, (d_max * c - p->vellus_diameter) * per_um));
                    double growth = p->vellus_growth_rate + growth_range * share;
                    shown = (end - t0 - p->emergence_lag) * growth >= p->emergence_length;
                    w = philox(f, ++cycle, CYCLE, seed, key);
                    phase = RESTING;
                    duration = p->telogen_mean * log_normal(normal(uniform(w.a)), p->telogen_sigma);
                } else {
                    if (phase == RESTING && shown && end > 0.0) {
                        double seen = seen_at(detection, n_detection, d_max * c);
                        while (first_shed < n_visits && visits[first_shed] < end) first_shed++;
                        for (long i = first_shed; i < n_visits && visits[i] - shed_window < end; i++) {
                            sums[i * SUMS + 7] += 1.0;
                            sums[i * SUMS + SEEN + 7] += seen;
                        }
                    }
                    chance = fmin(p->kenogen_limit, p->kenogen_base + p->kenogen_slope * (1.0 - c));
                    u = uniform(w.b);
                    if (phase == RESTING && u < chance) {
                        phase = KENOGEN;
                        duration = p->kenogen_mean * log_normal(normal(u / chance), sigma);
                    } else {
                        phase = ANAGEN;
                        t_calibre = end;
                        if (c < p->gate_calibre && uniform(philox(f, cycle, GATE, seed, key).a) < p->gate_probability)
                            gate_open = 0;
                        double step = p->calibre_step * (value_at(goals, last, rest, end) - c);
                        if (step > 0.0 && !gate_open) step = 0.0;
                        c += step + p->calibre_step_noise * c * normal(uniform(w.d));
                        c = fmin(1.0, fmax(p->calibre_minimum, c));
                        z = normal(uniform(w.c));
                        duration = p->anagen_maximum
                                   * exp(p->anagen_calibre_exponent * log(c) + sigma * z - 0.5 * sigma * sigma)
                                   + p->anagen_floor;
                    }
                }
                t0 = end;
            }
        }
    }
}
