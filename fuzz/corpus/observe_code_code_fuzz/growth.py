seen = {}
def handler(event, context):
    rows = []
    for r in event["Records"]:
        rows.append(r)
        seen[r["id"]] = r
    return event["body"]["name"]
