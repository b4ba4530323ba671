// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/provider_test.h"

namespace sotto::cli {

/// A test of a provider as text: each claim beside what was measured, then the times and what else
/// was found; where nothing was measured, only what it is. Printable. nowMillis: Unix time. Pure.
QString testReportText(const protocol::ProviderTest& test,
                       const protocol::ProviderTestReport& report, qint64 nowMillis);

/// What to do about a test that failed, by how far it came and why.
QString testAdvice(const protocol::ProviderTestReport& report);

/// How far a test has come, in a few words: "TCP 10 ms, TLS 12 ms".
QString testProgressText(const protocol::ProviderTestReport& report);

} // namespace sotto::cli
