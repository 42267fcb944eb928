// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/studydrawing.h"
#include "app/studyheader.h"
#include "app/studyview.h"
#include "widgets/plot/cellpicker.h"

#include <QByteArray>
#include <QWidget>

#include <memory>
#include <optional>
#include <vector>

class QComboBox;
class QLabel;
class QPushButton;
class QSplitter;
class QStackedLayout;

namespace brink {

class ElidedLabel;
class FigurePane;
class PairGallery;
class Segmented;
class StudyDesk;

/// Whose adversarial images fool whom: the heatmap, and the images behind the cells that are picked in it.
class TransferWorkspace : public QWidget {
    Q_OBJECT
public:
    explicit TransferWorkspace(const StudyActions& actions, QWidget* parent = nullptr);

    /// Heading, choices and the images behind the cells. The gallery keeps its place while the same pairs stay.
    void showDesk(const StudyDesk& desk);
    void showDrawing(const TransferDrawing& drawing);
    /// What is in sight.
    [[nodiscard]] const TransferDrawing& drawing() const { return m_drawing; }
    [[nodiscard]] FigurePane* pane() const { return m_pane; }
    [[nodiscard]] CellPicker* cells() const { return m_cells; }
    [[nodiscard]] PairGallery* gallery() const { return m_gallery; }
    /// The pair in a place of the gallery.
    [[nodiscard]] const TransferPair& pair(int row) const { return m_pairs->pairs[std::size_t(row)]; }
    [[nodiscard]] QString headline() const;
    [[nodiscard]] QByteArray splits() const;
    void setSplits(const QByteArray& splits);

Q_SIGNALS:
    void viewEdited(const brink::StudyView& view);
    void cellsPicked(const brink::CellSelection& cells, bool isSecond);
    /// The original image shall be seen in Inspect, under the target or under the source.
    void pairOpened(const brink::TransferPair& pair, bool onSource);
    void readoutChanged(const QString& text);
    void exportRequested(const std::string& figure);
    void copyRequested(const std::string& figure);

private:
    QWidget* makeMap();
    QWidget* makeSide();
    QWidget* makePairTools();
    void addPairActions();
    void connectCells();
    void edit(const StudyView& view);
    void pickModel(int model);
    void showChoices(const StudyDesk& desk);
    void showPicked();
    void showPairs(const StudyDesk& desk);
    void showHint(const std::optional<CellPlace>& cell);
    [[nodiscard]] CellSelection modelsIn(const CellBlock& block) const;

    StudyView m_view;
    TransferDrawing m_drawing;
    CellSelection m_first, m_second;
    std::shared_ptr<const StudyResults> m_pairResults; ///< that m_pairs was made from
    std::optional<PairQuery> m_pairQuery;
    std::shared_ptr<const PairList> m_pairs;
    QStackedLayout* m_stack;
    StudyHeader* m_header;
    QSplitter* m_columns = nullptr;
    QComboBox* m_analysis = nullptr;
    Segmented* m_rule = nullptr;
    Segmented* m_order = nullptr;
    FigurePane* m_pane = nullptr;
    CellPicker* m_cells = nullptr;
    ElidedLabel* m_summary = nullptr;
    QLabel* m_title = nullptr;
    ElidedLabel* m_headline = nullptr;
    QComboBox* m_sort = nullptr;
    QComboBox* m_filter = nullptr;
    QPushButton* m_contrast = nullptr;
    PairGallery* m_gallery = nullptr;
};

} // namespace brink
