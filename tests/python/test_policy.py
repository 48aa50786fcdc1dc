# SPDX-License-Identifier: MIT
"""States of addresses: how bounces and deliveries change them."""
import bounce
import pytest

NOW, DAY = 1796040000, 86400


def test_a_hard_bounce(report_mail):
    policy, state = bounce.Policy(), bounce.AddressState()
    event = bounce.PolicyEvent.of(bounce.parse(report_mail)[0], NOW)
    assert (event.happened, event.type, event.reason) == (
        bounce.Happened.BOUNCE, bounce.Type.HARD, bounce.Reason.NO_SUCH_USER)
    assert bounce.EventFlag.PERMANENT in event.flags and bounce.Reach.TENANT in policy.reach(event)
    decision = policy.apply(state, event)
    assert decision.changed and decision.to is bounce.State.SUPPRESSED is state.state and decision.why
    assert state.basis is bounce.Basis.HARD and state.cause is bounce.Reason.NO_SUCH_USER
    assert bounce.may_write(state, NOW + 999 * DAY) == (bounce.May.NEVER, 0)
    again = bounce.AddressState(text=state.text, state=state.state, basis=state.basis, cause=state.cause,
                                since=state.since, until=state.until, next=state.next)
    assert again.text == state.text and again.last_hard == state.last_hard != 0
    release = bounce.PolicyEvent(happened=bounce.Happened.RELEASE, because=bounce.Because.CONFIRMED, time=NOW + DAY)
    policy.apply(again, release)
    assert bounce.may_write(again, NOW + DAY).may is bounce.May.YES


def test_pauses_end():
    policy, state = bounce.Policy(), bounce.AddressState()
    full = bounce.PolicyEvent(happened=bounce.Happened.BOUNCE, type=bounce.Type.SOFT, reason=bounce.Reason.MAILBOX_FULL,
                              time=NOW, flags=bounce.EventFlag.PERMANENT)
    policy.apply(state, full)
    assert bounce.may_write(state, NOW).may is bounce.May.NOT_NOW and state.until > NOW
    assert bounce.may_write(state, state.until).may is bounce.May.YES
    policy.tick(state, state.until + 3650 * DAY)
    assert state.state in (bounce.State.FREE, bounce.State.DUE)
    replayed = bounce.AddressState()
    policy.replay(replayed, [full])
    assert replayed.until and replayed.cause is bounce.Reason.MAILBOX_FULL
    policy.replay(replayed, [])
    assert replayed.state is bounce.State.FREE


def test_domains():
    policy, state = bounce.Policy(), bounce.DomainState()
    gone = bounce.PolicyEvent(happened=bounce.Happened.BOUNCE, type=bounce.Type.HARD, time=NOW,
                              reason=bounce.Reason.NO_SUCH_DOMAIN, flags=bounce.EventFlag.PERMANENT)
    assert policy.reach(gone) == bounce.Reach.DOMAIN
    policy.apply(state, gone)
    assert state.first_dead == NOW and bounce.DomainState(text=state.text).first_dead == NOW
    policy.tick(state, NOW + DAY)
    policy.replay(state, [gone, gone], NOW)


def test_files(tmp_path):
    (tmp_path / "mine").write_text("soft-fade 365d\n")
    assert bounce.Policy(tmp_path / "mine").setting("soft-fade") == 365 * DAY != bounce.Policy().setting("soft-fade")
    assert bounce.Policy.from_text(bounce.Policy.default_text()).setting("no such setting") is None
    with pytest.raises(bounce.PolicyError) as caught:
        bounce.Policy.from_text("nonsense 1\nsoft-fade x\n", "mine")
    assert [(mistake.path, mistake.line) for mistake in caught.value.mistakes] == [("mine", 1), ("mine", 2)]
    with pytest.raises(bounce.FileError):
        bounce.Policy(tmp_path / "nowhere")


def test_guard_and_keys():
    quiet = bounce.Policy().guard(bounce.GuardCounts(question=bounce.GuardQuestion.REPORT, addresses=1))
    loud = bounce.Policy().guard(bounce.GuardCounts(question=bounce.GuardQuestion.REPORT, addresses=1000))
    assert not quiet.tripped and loud.tripped and loud.why
    assert bounce.address_key("Joe.Smith+x@Example.NET") == "joe.smith+x@example.net"
    assert bounce.domain_key("Example.NET") == "example.net"
    assert bounce.message_key("<a@b.example>") == bounce.message_key("a@b.example") != bounce.message_key(None) == 0
    for wrong in (lambda: bounce.address_key("nobody"), lambda: bounce.AddressState(text="nonsense"),
                  lambda: bounce.AddressState(no_such_member=1)):
        with pytest.raises((ValueError, AttributeError)):
            wrong()
