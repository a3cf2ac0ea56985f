"""Reads JSON lists of messages, one per line, and writes for each the ids Drain3 gives and the seconds it took."""
import json
import logging
import sys
import time

from drain3 import TemplateMiner

logging.disable(logging.CRITICAL)
for row in sys.stdin:
    messages = json.loads(row)
    miner = TemplateMiner()
    started = time.perf_counter()
    ids = [miner.add_log_message(message)["cluster_id"] for message in messages]
    seconds = time.perf_counter() - started
    print(json.dumps({"ids": ids, "seconds": seconds}), flush=True)
