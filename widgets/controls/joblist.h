// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <optional>

class QVBoxLayout;

namespace brink {

/// One job as the list shows it.
struct JobRow {
    enum class State { Waiting, Running, Done, Stopped, Failed };
    quint64 id = 0;
    QString title;
    State state = State::Waiting;
    std::optional<double> fraction; ///< [0,1]; absent: not known yet
    QString detail;                 ///< "62 % · 1,480 gradients/s · 0:42 left"
    QString error;                  ///< Failed only, one sentence
    bool canRunAgain = false;       ///< Failed or Stopped only
    bool operator==(const JobRow&) const = default;
};

/// Seconds as "0:42" or "1:02:03".
[[nodiscard]] QString durationText(double seconds);

class JobRowWidget;

/// Rows with progress, what is left, a stop button, and the error of a failed one with the way to run it again. Newest on top.
class JobList : public QWidget {
    Q_OBJECT
public:
    /// What stands beside the first row is as high.
    static constexpr int rowHeight = 28;

    explicit JobList(QWidget* parent = nullptr);

    void setRows(const QList<JobRow>& rows);
    [[nodiscard]] QList<JobRow> rows() const { return m_rows; }

Q_SIGNALS:
    void stopRequested(quint64 id);
    void dismissRequested(quint64 id);
    void runAgainRequested(quint64 id);
    void countChanged(int rows);

private:
    QList<JobRow> m_rows;
    QList<JobRowWidget*> m_widgets;
    QVBoxLayout* m_layout;
    QWidget* m_empty;
};

} // namespace brink
