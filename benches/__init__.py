"""Benchmarks: ratios against peers in the same run; absolute figures of one machine mean little."""
