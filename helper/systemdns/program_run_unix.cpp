// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/program_run.h"

#include <QFile>
#include <QProcess>

#include <chrono>
#include <unistd.h>

namespace sotto::systemdns {

namespace {

using namespace std::chrono_literals;

/// Both resolvconfs wait up to 10 s for their lock.
constexpr auto kPatience = std::chrono::milliseconds(12s);
constexpr int kNotStarted = 127;

/// The last line that it said, which is where programs put the reason.
QString lastLine(const QByteArray& output) {
    const QStringList lines =
        QString::fromUtf8(output).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    return lines.isEmpty() ? QString() : lines.last().simplified().left(200);
}

} // namespace

ProgramEnd runProgram(const QString& root, const QString& program, const QStringList& arguments,
                      const QByteArray& input) {
    QProcess process;
    QProcessEnvironment environment;
    environment.insert(QStringLiteral("PATH"), QStringLiteral("/usr/sbin:/usr/bin:/sbin:/bin"));
    environment.insert(QStringLiteral("LC_ALL"), QStringLiteral("C"));
    process.setProcessEnvironment(environment);
    process.setWorkingDirectory(QStringLiteral("/"));
    if (!root.isEmpty()) {
        const QByteArray path = QFile::encodeName(root);
        process.setChildProcessModifier([path] {
            if (::chroot(path.constData()) != 0 || ::chdir("/") != 0)
                ::_exit(kNotStarted);
        });
    }
    process.setStandardOutputFile(QProcess::nullDevice());
    process.start(program, arguments);
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(static_cast<int>(kPatience.count()))) {
        if (process.error() == QProcess::FailedToStart)
            return {false, QStringLiteral("it cannot be run: %1").arg(process.errorString())};
        process.kill();
        process.waitForFinished();
        return {false, QStringLiteral("it did not end within %1 seconds")
                           .arg(std::chrono::seconds(kPatience / 1s).count())};
    }
    if (process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0)
        return {true, {}};
    const QString said = lastLine(process.readAllStandardError());
    return {false, said.isEmpty()
                       ? QStringLiteral("it ended with status %1").arg(process.exitCode())
                       : QStringLiteral("it says: %1").arg(said)};
}

} // namespace sotto::systemdns
