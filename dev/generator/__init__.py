"""Makes Allegory exports of any size from a seed, for the demo and benchmarks."""
