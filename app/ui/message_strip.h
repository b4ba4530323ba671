// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/labels.h"

#include <QFrame>
#include <QStringList>

class QToolButton;
class QVBoxLayout;

namespace sotto::app {

/// One message in the window that can be put away. Plain text.
class MessageStrip : public QFrame {
    Q_OBJECT

public:
    enum class Kind { Problem, Notice, Done };

    MessageStrip(Kind kind, const QString& objectName, const QString& text, QWidget* parent);

    QString text() const { return m_text->text(); }

signals:
    void dismissed();

protected:
    void changeEvent(QEvent* event) override;

private:
    QLabel* m_text;
    QToolButton* m_close;
};

/// The messages above the pages: what went wrong last, what was done last, and the service's
/// notices. A notice that was put away stays away until the service stops giving it.
class MessageArea : public QWidget {
    Q_OBJECT

public:
    explicit MessageArea(QWidget* parent);

    void showProblem(const QString& text);
    void showDone(const QString& text);
    void setNotices(const QStringList& notices);
    void clear();

private:
    void replace(MessageStrip*& place, MessageStrip::Kind kind, const QString& name,
                 const QString& text);
    void showNotices();

    QVBoxLayout* m_layout;
    MessageStrip* m_problem = nullptr;
    MessageStrip* m_done = nullptr;
    QList<MessageStrip*> m_strips;
    QStringList m_notices;
    QStringList m_putAway;
};

} // namespace sotto::app
