# SPDX-License-Identifier: MIT
"""From the facts of a case to its expected.json: the rules of the design, section 2, written a second time.

It never reads a report: facts come from the scenario (what the host said) and from the case (what this server prints).
"""
from scenarios import SCENARIOS

# id: group, type, class if none is stated, subject.detail codes that may be reported (the first is the default)
REASONS = {
    "no-such-user": ("recipient", "hard", 5, "1.1,1.4"), "no-such-domain": ("recipient", "hard", 5, "1.2,4.4"),
    "bad-address": ("recipient", "hard", 5, "1.3,1.4"), "mailbox-moved": ("recipient", "hard", 5, "1.6,7.17"),
    "mailbox-disabled": ("recipient", "hard", 5, "2.1,7.13"), "mailbox-full": ("recipient", "soft", 5, "2.2"),
    "recipient-refused": ("recipient", "soft", 5, "7.1,7.2,2.4"), "no-mail-service": ("recipient", "hard", 5, "1.10,3.2"),
    "message-too-large": ("message", "soft", 5, "3.4,2.3"),
    "content-rejected": ("message", "soft", 5, "6.0,6.1,6.2,6.3,6.5,6.6,6.7,6.8,6.9,6.10"),
    "noncompliant": ("message", "soft", 5, "6.0"), "spam": ("message", "soft", 5, "7.1,7.0"),
    "virus": ("message", "soft", 5, "7.1,7.0"), "relay-denied": ("sender", "soft", 5, "7.1"),
    "auth-failure": ("sender", "soft", 5, "7.26,7.20,7.21,7.22,7.23,7.24,7.27,7.29,7.1"),
    "auth-required": ("sender", "soft", 5, "7.0,7.8,7.9,7.11,7.12,7.13"), "ip-blocked": ("sender", "soft", 5, "7.1,7.0"),
    "bad-reputation": ("sender", "soft", 5, "7.1,7.0"), "ptr-missing": ("sender", "soft", 5, "7.25,7.1"),
    "sender-rejected": ("sender", "soft", 5, "1.8,1.7,7.1,7.27"),
    "policy": ("sender", "soft", 5, "7.1,7.0,7.2,7.3,7.5,7.6,7.7,7.14,7.15,7.16,7.18,7.19"),
    "tls-required": ("sender", "soft", 5, "7.10,7.30,7.4,7.5,7.11,7.0"),
    "rate-limited": ("sender", "soft", 4, "7.0,7.1,7.28,2.1,4.5,3.2"), "too-many-connections": ("sender", "soft", 4, "7.0,3.2,4.5"),
    "greylisted": ("sender", "soft", 4, "7.1,2.0,7.0"), "system-full": ("system", "soft", 4, "3.1"),
    "system-error": ("system", "soft", 4, "3.0,3.5,3.2,3.3"), "mailer-error": ("system", "soft", 4, "3.0"),
    "network-error": ("network", "soft", 4, "4.1,4.2,4.0,4.4,4.5"), "dns-error": ("network", "soft", 4, "4.3,4.4"),
    "routing-loop": ("network", "soft", 5, "4.6"), "expired": ("network", "soft", 4, "4.7"),
    "protocol-error": ("network", "soft", 5, "5.0,5.1,5.2,5.4,5.5,5.6"), "unknown": ("other", "soft", 4, "0.0"),
    "delivered": ("other", "none", None, "0.0"),
}


def verdict(address, reason, *, action="failed", stated=None, code=None, command=None, by=None, mta=None, cause=None,
            group=None, original=None, loose=()):
    """One object of "recipients". loose: keys that the design does not decide in this case, which are left out."""
    home, kind, default, codes = REASONS[reason]
    if action != "failed":
        permanent = False
    elif code:
        permanent = code >= 500
    elif stated and (not stated.endswith(".0.0") or reason == "unknown"):
        permanent = stated[0] == "5"
    else:
        permanent = default == 5
    if stated and (stated[2:] in codes.split(",") or reason == "unknown"):
        status = stated
    elif kind == "none":
        status, loose = None, (*loose, "status")
    else:
        status = ("5." if permanent else "4.") + codes.split(",")[0]
    out = {"address": address}
    if original:
        out["original_recipient"] = original
    out |= {"action": action, "type": "hard" if kind == "hard" and permanent else "none" if kind == "none" else "soft",
            "reason": reason, "group": group or home, "cause": cause, "permanent": permanent, "decided_by": by,
            "status": status, "stated_status": stated, "reply_code": code, "command": command, "remote_mta": mta}
    return {k: v for k, v in out.items() if k not in loose}


def refused(address, **more):
    """The label for a recipient at a scripted host; more: what this server prints differently."""
    s = SCENARIOS[address.rpartition("@")[2]]
    facts = {"stated": s["enhanced"], "code": s["code"], "command": s["command"], "mta": "mx." + s["domain"]} | more
    if facts.get("action", "failed") == "failed":
        facts.setdefault("by", "remote" if (s["code"] or 0) >= 500 else "reporter")
    return verdict(address, facts.pop("reason", s["reason"]), **facts)


def nowhere(address, stated, **more):
    """The label for a recipient whose host was never reached: nothing was said, the reporting server decided."""
    return refused(address, **({"stated": stated, "code": None, "command": None, "mta": None, "by": "reporter"} | more))


def expired(address, **more):
    """The label if the report says in words, or with X.4.7, that the time ran out, and shows the last reply."""
    s = SCENARIOS[address.rpartition("@")[2]]
    return refused(address, **({"reason": "expired", "cause": s["reason"], "by": "reporter"} | more))
