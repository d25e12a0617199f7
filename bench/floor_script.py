"""A stand-in for the vendor's sample script: sign, send one PATCH, end.

``python floor_script.py BASE_URL GROUP_ID MODE OWNER API_KEY`` (page "Integration API samples").
"""

import base64
import hashlib
import hmac
import json
import sys
import time
import zlib

import requests


def signed(owner: str, api_key: str) -> dict[str, str]:
    """The parameters ``msg`` and ``sig`` for a request that is sent now."""
    message = json.dumps({"_owner": owner, "_timestamp": int(time.time())})
    msg = base64.b64encode(zlib.compress(message.encode(), 9)).decode()
    sig = hmac.new(api_key.encode(), msg.encode(), hashlib.sha256).hexdigest()
    return {"msg": msg, "sig": sig}


def main() -> None:
    """Do it."""
    base_url, group_id, mode, owner, api_key = sys.argv[1:]
    answer = requests.patch(
        f"{base_url}/api/v4/failover-groups/{group_id}",
        params=signed(owner, api_key),
        json={"mode": mode},
        timeout=10,
    )
    answer.raise_for_status()


if __name__ == "__main__":
    main()
