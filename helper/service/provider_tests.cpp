// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/provider_tests.h"

#include "service/engine_report.h"

#include <algorithm>

namespace sotto::service {

ProviderTests::ProviderTests(Forwarder& forwarder)
    : m_forwarder(forwarder) {}

std::variant<protocol::ProviderTest, Refusal>
ProviderTests::begin(const TestSubject& subject, quint32 user, Progress progress) {
    if (std::ranges::count(m_users, user) >= kMostOfOneUser)
        return Refusal{protocol::Rejected,
                       QStringLiteral("%1 tests of this user run already; try again when one has "
                                      "ended")
                           .arg(kMostOfOneUser)};
    if (m_users.size() >= kMost)
        return Refusal{
            protocol::Rejected,
            QStringLiteral("%1 tests run already; try again when one has ended").arg(kMost)};
    const qint64 test = ++m_lastTest;
    const auto begun = m_forwarder.test(
        subject.config,
        [this, test, progress = std::move(progress)](const engine::UpstreamTestReport& report) {
            if (report.finished)
                m_users.remove(test);
            progress(testReport(report, test));
        });
    if (!begun)
        return Refusal{protocol::Rejected, QString::fromStdString(begun.error().message())};
    m_users.insert(test, user);
    return protocol::ProviderTest{test,
                                  QString::fromStdString(subject.config.label),
                                  QString::fromStdString(subject.config.toString()),
                                  subject.provider,
                                  m_forwarder.filteredTestName(),
                                  subject.claims};
}

} // namespace sotto::service
