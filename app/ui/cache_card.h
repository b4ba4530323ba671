// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/service_connection.h"

#include <QFrame>

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace sotto::app {

class FillBar;

/// The cache: how full it is, and ways to make it forget.
class CacheCard : public QFrame {
    Q_OBJECT

public:
    CacheCard(ServiceConnection& connection, QWidget* parent);

    void take(const protocol::Statistics& statistics);
    /// The connection has changed: nothing is known of the cache, and other things may be allowed.
    void reset();

signals:
    /// Something was done, in a sentence.
    void done(const QString& text);

private:
    QWidget* makeForms();
    void enableForget();
    void forget();
    void tell(const QString& name, bool subtree, qint64 removed);

    ServiceConnection& m_connection;
    FillBar* m_fill = nullptr;
    QLabel* m_fillText = nullptr;
    QLabel* m_evictions = nullptr;
    QLineEdit* m_name = nullptr;
    QCheckBox* m_subtree = nullptr;
    QPushButton* m_flushName = nullptr;
    QPushButton* m_flushAll = nullptr;
};

} // namespace sotto::app
