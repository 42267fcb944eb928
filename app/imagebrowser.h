// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/imageorder.h"
#include "app/session.h"
#include "app/setpredictions.h"

#include <QObject>

#include <memory>
#include <optional>
#include <vector>

class QTimer;

namespace brink {

/// Which images of the set are shown in which order, and the way from one to the next.
class ImageBrowser : public QObject {
    Q_OBJECT
public:
    ImageBrowser(Session& session, SetPredictions& predictions, QObject* parent = nullptr);

    [[nodiscard]] const ImageQuery& query() const { return m_query; }
    void setQuery(const ImageQuery& query);
    /// Null: all images in the order of the set.
    [[nodiscard]] const std::shared_ptr<const std::vector<int>>& order() const { return m_order; }
    [[nodiscard]] int shown() const;
    [[nodiscard]] int total() const;
    /// Whether the images have true classes.
    [[nodiscard]] bool hasLabels() const;
    /// Of the classes to filter by: the model's, else those of the set, else numbers.
    [[nodiscard]] QStringList classNames() const;

    /// The image shown after (`step` 1) or before (-1) the current one; absent at the end.
    [[nodiscard]] std::optional<int> neighbour(int step) const;
    [[nodiscard]] std::optional<int> wrongNeighbour(int step) const;

Q_SIGNALS:
    void orderChanged();
    void queryChanged();

private:
    void follow();
    void openSet();
    void rebuild();
    [[nodiscard]] bool dependsOnPredictions() const;

    Session& m_session;
    SetPredictions& m_predictions;
    ImageQuery m_query;
    std::shared_ptr<const std::vector<int>> m_order;
    QTimer* m_timer;
};

} // namespace brink
