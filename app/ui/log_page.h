// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/preferences.h"
#include "core/service_connection.h"
#include "models/log_model.h"
#include "ui/page.h"

#include <QTimer>

class QComboBox;
class QLabel;
class QPushButton;
class QTableView;

namespace sotto::app {

class AskFirst;
class QueryDetail;
class SearchField;

/// The live query log. Subscribed only while it is on the screen; coming back it catches up from
/// what the service kept. Names are shown as they are, never as markup.
class LogPage : public Page {
    Q_OBJECT

public:
    LogPage(ServiceConnection& connection, Preferences& preferences, QWidget* parent);

    bool focusSearch() override;
    bool isSettled() const override;

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget* makeHead();
    QWidget* makeFilters();
    QWidget* makeTable();
    /// Gives each column the room for its header and its usual texts.
    void fitColumns();
    /// byPerson: where the system asks for a password first, it may do so.
    void subscribe(bool wanted, bool byPerson = false);
    void showAccess();
    void linkChanged();
    void refilter();
    void setFollow(bool follow);
    void keepPlace();
    void showCounts();
    void showDetail();
    void copyRows();
    void tint();

    ServiceConnection& m_connection;
    Preferences& m_preferences;
    LogModel m_model;
    bool m_subscribed = false;
    bool m_received = false;
    bool m_follow = true;
    bool m_ownScroll = false; ///< the table moves without the person
    QString m_unavailable;
    QTimer m_searchDelay;

    QPushButton* m_pause = nullptr;
    QPushButton* m_followButton = nullptr;
    QPushButton* m_copy = nullptr;
    QPushButton* m_clear = nullptr;
    SearchField* m_search = nullptr;
    QComboBox* m_source = nullptr;
    QComboBox* m_result = nullptr;
    QTableView* m_table = nullptr;
    AskFirst* m_askFirst = nullptr;
    QLabel* m_empty = nullptr;
    QLabel* m_counts = nullptr;
    QueryDetail* m_detail = nullptr;
};

} // namespace sotto::app
