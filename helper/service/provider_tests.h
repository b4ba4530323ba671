// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/forwarder.h"
#include "service/refusal.h"
#include "service/test_subject.h"

#include <QHash>

#include <functional>
#include <variant>

namespace sotto::service {

/// The tests of providers that are under way: few at a time, for each makes several connections to
/// a stranger.
///
/// Thread: main.
class ProviderTests {
public:
    static constexpr qsizetype kMost = 4;
    static constexpr qsizetype kMostOfOneUser = 2;

    using Progress = std::function<void(const protocol::ProviderTestReport&)>;

    explicit ProviderTests(Forwarder& forwarder);

    /// progress runs later on, the last time with a finished report; not at all where it is
    /// refused.
    [[nodiscard]] std::variant<protocol::ProviderTest, Refusal>
    begin(const TestSubject& subject, quint32 user, Progress progress);

private:
    Forwarder& m_forwarder;
    QHash<qint64, quint32> m_users; ///< by the numbers of the tests that run
    qint64 m_lastTest = 0;
};

} // namespace sotto::service
