// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

namespace sotto::app {

/// Whether the desktop is dark. Starts from the palette that the application was given; where the
/// desktop can be asked (see the file of the system), its answer and its later changes count.
///
/// Made before anything sets the application's palette. Thread: GUI; nothing blocks.
class SystemScheme : public QObject {
    Q_OBJECT

public:
    explicit SystemScheme(QObject* parent = nullptr);

    bool isDark() const { return m_dark; }

    void setDark(bool dark) {
        if (m_dark == dark)
            return;
        m_dark = dark;
        emit changed();
    }

signals:
    void changed();

private:
    bool m_dark;
};

} // namespace sotto::app
