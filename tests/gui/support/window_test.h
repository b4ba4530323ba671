// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/stand_in_service.h"
#include "support/window_harness.h"

#include <memory>

namespace sotto::test {

/// A test of the window with a stand-in for the service: each of its functions has both to itself.
class WindowTest : public QObject {
    Q_OBJECT

protected:
    /// Before each function: makes the stand-in what the test is about.
    virtual void arrange() = 0;
    /// Shows the window, once the stand-in serves it.
    void openConnected();

    std::unique_ptr<WindowHarness> m_app;
    std::unique_ptr<StandInService> m_service; ///< does not serve yet

protected slots:
    void init();
    void cleanup();
};

} // namespace sotto::test
