"""What the answers say: rows in, numbers out.

Knows the plan and the events; knows nothing of minds, prompts, files or how results look.
"""

import os

# Products of many small blocks: on a busy machine, threads that wait for each other made a comparison of 1,000 people
# up to four times as slow as one thread (tests/benchmarks/compare.py). numpy reads this once, when it is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
