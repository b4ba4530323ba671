// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/service_connection.h"

#include <QFrame>

#include <functional>

class QLabel;
class QToolButton;
class QVBoxLayout;

namespace sotto::app {

class FittedScroll;

/// A few settings of the service behind a heading that opens and closes. Each shows what is in
/// force; where the administrator's file decides, or this person may not, it says so.
class SettingFold : public QFrame {
    Q_OBJECT

public:
    /// Takes over what is in force.
    void refresh();
    /// Of what opens, in device-independent pixels; beyond, it scrolls.
    void setTallest(int height);
    void close();

signals:
    void opened();

protected:
    /// Its parts are named after name: "connection" gives connectionGroup, connectionToggle,
    /// connectionBody.
    SettingFold(const QString& name, const QString& title, const QString& hint,
                ServiceConnection& connection, QWidget* parent);

    struct Option {
        QString name;  ///< of its button
        QString value; ///< of the setting
        QString text;
        QString trade; ///< what it gives and costs
    };

    /// A setting that is true or false. failure: a sentence, where the service refuses a change.
    void addBox(const QString& name, const QString& key, const QString& title, const QString& trade,
                const QString& failure);
    /// One of a few values.
    void addOptions(const QString& name, const QString& key, const QString& title,
                    const QList<Option>& options, const QString& failure);

private:
    struct Shown {
        QString key; ///< of the setting
        std::function<void(const QJsonValue&)> show;
        QList<QWidget*> controls;
        QLabel* fixed = nullptr; ///< why it cannot be changed
    };

    QVBoxLayout* addBlock(const QString& name);
    void setOpen(bool open);
    QString whyFixed(const std::optional<protocol::Setting>& setting) const;

    ServiceConnection& m_connection;
    QToolButton* m_head;
    FittedScroll* m_body;
    QVBoxLayout* m_blocks;
    QLabel* m_password;
    QList<Shown> m_shown;
};

} // namespace sotto::app
