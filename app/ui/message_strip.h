// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/labels.h"

#include <QFrame>
#include <QStringList>

class QAbstractButton;
class QVBoxLayout;

namespace sotto::app {

/// One message in the window that can be put away; what waits, by giving it up. Plain text.
class MessageStrip : public QFrame {
    Q_OBJECT

public:
    enum class Kind { Problem, Notice, Done, Waiting };

    MessageStrip(Kind kind, const QString& objectName, const QString& text, QWidget* parent);

    QString text() const { return m_text->text(); }

signals:
    void dismissed();

protected:
    void changeEvent(QEvent* event) override;

private:
    void tint();

    Kind m_kind;
    QLabel* m_text;
    QAbstractButton* m_close;
};

/// The messages above the pages: what waits for a password, what went wrong last, what was done
/// last, and the service's notices. A notice that was put away stays away until the service stops
/// giving it.
class MessageArea : public QWidget {
    Q_OBJECT

public:
    explicit MessageArea(QWidget* parent);

    void showProblem(const QString& text);
    void showDone(const QString& text);
    void setNotices(const QStringList& notices);
    /// Whether the system asks for a password; stays when the rest is cleared.
    void setWaiting(bool waiting);
    void clear();

signals:
    void stopWaiting();

private:
    void showIfAny();
    void replace(MessageStrip*& place, MessageStrip::Kind kind, const QString& name,
                 const QString& text);
    void showNotices();

    QVBoxLayout* m_layout;
    MessageStrip* m_problem = nullptr;
    MessageStrip* m_done = nullptr;
    MessageStrip* m_waiting = nullptr;
    QList<MessageStrip*> m_strips;
    QStringList m_notices;
    QStringList m_putAway;
};

} // namespace sotto::app
