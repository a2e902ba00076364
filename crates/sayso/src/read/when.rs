//! Dates, times, durations and sets: TIMEX3 values with interval and precision.
