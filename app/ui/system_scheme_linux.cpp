// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/system_scheme.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#include <QGuiApplication>
#include <QPalette>

/// Qt 6.4 does not tell applications about the colour scheme of GNOME and other desktops without
/// a palette of their own. The desktop portal does: org.freedesktop.portal.Settings, group
/// org.freedesktop.appearance, key color-scheme (0 no preference, 1 dark, 2 light).
namespace sotto::app {

namespace {

const QString kService = QStringLiteral("org.freedesktop.portal.Desktop");
const QString kPath = QStringLiteral("/org/freedesktop/portal/desktop");
const QString kInterface = QStringLiteral("org.freedesktop.portal.Settings");
const QString kGroup = QStringLiteral("org.freedesktop.appearance");
const QString kKey = QStringLiteral("color-scheme");

void take(SystemScheme& scheme, const QVariant& value) {
    QVariant content = value; // Read() wraps its variant once more
    while (content.canConvert<QDBusVariant>())
        content = content.value<QDBusVariant>().variant();
    bool isNumber = false;
    const uint preference = content.toUInt(&isNumber);
    if (isNumber && preference != 0)
        scheme.setDark(preference == 1);
}

/// Hears the portal's changes.
class PortalListener : public QObject {
    Q_OBJECT

public:
    explicit PortalListener(SystemScheme& scheme)
        : QObject(&scheme)
        , m_scheme(scheme) {
        QDBusConnection::sessionBus().connect(
            kService, kPath, kInterface, QStringLiteral("SettingChanged"), {kGroup, kKey},
            QStringLiteral("ssv"), this, SLOT(changed(QDBusMessage)));
    }

public slots:
    /// The whole message, because Qt 6.4 refuses slots that take a QDBusVariant.
    void changed(const QDBusMessage& message) { take(m_scheme, message.arguments().value(2)); }

private:
    SystemScheme& m_scheme;
};

} // namespace

SystemScheme::SystemScheme(QObject* parent)
    : QObject(parent)
    , m_dark(
          QGuiApplication::palette().color(QPalette::Window).lightness() <
              QGuiApplication::palette().color(QPalette::WindowText).lightness() ||
          qEnvironmentVariable("GTK_THEME").endsWith(QLatin1String("dark"), Qt::CaseInsensitive)) {
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return;
    new PortalListener(*this);
    QDBusMessage read =
        QDBusMessage::createMethodCall(kService, kPath, kInterface, QStringLiteral("Read"));
    read.setArguments({kGroup, kKey});
    auto* watcher = new QDBusPendingCallWatcher(bus.asyncCall(read), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher] {
        const QDBusPendingReply<QDBusVariant> reply = *watcher;
        if (reply.isValid())
            take(*this, reply.value().variant());
        watcher->deleteLater();
    });
}

} // namespace sotto::app

#include "system_scheme_linux.moc"
