// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/window_test.h"

namespace sotto::test {

void WindowTest::openConnected() {
    QVERIFY(m_service->start());
    m_app->open();
    QTRY_VERIFY(m_app->connection().isReady());
}

void WindowTest::init() {
    m_app = std::make_unique<WindowHarness>();
    m_service = std::make_unique<StandInService>(m_app->socketPath());
    arrange();
}

void WindowTest::cleanup() {
    m_app.reset();
    m_service.reset();
}

} // namespace sotto::test
