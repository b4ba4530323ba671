// SPDX-License-Identifier: GPL-3.0-or-later
#include "service_process.h"

#include <QDeadlineTimer>
#include <QFile>

#include <csignal>

namespace sotto::test {

namespace {

constexpr int kWaitMillis = 10000;

} // namespace

ServiceProcess::ServiceProcess() {
    writeConfig("listen = [\"127.0.0.1:0\"]\n");
}

void ServiceProcess::writeConfig(const QByteArray& text) const {
    // From a loopback address nothing leads to the shipped providers. It stands behind what the
    // test wrote, whose line numbers stay, but ahead of tables.
    const QByteArray atHome = "\nforward.source_address = [\"127.0.0.1\", \"::1\"]\n";
    const qsizetype table = text.indexOf("\n[");
    write(configPath(), QByteArray(text).insert(table < 0 ? text.size() : table, atHome));
}

ServiceProcess::~ServiceProcess() {
    if (isRunning())
        stop();
}

void ServiceProcess::write(const QString& file, const QByteArray& text) {
    QFile target(file);
    if (!target.open(QIODevice::WriteOnly) || target.write(text) != text.size())
        qFatal("cannot write %s", qPrintable(file));
}

QByteArray ServiceProcess::contentOf(const QString& file) {
    QFile source(file);
    return source.open(QIODevice::ReadOnly) ? source.readAll() : QByteArray();
}

QStringList ServiceProcess::arguments() const {
    return {"--config", configPath(), "--state-dir",    path("state"),
            "--socket", socketPath(), "--lease-socket", leaseSocketPath()};
}

void ServiceProcess::setVariable(const QString& name, const QString& value) {
    QProcessEnvironment environment = m_process.processEnvironment();
    if (environment.isEmpty())
        environment = QProcessEnvironment::systemEnvironment();
    environment.insert(name, value);
    m_process.setProcessEnvironment(environment);
}

void ServiceProcess::begin() {
    m_errors.clear();
    m_process.start(SOTTO_SOTTOD, arguments());
}

bool ServiceProcess::start() {
    begin();
    return waitForErrors("answers on");
}

ProgramRun ServiceProcess::runToEnd() const {
    return ProgramRun::of(SOTTO_SOTTOD, arguments());
}

void ServiceProcess::signal(int number) const {
    ::kill(static_cast<pid_t>(m_process.processId()), number);
}

int ServiceProcess::waitForEnd() {
    const bool ended =
        m_process.state() == QProcess::NotRunning || m_process.waitForFinished(kWaitMillis);
    m_errors += m_process.readAllStandardError();
    if (!ended) {
        m_process.kill();
        m_process.waitForFinished();
    }
    return ended && m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode()
                                                                   : ProgramRun::kCrashed;
}

int ServiceProcess::stop() {
    signal(SIGTERM);
    return waitForEnd();
}

bool ServiceProcess::waitForErrors(const QByteArray& text) {
    m_process.setReadChannel(QProcess::StandardError);
    const QDeadlineTimer deadline(kWaitMillis);
    while (!m_errors.contains(text)) {
        if (m_process.bytesAvailable() == 0 &&
            !m_process.waitForReadyRead(static_cast<int>(deadline.remainingTime())))
            return false;
        m_errors += m_process.readAllStandardError();
    }
    return true;
}

} // namespace sotto::test
