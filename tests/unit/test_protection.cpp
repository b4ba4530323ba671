// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/protection.h"

#include <QTest>

using namespace sotto::service;
using sotto::engine::UpstreamStatus;
using sotto::protocol::Protection;

namespace sotto::test {

namespace {

UpstreamStatus upstream(UpstreamStatus::State state, const char* tlsVersion = "",
                        const char* lastError = "") {
    UpstreamStatus status;
    status.state = state;
    status.tlsVersion = tlsVersion;
    status.lastError = lastError;
    return status;
}

using State = UpstreamStatus::State;

} // namespace

class TestProtection : public QObject {
    Q_OBJECT

private slots:
    void states() {
        const auto idle = upstream(State::Idle);
        const auto connecting = upstream(State::Connecting);
        const auto ready = upstream(State::Ready, "TLSv1.3");
        const auto failing = upstream(State::Failing, "", "connection refused");
        const auto rested = upstream(State::Idle, "TLSv1.3");
        const auto failedBefore = upstream(State::Connecting, "TLSv1.2", "timed out");

        QCOMPARE(protectionOf(false, {ready}), Protection::Off);
        QCOMPARE(protectionOf(false, {failing}), Protection::Off);
        QCOMPARE(protectionOf(true, {}), Protection::Starting);
        QCOMPARE(protectionOf(true, {idle, connecting}), Protection::Starting);
        QCOMPARE(protectionOf(true, {idle, ready}), Protection::Protected);
        QCOMPARE(protectionOf(true, {failing, ready}), Protection::Protected);
        QCOMPARE(protectionOf(true, {rested}), Protection::Protected);
        QCOMPARE(protectionOf(true, {failing, failing}), Protection::Trouble);
        QCOMPARE(protectionOf(true, {failing, failedBefore}), Protection::Trouble);
        QCOMPARE(protectionOf(true, {failing, idle}), Protection::Starting);
        auto ofRoute = ready;
        ofRoute.route = 0;
        QCOMPARE(protectionOf(true, {failing, ofRoute}), Protection::Trouble);
        QCOMPARE(protectionOf(true, {idle, ofRoute}), Protection::Starting);
        QCOMPARE(protectionOf(true, {ofRoute}), Protection::Trouble); // all other names fail
        ofRoute.state = State::Failing;
        QCOMPARE(protectionOf(true, {ready, ofRoute}), Protection::Protected);
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestProtection)
#include "test_protection.moc"
