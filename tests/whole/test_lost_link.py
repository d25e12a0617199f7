"""A Socket Mode link that no new one helps: the process ends in order, for whoever restarts it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from sandbox.bot_process import ROOT
from sandbox.rig import POLICY
from sandbox.slack.sample import AUDIT, sample_world
from sandbox.slack.server import APP_TOKEN, BOT_TOKEN, SlackSimulator

IMPATIENT = """\
import sys
import handlers.link
handlers.link.LOST_SECONDS = handlers.link.RETRY_SECONDS = handlers.link.LOOK_SECONDS = 0.5
import bot
sys.exit(bot.main([]))
"""


def test_the_process_ends_in_order_and_says_that_it_failed(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text(POLICY)
    with SlackSimulator(sample_world()) as slack:
        slack.hub.accepting = False
        done = subprocess.run(
            [sys.executable, "-c", IMPATIENT],
            cwd=tmp_path,
            env={
                "PYTHONPATH": str(ROOT),
                "SLACK_BOT_TOKEN": BOT_TOKEN,
                "SLACK_APP_TOKEN": APP_TOKEN,
                "SLACK_API_URL": slack.api_url,
                "UPLYNK_OWNER": "owner",
                "UPLYNK_API_KEY": "key",
                "UPLYNK_BASE_URL": "http://127.0.0.1:9",
                "FAILOVER_CHANNEL": AUDIT,
                "HOST": "127.0.0.1",
                "PORT": "0",
            },
            capture_output=True,
            text=True,
            timeout=50,
        )
    assert done.returncode == 1
    assert done.stderr.count("giving up") == 1
    assert "stopping" in done.stderr
    assert "work was left" not in done.stderr
    assert "Traceback" not in done.stderr
