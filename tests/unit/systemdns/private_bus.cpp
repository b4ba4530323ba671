// SPDX-License-Identifier: GPL-3.0-or-later
#include "private_bus.h"

#include <QFile>
#include <QStandardPaths>

#include <csignal>
#include <sys/prctl.h>

namespace sotto::test {

namespace {

constexpr int kPatienceMs = 10000;

const QString kConfiguration = QStringLiteral(R"(<!DOCTYPE busconfig PUBLIC
 "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=%1/bus</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
)");

} // namespace

PrivateBus::PrivateBus() {
    const QString program = QStandardPaths::findExecutable(QStringLiteral("dbus-daemon"));
    if (program.isEmpty()) {
        m_fault = QStringLiteral("dbus-daemon is not installed");
        return;
    }
    const QString path = m_folder.filePath(QStringLiteral("bus.conf"));
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) ||
        file.write(kConfiguration.arg(m_folder.path()).toUtf8()) < 0) {
        m_fault = file.errorString();
        return;
    }
    file.close();
    m_daemon.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    // A test that is killed leaves nobody behind.
    m_daemon.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGTERM); });
    m_daemon.start(program, {QStringLiteral("--config-file=%1").arg(path),
                             QStringLiteral("--nofork"), QStringLiteral("--print-address")});
    while (!m_daemon.canReadLine()) {
        if (!m_daemon.waitForReadyRead(kPatienceMs)) {
            m_fault = QStringLiteral("dbus-daemon does not start: %1").arg(m_daemon.errorString());
            return;
        }
    }
    m_address = QString::fromLatin1(m_daemon.readLine()).trimmed();
}

PrivateBus::~PrivateBus() {
    m_daemon.terminate();
    m_daemon.waitForFinished();
}

} // namespace sotto::test
