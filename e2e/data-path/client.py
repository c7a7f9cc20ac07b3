"""Kafka as its clients see it: reads one question a line (JSON), answers one line. Run by the bench's Python.

Arguments: the listener with passwords, the listener whose callers may do everything (or nothing), the registry's URL.
An account that has an authority logs in by TLS.
"""

import io
import json
import struct
import sys
import time
import urllib.request

import fastavro
from confluent_kafka import Consumer, ConsumerGroupTopicPartitions, Producer, TopicPartition
from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    NewTopic,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)

LISTENER, FREE_LISTENER, REGISTRY = sys.argv[1:]
# A broker that has just begun, beside others at work, takes its time.
SECONDS = 60
# Without that listener only accounts are asked for.
admin = AdminClient({"bootstrap.servers": FREE_LISTENER}) if FREE_LISTENER else None


def login(account):
    authority = account.get("authority")
    return {
        "bootstrap.servers": LISTENER,
        "security.protocol": "SASL_SSL" if authority else "SASL_PLAINTEXT",
        **({"ssl.ca.location": authority} if authority else {}),
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.username": account["name"],
        "sasl.password": account["password"],
        "log_level": 0,
    }


def outcomes(futures):
    """Name → nothing, or what Kafka said."""
    said = {}
    for what, future in futures.items():
        try:
            future.result()
            said[what] = None
        except Exception as error:
            said[what] = error.args[0].name()
    return said


def operation(name):
    """Strimzi writes DescribeConfigs, Kafka's client DESCRIBE_CONFIGS."""
    return AclOperation["".join("_" + c if c.isupper() else c.upper() for c in name).strip("_")]


def binding(user, resource, one):
    kind = {"topic": ResourceType.TOPIC, "group": ResourceType.GROUP, "cluster": ResourceType.BROKER}[resource["type"]]
    form = {"literal": ResourcePatternType.LITERAL, "prefix": ResourcePatternType.PREFIXED}
    pattern = form[resource.get("patternType", "literal")]
    name = resource.get("name", "kafka-cluster")
    return AclBinding(kind, name, pattern, f"User:{user}", "*", operation(one), AclPermissionType.ALLOW)


def password(name, password):
    scram = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096)
    upsertion = UserScramCredentialUpsertion(name, scram, password.encode())
    for future in admin.alter_user_scram_credentials([upsertion]).values():
        future.result(SECONDS)


def account(name, acls):
    bindings = [binding(name, acl["resource"], one) for acl in acls for one in acl["operations"]]
    if not bindings:
        return 0
    for future in admin.create_acls(bindings).values():
        future.result(SECONDS)
    return len(bindings)


def topics(names, account, partitions=1, copies=1, config={}):
    client = AdminClient(login(account)) if account else admin
    new = [NewTopic(name, partitions, copies, config=config) for name in names]
    return outcomes(client.create_topics(new, request_timeout=SECONDS))


def remove(names):
    return outcomes(admin.delete_topics(names, request_timeout=SECONDS))


def register(subject, schema):
    request = urllib.request.Request(
        f"{REGISTRY}/subjects/{subject}/versions",
        json.dumps({"schema": json.dumps(schema)}).encode(),
        {"Content-Type": "application/vnd.schemaregistry.v1+json"},
    )
    return json.load(urllib.request.urlopen(request, timeout=SECONDS))["id"]


def encoded(schema, id, values):
    out = io.BytesIO()
    out.write(struct.pack(">bI", 0, id))
    fastavro.schemaless_writer(out, schema, values)
    return out.getvalue()


def number(type, value):
    """JSON has neither NaN nor long integers: they come as text."""
    if isinstance(value, list):
        return [number(type, one) for one in value]
    named = json.dumps(type)
    if isinstance(value, str) and ("float" in named or "double" in named):
        return float(value)
    return int(value) if isinstance(value, str) and "long" in named else value


def produce(account, batches):
    """Each batch: a topic with a schema and records, or with bytes in hexadecimal (nothing: a record without value)."""
    producer = Producer({**login(account), "acks": "all", "message.timeout.ms": SECONDS * 1000})
    said = []
    for batch in batches:
        values = [None if text is None else bytes.fromhex(text) for text in batch.get("hex", [])]
        if "schema" in batch:
            id = batch.get("id") or register(f"{batch['topic']}-value", batch["schema"])
            types = {field["name"]: field["type"] for field in batch["schema"]["fields"]}
            schema = fastavro.parse_schema(json.loads(json.dumps(batch["schema"])))
            for record in batch["records"]:
                values.append(encoded(schema, id, {k: number(types[k], v) for k, v in record.items()}))
        for value in values:
            producer.produce(
                batch["topic"], value, key=account["name"].encode(),
                on_delivery=lambda error, message: said.append(error.name() if error else None),
            )
    producer.flush(SECONDS + 5)
    return said


def read(account, group, topic, least=1):
    """How many records an account gets of a topic, once it has got so many and no more come, or why it does not."""
    said = []
    consumer = Consumer({
        **login(account), "group.id": group, "auto.offset.reset": "earliest", "enable.auto.commit": False,
        "error_cb": lambda error: said.append(error.name()),
    })
    consumer.subscribe([topic])
    records = 0
    try:
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            message = consumer.poll(0.5)
            if message is not None and message.error():
                return message.error().name()
            if message is None and (records >= least or said):
                break
            records += message is not None
        return records if records or not said else said[0]
    finally:
        consumer.close()


def unread(group):
    """Topic → records of it that the group has not committed, of the topics of which it has committed any."""
    question = [ConsumerGroupTopicPartitions(group)]
    (future,) = admin.list_consumer_group_offsets(question).values()
    left = {}
    client = Consumer({"bootstrap.servers": FREE_LISTENER, "group.id": "nobody"})
    for one in future.result(SECONDS).topic_partitions:
        _, end = client.get_watermark_offsets(TopicPartition(one.topic, one.partition), SECONDS)
        left[one.topic] = end - one.offset
    client.close()
    return left


def acls():
    anything = AclBindingFilter(
        ResourceType.ANY, None, ResourcePatternType.ANY, None, None, AclOperation.ANY, AclPermissionType.ANY
    )
    return len(admin.describe_acls(anything).result(SECONDS))


ANSWERS = {f.__name__: f for f in (password, account, topics, remove, register, produce, read, unread, acls)}
for line in sys.stdin:
    question = json.loads(line)
    try:
        answer = {"is": ANSWERS[question.pop("ask")](**question)}
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
