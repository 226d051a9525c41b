"""Reads exports of the record with other people's libraries. check.py FORMAT FILE; ends with 1 and what is wrong."""

import csv
import json
import sys


def ocsf(text):
    """Against the published schema 1.8.0, with the profiles that the event names."""
    from jsonschema import Draft202012Validator
    from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema

    published = OcsfJsonSchemaEmbedded(get_ocsf_schema("1.8.0"))
    validators = {}
    count = 0
    for line in text.splitlines():
        event = json.loads(line)
        profiles = tuple(event["metadata"]["profiles"])
        name = published.lookup_class_name_from_uid(event["class_uid"])
        if (name, profiles) not in validators:
            validators[name, profiles] = Draft202012Validator(published.get_class_schema(name, list(profiles)))
        for error in validators[name, profiles].iter_errors(event):
            yield f"{list(error.path)}: {error.message[:200]}"
        assert event["type_uid"] == event["class_uid"] * 100 + event["activity_id"]
        count += 1
    print(count)


def otel(text):
    """As the request of OTLP that it is: names that the protocol does not have are refused."""
    from google.protobuf.json_format import Parse
    from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest

    count = 0
    for line in text.splitlines():
        request = Parse(line, ExportLogsServiceRequest(), ignore_unknown_fields=False)
        for resource in request.resource_logs:
            for scope in resource.scope_logs:
                for record in scope.log_records:
                    if not record.time_unix_nano or not record.body.string_value:
                        yield f"a record without a time or a body: {record}"
                    count += 1
    print(count)


def table(text):
    rows = list(csv.reader(text.splitlines(keepends=True), strict=True))
    for row in rows:
        if len(row) != len(rows[0]):
            yield f"a row of {len(row)} cells"
        if any(cell.lstrip()[:1] in ("=", "+", "-", "@") and cell.lstrip()[:1] for cell in row):
            yield f"a formula: {row}"
    print(len(rows) - 1)


def cef(text):
    """By pycef, which knows nothing of ours: no field is there that nobody wrote, and labels lead to their values."""
    import pycef

    header = {"CEFVersion", "DeviceVendor", "DeviceProduct", "DeviceVersion", "DeviceEventClassID", "Name", "DeviceName",
              "Severity", "DeviceSeverity"}
    ours = {"rt", "externalId", "cat", "act", "suser", "destinationServiceName", "agent", "session", "tool", "rule",
            "subject", "resources", "index", "reason", "msg"}
    count = 0
    for line in text.splitlines():
        event = pycef.parse(line)
        if event is None:
            yield f"it cannot be parsed: {line[:200]}"
            continue
        for key in set(event) - header - ours:
            yield f"a field that nobody wrote: {key}={event[key]}"
        if (event["CEFVersion"], event["DeviceVendor"]) != ("0", "Reeve") or not 0 <= int(event["Severity"]) <= 10:
            yield f"a head of another kind: {line[:200]}"
        if not event.get("externalId") or not event.get("rt", "").isdigit() or not event.get("index", "").isdigit():
            yield f"no id, time or number: {line[:200]}"
        if event["DeviceEventClassID"].startswith("action:") and not (event.get("agent") and event.get("tool")):
            yield f"an action of nobody: {line[:200]}"
        count += 1
    print(count)


def main():
    kind, file = sys.argv[1:]
    with open(file, encoding="utf-8", newline="") as opened:
        text = opened.read()
    wrong = list({"ocsf": ocsf, "otel": otel, "csv": table, "cef": cef}[kind](text))
    for line in wrong[:20]:
        print(line, file=sys.stderr)
    sys.exit(1 if wrong else 0)


main()
