#!/usr/bin/env python3
"""Asks every sample call with the client that the AWS CLI holds, and says where an answer is not what it should be.

usage: ask_with_aws_cli.py CALLS SERVING REFUSING DENYING THROTTLING ACCESS_KEY SECRET_KEY

CALLS is what sample_calls.py prints, the next four are addresses of sandboxes. Must run under the Python that has
awscli. Exit status 1 and one line a difference; 0 and a count where there is none."""
import datetime
import json
import sys

import awscli.botocore.config
import awscli.botocore.session

DENIALS = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation")
THROTTLINGS = ("Throttling", "ThrottlingException", "TooManyRequestsException", "RequestLimitExceeded", "SlowDown")


def plain(value):
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items() if k != "ResponseMetadata" and plain(v) not in ([], {})}
    return [plain(v) for v in value] if isinstance(value, list) else value


def difference(found, wanted, path=""):
    """Where two values differ first; nothing where they do not."""
    if isinstance(found, dict) and isinstance(wanted, dict):
        inner = [difference(found.get(k), wanted.get(k), f"{path}.{k}") for k in sorted({*found, *wanted})]
    elif isinstance(found, list) and isinstance(wanted, list) and len(found) == len(wanted):
        inner = [difference(f, w, f"{path}[{i}]") for i, (f, w) in enumerate(zip(found, wanted))]
    else:
        return "" if found == wanted else f"{path} is {json.dumps(found)} instead of {json.dumps(wanted)}"
    return next(filter(None, inner), "")


def at(value, path):
    for part in path.split("."):
        value = value.get(part, {})
    return value


def next_page(page, answer):
    """What the next page is asked with; nothing after the last one."""
    tokens = page.get("place") or [page]
    return {token["in"]: at(answer, token["out"]) for token in tokens if at(answer, token["out"])}


class Asker:
    def __init__(self, access_key, secret_key):
        self.session = awscli.botocore.session.Session()
        self.keys = {"aws_access_key_id": access_key, "aws_secret_access_key": secret_key}
        self.config = awscli.botocore.config.Config(retries={"max_attempts": 1})
        self.clients = {}
        self.differences = []

    def ask(self, address, call, given):
        key = (address, call["service"])
        if key not in self.clients:
            self.clients[key] = self.session.create_client(
                call["service"], region_name="us-east-1", endpoint_url=address, config=self.config, **self.keys)
        # pylint: disable=protected-access  # by its API's name, without the mapping to snake case
        return plain(self.clients[key]._make_api_call(call["operation"], given))

    def differ(self, call, what):
        self.differences.append(f"{call['service']} {call['operation']}: {what}")

    def check_answer(self, address, call):
        answer = self.ask(address, call, call["input"])
        answer.pop(call.get("page", {}).get("more"), None)
        wrong = difference(answer, call["output"])
        if call["service"] != "sts" and wrong:
            self.differ(call, wrong)

    def check_pages(self, address, call):
        page = call.get("page")
        if not page or not page["limit"]:
            return
        found, token = [], {}
        while True:
            answer = self.ask(address, call, {**call["input"], page["limit"]: page["size"], **token})
            found.append(at(answer, page["lists"][0]))
            token = next_page(page, answer)
            if not token:
                break
        whole = at(call["output"], page["lists"][0])
        wrong = difference(found, [whole[i : i + page["items"]] for i in range(0, len(whole), page["items"])])
        if wrong:
            self.differ(call, f"page{wrong}")

    def check_refusal(self, address, call, codes):
        try:
            self.ask(address, call, call["input"])
            self.differ(call, f"answered, though {codes[0]} was to come")
        except self.clients[address, call["service"]].exceptions.ClientError as error:
            code = error.response["Error"]["Code"]
            if code not in codes or not error.response["Error"].get("Message"):
                self.differ(call, f"refused with {error.response['Error']} instead of {codes}")


def main():
    if len(sys.argv) != 8:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf8") as file:
        calls = json.load(file)
    serving, refusing, denying, throttling = sys.argv[2:6]
    asker = Asker(*sys.argv[6:8])
    for call in calls:
        try:
            asker.check_answer(serving, call)
            asker.check_pages(serving, call)
            if "error" in call and call["service"] != "sts":
                asker.check_refusal(refusing, call, (call["error"]["code"],))
            asker.check_refusal(denying, call, DENIALS)
            asker.check_refusal(throttling, call, THROTTLINGS)
        except Exception as error:  # pylint: disable=broad-except  # whatever the client stumbles over is a finding
            asker.differ(call, f"{type(error).__name__}: {error}")
    print("\n".join(asker.differences) or f"{len(calls)} operations agree")
    sys.exit(1 if asker.differences else 0)


if __name__ == "__main__":
    main()
