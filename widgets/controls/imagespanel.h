// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QAction;
class QComboBox;
class QLabel;
class QToolButton;

namespace brink {

class ThumbnailList;

enum class ImageFilter { All, Right, Wrong, OfClass };
enum class ImageSort { Index, SmallestMargin, LargestMargin, LeastConfident, MostConfident };

/// Which images of a set are shown, and in which order.
struct ImageQuery {
    ImageFilter filter = ImageFilter::All;
    int classIndex = -1; ///< of OfClass
    ImageSort sort = ImageSort::Index;
    bool operator==(const ImageQuery&) const = default;
};

/// The Images dock: thumbnails with a filter, an order, and how many are shown.
class ImagesPanel : public QWidget {
    Q_OBJECT
public:
    explicit ImagesPanel(QWidget* parent = nullptr);

    [[nodiscard]] ThumbnailList* list() const { return m_list; }
    /// Classes to filter by. @param hasLabels without labels nothing is right or wrong. Emits nothing.
    void setClasses(const QStringList& names, bool hasLabels);
    /// Emits nothing.
    void setQuery(const ImageQuery& query);
    [[nodiscard]] const ImageQuery& query() const { return m_query; }
    /// "23 of 100". @param note what is still missing, may be empty.
    void setCounts(int shown, int total, const QString& note);
    [[nodiscard]] QString countText() const;
    /// Buttons for these stand beside the count.
    void setSteps(QAction* previousWrong, QAction* nextWrong);

Q_SIGNALS:
    void queryEdited(const brink::ImageQuery& query);

protected:
    void changeEvent(QEvent* event) override;

private:
    void buildBar();
    void publish();
    void retint();
    QToolButton* makeStep(QAction* action);

    ImageQuery m_query;
    QStringList m_classes;
    bool m_hasLabels = true;
    QWidget* m_bar;
    QComboBox* m_filter;
    QComboBox* m_sort;
    QLabel* m_count;
    QToolButton* m_previous = nullptr;
    QToolButton* m_next = nullptr;
    ThumbnailList* m_list;
};

} // namespace brink
