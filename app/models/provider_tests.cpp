// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/provider_tests.h"

namespace sotto::app {

ProviderTests::ProviderTests(ServiceConnection& connection, QObject* parent)
    : QObject(parent)
    , m_connection(connection) {
    connect(&connection, &ServiceConnection::testStarted, this,
            [this](const QString& target, const protocol::ProviderTest& test) {
                if (const auto run = m_runs.find(target); run != m_runs.end()) {
                    run->test = test;
                    emit changed(target);
                }
            });
    connect(&connection, &ServiceConnection::testRefused, this,
            [this](const QString& target, const QString& reason) {
                if (const auto run = m_runs.find(target); run != m_runs.end()) {
                    run->running = false;
                    run->refusal = reason;
                    emit changed(target);
                }
            });
    connect(&connection, &ServiceConnection::testProgress, this,
            [this](const protocol::ProviderTestReport& report) {
                for (auto it = m_runs.begin(); it != m_runs.end(); ++it) {
                    if (!it->running || it->test.test != report.test)
                        continue;
                    it->report = report;
                    it->running = !report.finished;
                    emit changed(it.key());
                    return;
                }
            });
    connect(&connection, &ServiceConnection::linkChanged, this, [this] {
        const QStringList targets = m_runs.keys();
        m_runs.clear();
        for (const QString& target : targets)
            emit changed(target);
    });
}

void ProviderTests::begin(const QString& target) {
    ProviderTestRun& run = m_runs[target];
    if (run.running)
        return;
    run = {};
    run.running = true;
    run.at = QDateTime::currentDateTime();
    emit changed(target);
    m_connection.testProvider(target);
}

const ProviderTestRun* ProviderTests::run(const QString& target) const {
    const auto found = m_runs.constFind(target);
    return found == m_runs.cend() ? nullptr : &*found;
}

} // namespace sotto::app
