// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "program_run.h"

#include <QProcess>
#include <QTemporaryDir>

namespace sotto::test {

/// A real sottod with a state directory, a settings file and a socket of its own. Ends with the
/// object.
class ServiceProcess {
public:
    ServiceProcess();
    ~ServiceProcess();

    QString path(const QString& name) const { return m_dir.filePath(name); }
    QString configPath() const { return path("sotto.toml"); }
    QString socketPath() const { return path("s"); }
    /// Where a lease keeper is looked for; nobody is there unless a test puts one.
    QString leaseSocketPath() const { return path("lease"); }
    QString stateFile(const QString& name) const { return path("state/" + name); }

    /// Writes the settings file, with a source address added that keeps it on this computer.
    void writeConfig(const QByteArray& text) const;
    static void write(const QString& file, const QByteArray& text);
    static QByteArray contentOf(const QString& file);

    QStringList arguments() const;
    /// Adds a variable to its environment.
    void setVariable(const QString& name, const QString& value);
    /// Starts it and waits until it answers; false where it ends instead.
    bool start();
    /// Only starts it.
    void begin();
    /// Runs it where it is expected to refuse to start.
    ProgramRun runToEnd() const;
    qint64 processId() const { return m_process.processId(); }
    void signal(int number) const;
    /// Waits for its end; ProgramRun::kCrashed where that was no ordinary one.
    int waitForEnd();
    /// Asks it to end, and waits.
    int stop();
    bool isRunning() const { return m_process.state() == QProcess::Running; }
    /// Waits for a text on standard error.
    bool waitForErrors(const QByteArray& text);
    const QByteArray& errors() const { return m_errors; }

private:
    QTemporaryDir m_dir;
    QProcess m_process;
    QByteArray m_errors;
};

} // namespace sotto::test
